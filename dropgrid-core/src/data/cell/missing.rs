//! The usual texts for a missing value.

/// What [`pandas.read_csv`](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html) takes for one, beside an
/// empty cell; any other spelling of `nan` is one as well.
const USUAL: [&str; 17] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
    "None", "n/a", "null", "NaN",
];

/// True of a text that says that the value is missing.
pub(super) fn is_usual(cell: &str) -> bool {
    cell.len() <= 8 && USUAL.contains(&cell)
}
