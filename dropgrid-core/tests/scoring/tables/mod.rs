//! Tables: files as people have them, what pandas reads from the same text, and what each refusal says.

mod describe;
mod files;
mod golden;
mod labels;
mod lines;
mod messages;
mod odd;
mod rows;

use dropgrid_core::{
    Result,
    data::{Csv, Table},
};

/// The table in a text, read without settings.
fn table(text: &str) -> Table {
    Csv::new().parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// What an error says.
fn refusal<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("something is wrong").to_string()
}
