//! What is refused, and what each refusal says: the column, the cell's own text, its row and line, and what to write.

use dropgrid_core::{
    DataError, Error,
    data::{Binary, Classes, Csv, Dataset, Regression},
    error::CellFault,
};

use super::{refusal, table};

fn features(text: &str) -> String {
    refusal(table(text).without(["y"]).expect("a column").features())
}

fn labels(text: &str) -> String {
    refusal(table(text).dataset(Classes::<2>::in_column("y")))
}

#[test]
fn cells_that_are_not_numbers_say_which_setting_reads_them() {
    for (text, said) in [
        (
            "a;b;y\n1,5;2;0\n3,0;4;1\n",
            "column `a`: 2 cells are not numbers (row 1, line 2: `1,5`; row 2, line 3: `3,0`): write \
             `Csv::new().decimal_comma()`, or leave the column out with `Table::without([\"a\"])`",
        ),
        (
            "a;y\n1,250;0\n3;1\n",
            "column `a`: 1 cell is not a number (row 1, line 2: `1,250`): write `Csv::new().decimal_comma()` if the comma is \
             the decimal point, `.thousands(',')` if it parts thousands, or leave the column out with \
             `Table::without([\"a\"])`",
        ),
        (
            "a,y\n\"1,234,567\",0\n3,1\n",
            "column `a`: 1 cell is not a number (row 1, line 2: `1,234,567`): write `Csv::new().thousands(',')`, or leave \
             the column out with `Table::without([\"a\"])`",
        ),
        (
            "a,y\n12%,0\n30%,1\n",
            "column `a`: 2 cells are not numbers (row 1, line 2: `12%`; row 2, line 3: `30%`): write \
             `Csv::new().percent()`, which reads 12% as 0.12, or leave the column out with `Table::without([\"a\"])`",
        ),
        (
            "a,y\n3 kg,0\n4 kg,1\n",
            "column `a`: 2 cells are not numbers (row 1, line 2: `3 kg`; row 2, line 3: `4 kg`): write \
             `Csv::new().units([\"kg\"])`, or leave the column out with `Table::without([\"a\"])`",
        ),
        (
            "a,y\n1.0d5,0\n2,1\n",
            "column `a`: 1 cell is not a number (row 1, line 2: `1.0d5`): write it as 1.0e5, or leave the column out with \
             `Table::without([\"a\"])`",
        ),
        (
            "a,y\n0x10,0\n2,1\n",
            "column `a`: 1 cell is not a number (row 1, line 2: `0x10`): write it as 16, or leave the column out with \
             `Table::without([\"a\"])`",
        ),
        (
            "a,y\n?,0\n2,1\n",
            "column `a`: 1 cell is not a number (row 1, line 2: `?`): write `Csv::new().missing([\"?\"])` if that is a \
             missing value, or leave the column out with `Table::without([\"a\"])`",
        ),
        (
            "a,y\n\0\0,0\n2,1\n",
            "column `a`: 1 cell is not a number (row 1, line 2: `\\u{0}\\u{0}`): correct the cells, write \
             `Csv::new().missing([\"\\0\\0\"])` if that is a missing value, or leave the column out with \
             `Table::without([\"a\"])`",
        ),
    ] {
        assert_eq!(features(text), said, "{text:?}");
    }
    // As Germany, France, Switzerland and India write money, and typesetters a minus.
    for (cell, said) in [
        ("12,5 %", "write `Csv::new().decimal_comma().percent()`"),
        ("1.234,56 €", "write `Csv::new().units([\"€\"]).decimal_comma().thousands('.')`"),
        ("1 234,56", "write `Csv::new().decimal_comma().thousands(' ')`"),
        ("12\u{202f}345,00\u{a0}€", "write `Csv::new().units([\"€\"]).decimal_comma().thousands('\\u{202f}')`"),
        ("1'234.50", "write `Csv::new().thousands('\\'')`"),
        ("Rs 1,23,456.50", "write `Csv::new().units([\"Rs\"]).thousands(',')`"),
        ("<5", "correct the cells, write `Csv::new().missing([\"<5\"])` if that is a missing value"),
    ] {
        let said = format!("{said}, or leave the column out with `Table::without([\"a\"])`");
        assert!(features(&format!("a;y\n{cell};0\n2;1\n")).ends_with(&said), "{cell}");
    }
    assert_eq!(
        refusal(table("a,price\n1,\"$1,200\"\n2,1300\n").dataset(Regression::<1>::in_column("price"))),
        "column `price`: 1 cell is not a number (row 1, line 2: `$1,200`): write \
         `Csv::new().units([\"$\"]).thousands(',')`, or leave the column out with `Table::without([\"price\"])`"
    );
}

