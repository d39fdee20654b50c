//! What came of a command.

use clap::Args;
use dropgrid_core::escape::{escaped_json, escaped_lines};
use serde_json::{Map, Value};

/// The version of every JSON object that the command prints. It grows when a field changes its meaning or goes; fields
/// may be added under the same version.
const SCHEMA: u32 = 1;

/// What came of a command: what it prints, and whether it found something wrong.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    /// True of text for programs.
    pub(crate) is_data: bool,
    /// For people, on stderr.
    pub(crate) remarks: Vec<String>,
    pub(crate) is_wrong: bool,
}

impl Outcome {
    /// Text for people, without characters that a terminal obeys. The writer of the text escapes line feeds in names and
    /// paths.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: escaped_lines(text).into_owned(), ..Self::default() }
    }

    /// Text for programs: as it is, but on a terminal.
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
    // The same JSON, of which a terminal obeys nothing.
    Outcome::data(escaped_json(&format!("{:#}\n", Value::Object(object))).into_owned())
}
