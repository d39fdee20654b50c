//! The origin of results: the search that made them.

use dropgrid_view::{Axis, Fact, Front, Predictions};

use crate::{kernel::simd::level, nn::DFDX};

/// Facts about the search that made the results.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provenance {
    /// True where a study was read, perhaps on another machine.
    pub(crate) is_of_study: bool,
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

/// The release and what it stands on, the compiler that built it, and the machine on which the program runs.
pub(crate) fn machine() -> Fact {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cores = if cores == 1 { "1 core".to_owned() } else { format!("{cores} cores") };
    let (release, os, processor) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    let library = if cfg!(target_env = "gnu") {
        " gnu"
    } else if cfg!(target_env = "musl") {
        " musl"
    } else if cfg!(target_env = "msvc") {
        " msvc"
    } else {
        ""
    };
    let instructions = level().name().map(|name| format!(" with {name}")).unwrap_or_default();
    let build = if cfg!(debug_assertions) { "with debug assertions" } else { "a release build" };
    let compiler = env!("DROPGRID_COMPILER");
    let text =
        format!("dropgrid {release} and {DFDX}, {build}\n{compiler}\n{processor} {os}{library}, {cores}{instructions}");
    fact("made by", text)
}
