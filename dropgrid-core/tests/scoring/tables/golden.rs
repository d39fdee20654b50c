//! Random texts and dates against pandas, on the cases of tests/golden/tables.py.

use dropgrid_core::data::{Column, Csv, DateOrder};
use serde_json::Value;

#[test]
fn every_case_agrees_with_pandas() {
    let cases = include_str!("../../../../tests/golden/tables.jsonl");
    let (mut cells, mut dates) = (0, 0);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        match case["date"].as_str() {
            Some(date) => {
                same_seconds(&case, date);
                dates += 1;
            }
            None => cells += same_cells(&case),
        }
    }
    assert!(cells > 8000 && dates == 500, "{cells} cells, {dates} dates");
}

/// Checks a text, and counts its cells.
fn same_cells(case: &Value) -> usize {
    let text = case["text"].as_str().expect("a text");
    let letter = |name: &str| case[name].as_str().and_then(|text| text.chars().next());
    let mut csv = Csv::new().delimiter(letter("delimiter").expect("a delimiter"));
    if case["decimal_comma"] == true {
        csv = csv.decimal_comma();
    }
    if let Some(mark) = letter("thousands") {
        csv = csv.thousands(mark);
    }
    let table = csv.parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let columns = case["columns"].as_object().expect("columns");
    assert_eq!(table.columns().len(), columns.len());
    let mut count = 0;
    for (name, cells) in columns {
        let column = table.column(name).expect("a column of that name");
        let cells = cells.as_array().expect("cells");
        assert_eq!(column.len(), cells.len(), "{text}");
        for (row, cell) in cells.iter().enumerate() {
            assert!(is_same(column, row, cell), "{text}\n`{name}`, row {row}: {cell}, found {:?}", column.text(row));
            count += 1;
        }
    }
    count
}

fn is_same(column: &Column, row: usize, cell: &Value) -> bool {
    match cell {
        Value::Number(number) => column.number(row) == number.as_f64(),
        Value::String(text) => column.text(row).as_deref() == Some(text),
        _ => column.text(row).is_none() && column.number(row).is_none(),
    }
}

fn same_seconds(case: &Value, date: &str) {
    let csv = match case["order"].as_str() {
        Some("day") => Csv::new().dates(DateOrder::DayFirst),
        Some("month") => Csv::new().dates(DateOrder::MonthFirst),
        _ => Csv::new(),
    };
    let table = csv.parse(&format!("day,y\n\"{date}\",0\n")).expect("a table");
    assert_eq!(table.column("day").expect("the column").number(0), case["seconds"].as_f64(), "{date}");
}
