//! The usual texts for a missing value.

/// Texts that [`pandas.read_csv`](https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html) takes for one,
/// beside an empty cell; any other spelling of `nan` is one as well.
const PANDAS: [&str; 17] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
    "None", "n/a", "null", "NaN",
];

/// Further ones: other spellings of these, pandas' missing date, what databases export, and the errors of spreadsheets,
/// which `pandas.read_excel` reads as missing too; `#NV` and `#N/D` are `#N/A` in German and in Romance languages.
const OTHERS: [&str; 18] = [
    "n.a.", "N.A.", "Null", "<null>", "<NULL>", "(null)", "(NULL)", "[NULL]", "NaT", "\\N", "#DIV/0!", "#VALUE!",
    "#REF!", "#NAME?", "#NUM!", "#NULL!", "#NV", "#N/D",
];

/// True of a text that says that the value is missing.
pub(super) fn is_usual(cell: &str) -> bool {
    cell.len() <= 8 && (PANDAS.contains(&cell) || OTHERS.contains(&cell))
}
