//! Foreign texts in error messages.

use std::{io, path::PathBuf};

use super::*;

const HOSTILE: &str = "\u{1b}[2J\u{7}\u{9b}\u{202e}\u{2066}\u{200b}\r\n";
const SHOWN: &str = "\\u{1b}[2J\\u{7}\\u{9b}\\u{202e}\\u{2066}\\u{200b}\\r\\n";

#[test]
fn a_quoted_text_is_one_line_that_a_terminal_shows() {
    let text = || HOSTILE.to_owned();
    let path = || PathBuf::from(HOSTILE);
    let source = || io::Error::from(io::ErrorKind::NotFound);
    let fault = || ColumnFault {
        column: text(),
        fault: CellFault::NotANumber,
        count: 2,
        cells: vec![CellAt { row: 1, line: 2, text: text() }],
        advice: text(),
    };
    let errors: Vec<Error> = vec![
        ReadError::File { path: path(), source: source() }.into(),
        ReadError::NotCsv { path: path(), format: "a zip archive" }.into(),
        ReadError::NotUtf8 { line: 1, text: text() }.into(),
        ReadError::EmptyFile { path: Some(path()) }.into(),
        ReadError::HeaderOfNumbers { path: Some(path()), names: vec![text()] }.into(),
        DataError::Cells { faults: vec![fault()] }.into(),
        DataError::ClassCount { column: text(), found: vec![text()], classes: 2 }.into(),
        ReadError::Quote { line: 1, column: text(), fault: QuoteFault::Unclosed }.into(),
        DataError::TooLarge { row: 1, column: text(), value: 1e300 }.into(),
        DataError::RepeatedColumn { column: text() }.into(),
        DataError::ColumnsDiffer { kind: "columns", missing: vec![text()], unknown: vec![text()] }.into(),
        DataError::ClassNotLearned { row: 1, class: text(), learned: vec![text()] }.into(),
        DataError::DuplicateClass { name: text() }.into(),
        DataError::UnknownColumn { column: text(), path: Some(path()), columns: vec![text()], advice: String::new() }
            .into(),
        ReadError::DuplicateColumn { column: text(), path: Some(path()) }.into(),
        ScoringError::Recorded { message: text() }.into(),
        Failure::Panicked { message: text() }.into(),
        Failure::NonFiniteScore { metric: text(), value: f64::NAN }.into(),
        Failure::NotDropoutAlone { tensors: vec![text()] }.into(),
        Failure::Untrained { tensors: vec![text()] }.into(),
        Failure::Build { message: text() }.into(),
        LoadError::Differs { differences: vec![text()] }.into(),
        LoadError::Damaged { expected: text(), found: String::new() }.into(),
        LoadError::Tensors { faults: vec![TensorFault::Unknown { name: text() }] }.into(),
        LoadError::Params { model: "Mlp", params: text(), message: text() }.into(),
        Error::Setting { setting: "lr", value: text(), expected: "a number" },
        Error::Study(StudyError::Differs { path: path(), differences: vec![text()], can_extend: false }),
        Error::Study(StudyError::Records { path: path(), records: vec![text()] }),
        Error::Study(StudyError::Damaged { path: path(), message: text(), report: None }),
        Error::FitFailed { params: text(), fold: 0, failure: Failure::Device { message: text() } },
        Error::AllFitsFailed { fits: 1, reasons: text(), report: None },
        Error::File(FileError::Read { path: path(), source: source() }),
        Error::File(FileError::NotAFile { path: path(), kind: "a folder" }),
        Error::Strategy { strategy: text(), error: Box::new(StrategyError::Failed(HOSTILE.into())), report: None },
    ];
    for error in errors {
        let said = error.to_string();
        assert!(said.contains(SHOWN), "{said}");
        assert!(!said.contains(char::is_control) && !said.contains('\u{202e}'), "{said:?}");
    }
    assert_eq!(group([&Failure::Build { message: text() }; 2]), format!("2 x {SHOWN}"));
}

#[test]
fn faults_of_several_columns_stand_in_a_line_each() {
    let fault = |column: usize| ColumnFault {
        column: format!("c{column}"),
        fault: CellFault::Missing { of: "cell" },
        count: 7,
        cells: vec![CellAt { row: 1, line: 2, text: "NA".to_owned() }, CellAt { row: 3, line: 0, text: String::new() }],
        advice: "fill it in".to_owned(),
    };
    let said = |columns| DataError::Cells { faults: (0..columns).map(fault).collect() }.to_string();
    let line =
        |column| format!("column `c{column}`: 7 cells are missing (row 1, line 2: `NA`; row 3; 5 more): fill it in");
    assert_eq!(said(1), line(0));
    assert_eq!(said(2), format!("2 columns cannot be used:\n  {}\n  {}", line(0), line(1)));
    assert_eq!(said(30).lines().count(), 12);
    assert!(said(30).ends_with("\n  and 20 more columns"));
}
