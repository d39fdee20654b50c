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
    let errors: Vec<Error> = vec![
        DataError::Read { path: path(), source: source().into() }.into(),
        DataError::NotANumber { row: 1, column: text(), value: text() }.into(),
        DataError::UnknownClass { row: 1, column: text(), value: text(), classes: vec![text()] }.into(),
        DataError::Quote { line: 1, column: text(), fault: QuoteFault::Unclosed }.into(),
        DataError::TooLarge { row: 1, column: text(), value: 1e300 }.into(),
        DataError::RepeatedColumn { column: text() }.into(),
        DataError::ColumnsDiffer { kind: "columns", missing: vec![text()], unknown: vec![text()] }.into(),
        DataError::ClassNotLearned { row: 1, class: text(), learned: vec![text()] }.into(),
        DataError::EmptyCell { row: 1, column: text(), what: "label" }.into(),
        DataError::DuplicateClass { name: text() }.into(),
        DataError::UnknownColumn { column: text(), path: path(), columns: vec![text()] }.into(),
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
        Error::AllFitsFailed { fits: 1, reasons: text() },
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
