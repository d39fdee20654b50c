//! The outcome of a command.

use clap::Args;
use dropgrid_core::escape::{escaped_json, escaped_lines};
use serde_json::{Map, Value};

/// The version of the JSON objects that commands print. It grows where a field changes its meaning or is removed; a
/// field may be added under the same version.
const SCHEMA: u32 = 1;

/// The outcome of a command: the text it prints, and whether it found a fault.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    /// True where the text is for programs.
    pub(crate) is_data: bool,
    /// Remarks for people, which go to stderr.
    pub(crate) remarks: Vec<String>,
    pub(crate) is_wrong: bool,
    /// True where the command did not do what it was asked for.
    pub(crate) is_undone: bool,
}

impl Outcome {
    /// Text for people, without control characters. The caller escapes line feeds in names and paths.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: escaped_lines(text).into_owned(), ..Self::default() }
    }

    /// Text for programs, which is printed unchanged unless to a terminal.
    pub(crate) fn data(text: String) -> Self {
        Self { text, is_data: true, ..Self::default() }
    }

    pub(crate) fn wrong_if(self, is_wrong: bool) -> Self {
        Self { is_wrong, ..self }
    }
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Form {
    /// Print one JSON object; its field `schema` is the version of its fields
    #[arg(long)]
    pub(crate) json: bool,
}

/// The JSON object of a command.
pub(crate) fn envelope(command: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Outcome {
    let head = [("schema", Value::from(SCHEMA)), ("command", Value::from(command))];
    let object: Map<String, Value> =
        head.into_iter().chain(fields).map(|(name, value)| (name.to_owned(), value)).collect();
    // The same JSON without control characters.
    Outcome::data(escaped_json(&format!("{:#}\n", Value::Object(object))).into_owned())
}
