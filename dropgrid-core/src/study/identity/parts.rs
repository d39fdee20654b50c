//! The names of parts that are compared in ways of their own.

/// The sizes and the digest of the data.
pub(super) const DATA: &str = "data";
/// The axes.
pub(super) const SPACE: &str = "space";
/// The settings of the training.
pub(super) const RECIPE: &str = "recipe";
/// A digest for each fold.
pub(super) const FOLDS: &str = "folds";
/// The names of the classes or flags, where they have any, as JSON.
pub(super) const CLASSES: &str = "classes";
/// The way in which trainings set rows aside for validation, where any does.
pub(super) const WATCHED: &str = "validation rows";
/// The network, where there is one architecture; of several, each has a part of its own.
const NETWORK: &str = "network";

/// The part of an architecture.
pub(super) fn network_part(architecture: Option<&str>) -> String {
    architecture.map_or_else(|| NETWORK.to_owned(), |name| format!("{NETWORK} of {name}"))
}

/// True of the part of an architecture.
pub(super) fn is_network(part: &str) -> bool {
    part.strip_prefix(NETWORK).is_some_and(|rest| rest.is_empty() || rest.starts_with(" of "))
}