#[test]
fn what_is_no_number_at_all_is_told_with_what_to_write() {
    assert_eq!(
        features("a,city,y\n1,Oslo,0\n3,Bergen,1\n"),
        "column `city`: the cells are categories (row 1, line 2: `Oslo`; row 2, line 3: `Bergen`): networks take numbers: \
         make them categories with `Table::as_categories([\"city\"])` and prepare them by a field of the model, or leave the \
         column out with `Table::without([\"city\"])`"
    );
    assert_eq!(
        features("a,day,y\n1,2021-03-04,0\n3,2021-03-05,1\n"),
        "column `day`: the cells are dates (row 1, line 2: `2021-03-04`; row 2, line 3: `2021-03-05`): take the seconds \
         since 1970 with `Table::as_seconds([\"day\"])`, or leave the column out with `Table::without([\"day\"])`"
    );
    let codes = features("a,code,y\n1,A1,0\n3,B2,1\n1,C3,0\n");
    assert!(codes.starts_with("column `code`: the cells are categories (row 1, line 2: `A1`; "), "{codes}");
    let days = features("day,y\n31/12/2021,0\n01/02/2021,1\n");
    assert!(
        days.contains("): read dates with `Csv::new().dates(DateOrder::DayFirst)`, or `MonthFirst`, and "),
        "{days}"
    );
    let target = refusal(table("a,day\n1,2021-03-04\n").dataset(Regression::<1>::in_column("day")));
    assert!(target.ends_with("take the seconds since 1970 with `Table::as_seconds([\"day\"])`"), "{target}");
    assert_eq!(
        refusal(table("day\n2021-03-04\nsoon\n").as_seconds(["day"])),
        "column `day`: 1 cell is not a date (row 2, line 3: `soon`): write them as 2021-12-31 or 2021-12-31 23:59:59, or \
         read 31/12/2021 with `Csv::new().dates(DateOrder::DayFirst)`"
    );
    assert_eq!(
        features("a,y\n1,0\ninf,1\n"),
        "column `a`: 1 cell is not finite (row 2, line 3: `inf`): correct the cells, or write \
         `Csv::new().missing([\"inf\"])` if that is a missing value"
    );
    assert_eq!(features("a,y\n1,0\n1e300,1\n"), "row 2, column `a`: 1e300 is beyond ±3.4028235e38; scale the column");
}

/// Each of pandas' texts for a missing value, and the cell's own text in the message.
#[test]
fn missing_cells_are_refused_with_their_own_text() {
    for text in ["NA", "NaN", "nan", "NAN", "null", "None", "#N/A", "n/a", "<NA>"] {
        let said = format!(
            "column `b`: 1 cell is missing (row 1, line 2: `{text}`): fill in the cells, leave out the rows with \
             `Table::drop_missing_in([\"b\"])` or the column with `Table::without([\"b\"])`, or let a field of the model impute \
             them with `Table::allow_missing([\"b\"])`"
        );
        assert_eq!(features(&format!("a,b,y\n1,{text},0\n3,4,1\n")), said);
    }
    assert!(features("a,b,y\n1,,0\n3,4,1\n").starts_with("column `b`: 1 cell is empty (row 1, line 2): "));
    let only = Csv::new().only_missing(["-"]).parse("a,y\n1,0\n-,1\nNA,1\n").expect("a table");
    let said = refusal(only.features());
    assert!(
        said.contains("1 cell is missing (row 2, line 3: `-`)") && said.contains("(row 3, line 4: `NA`)"),
        "{said}"
    );
}

#[test]
fn labels_groups_and_weights_are_never_empty() {
    let advice = "fill in the cells, or leave out the rows with";
    let case = |name: &str| format!("../tests/cases/{name}");
    let grouped = Dataset::from_csv(case("group_missing.csv"), Classes::<2>::in_column("y").groups("subject"));
    assert_eq!(
        refusal(grouped),
        format!(
            "column `subject`: 3 groups are empty (row 2, line 3; row 3, line 4; row 5, line 6): {advice} \
             `Table::drop_missing_in([\"subject\"])`"
        )
    );
    let labelled = Dataset::from_csv(case("label_missing_all.csv"), Classes::<2>::in_column("y").learn_names());
    assert_eq!(
        refusal(labelled),
        format!(
            "column `y`: 2 labels are empty (row 2, line 3; row 4, line 5): {advice} `Table::drop_missing_in([\"y\"])`"
        )
    );
    let said = labels("a,b,y\n1,2,\n3,4,1\n");
    assert!(said.starts_with("column `y`: 1 label is empty (row 1, line 2): "), "{said}");
    let said = refusal(table("a,price\n1,\n2,1300\n").dataset(Regression::<1>::in_column("price")));
    assert!(said.starts_with("column `price`: 1 target is empty (row 1, line 2): "), "{said}");
    let said = refusal(table("a,w,y\n1,1,0\n2,NA,1\n").dataset(Binary::in_column("y").weights("w")));
    assert!(said.starts_with("column `w`: 1 weight is missing (row 2, line 3: `NA`): "), "{said}");
}

