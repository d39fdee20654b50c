//! The origin of results: the search that made them.

use dropgrid_view::{Axis, Fact, Front, Predictions};

/// Facts about the search that made the results.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provenance {
    /// The name of the model.
    pub(crate) model: String,
    /// The model as its author declared it.
    pub(crate) declaration: Option<String>,
    /// The hyperparameters and the values that they can take.
    pub(crate) axes: Vec<Axis>,
    /// The name of the quantity that trainings monitored.
    pub(crate) monitored: Option<String>,
    /// The out-of-fold predictions of the best candidate.
    pub(crate) predictions: Option<Predictions>,
    /// The candidates by the objectives that were chosen.
    pub(crate) front: Option<Front>,
    /// The other facts that running the search again takes.
    pub(crate) facts: Vec<Fact>,
}

/// A fact as a name and a text.
pub(crate) fn fact(name: &str, text: impl Into<String>) -> Fact {
    Fact { name: name.to_owned(), text: text.into() }
}

/// The release and the machine on which the program runs.
pub(crate) fn machine() -> Fact {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cores = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    let (release, os, processor) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    fact("made by", format!("dropgrid {release} on {processor} {os}, {cores}"))
}
