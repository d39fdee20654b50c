//! What came of a command.

use clap::Args;
use serde_json::{Map, Value};

/// The version of every JSON object that the command prints. It grows when a field changes its meaning or goes; fields
/// may be added under the same version.
const SCHEMA: u32 = 1;

/// What came of a command: what it prints, and whether it found something wrong.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    /// For people, on stderr.
    pub(crate) remarks: Vec<String>,
    pub(crate) is_wrong: bool,
}

impl Outcome {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
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
    Outcome::text(format!("{:#}\n", Value::Object(object)))
}