/// Faults of all columns come at once, those of one column as one.
#[test]
fn several_faults_are_told_at_once() {
    use std::fmt::Write;
    let mut text = "age,city,w,y\n".to_owned();
    for row in 0..20 {
        let age = if row % 2 == 0 { "n/a?".to_owned() } else { row.to_string() };
        writeln!(text, "{age},Oslo,{},{}", if row == 7 { "" } else { "1" }, row % 2).expect("memory");
    }
    let error = table(&text).dataset(Classes::<2>::in_column("y").weights("w")).expect_err("three faults");
    let Error::Data(DataError::Cells { faults }) = &error else { panic!("{error}") };
    let faults: Vec<_> = faults.iter().map(|fault| (fault.column.as_str(), &fault.fault, fault.count)).collect();
    assert_eq!(
        faults,
        [
            ("w", &CellFault::Missing { of: "weight" }, 1),
            ("age", &CellFault::NotANumber, 10),
            ("city", &CellFault::Category, 20)
        ]
    );
    let said = error.to_string();
    assert!(said.starts_with("3 columns cannot be used:\n  column `w`: 1 weight is empty (row 8, line 9): "), "{said}");
    assert!(
        said.contains(
            "\n  column `age`: 10 cells are not numbers (row 1, line 2: `n/a?`; row 3, line 4: `n/a?`; row 5, line 6: \
             `n/a?`; row 7, line 8: `n/a?`; row 9, line 10: `n/a?`; 5 more): correct the cells, "
        ),
        "{said}"
    );
}

#[test]
fn files_that_are_no_table_say_why() {
    let said = |text: &str| refusal(Csv::new().parse(text));
    assert_eq!(said(""), "the text is empty");
    assert_eq!(said(" \n\n"), "the text is empty");
    assert_eq!(said("a,b,y\n"), "the data has no rows");
    for (text, format) in [
        ("[{\"a\": 1}]", "JSON: read its rows into a struct, and give them to `Table::from_rows`"),
        ("{\"a\": 1}\n{\"a\": 2}\n", "JSON: read its rows into a struct, and give them to `Table::from_rows`"),
        ("\n<HTML><table>", "a web page or XML, as some programs name an Excel workbook: export the table"),
        (
            "@RELATION x\n@data\n1\n",
            "an ARFF file: leave out the lines down to `@data` with `Csv::new().skip_lines(..).no_header().names([..])`",
        ),
    ] {
        assert_eq!(said(text), format!("the text is {format}, or save the table as CSV"));
    }
    assert_eq!(
        said("\"a\" \"b\"\n1 2\n"),
        "line 1, column `0`: a quoted cell follows after a blank; if blanks part the cells, write `Csv::new().whitespace()`"
    );
    assert_eq!(
        said("1,0,0,2,0\n0,3,0,0,4\n"),
        "the first line is no header but numbers, `1`, `0`, `0`, `2`, `0`: write `Csv::new().no_header()`, or `.header()` \
         if they are names"
    );
    assert!(
        said("5.1,3.5,1.4,0.2,setosa\n4.9,3,1.4,0.2,setosa\n").starts_with("the first line is no header but numbers")
    );
    let years = table("country,1990,1991\nNorway,1,2\n");
    assert_eq!(years.columns()[2].name(), "1991");
    assert_eq!(Csv::new().header().parse("1990,1991\n1,2\n").expect("a table").columns()[0].name(), "1990");
    let data = Csv::new().no_header().parse("1,0,0,2,0\n0,3,0,0,4\n").expect("a table");
    let data = data.dataset(Classes::<2>::in_column("0")).expect("labels first");
    assert_eq!((data.targets().labels(), data.features().width()), (&[1, 0][..], 4));

    assert_eq!(
        said("a,a,y\n1,2,0\n"),
        "column `a` stands twice in the header: give all columns names by `Csv::new().names([..])`"
    );
    assert_eq!(refusal(Csv::new().names(["a"]).parse("a,y\n1,0\n")), "1 names for 2 columns");
    assert_eq!(
        said(",,y\n1,2,0\n3,4,1\n"),
        "2 columns cannot be used:\n  \
         column `0`: the header has no name for it (row 1, line 2: `1`; row 2, line 3: `3`): name it in the file, or all \
         columns with `Csv::new().names([..])`\n  \
         column `1`: the header has no name for it (row 1, line 2: `2`; row 2, line 3: `4`): name it in the file, or all \
         columns with `Csv::new().names([..])`"
    );
    assert!(
        said("Unnamed: 0,a\n0,1\n0,2\n").starts_with("column `0`: the header has no name for it (row 1, line 2: `0`; ")
    );
    assert_eq!(
        refusal(Csv::new().delimiter('é').parse("a,y\n1,0\n")),
        "delimiter is é, expected a character of ASCII that is no letter, digit, quote, point, sign or end of line"
    );
}
