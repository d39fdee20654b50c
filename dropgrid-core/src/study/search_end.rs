//! The end of a search, beside its records.

use serde::{Deserialize, Serialize};

/// The end of a search: what its report says beside the records, for pages that are made from the study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SearchEnd {
    /// The [digest](crate::report::Report::digest) of the report.
    pub digest: String,
    /// The seconds from the call to the end of the last fit, without the training on all rows.
    pub seconds: f64,
    /// The reason why the search ended before it was done; `None` if it ran to its end.
    pub stopped: Option<String>,
    /// The number of fits of the whole search, as a search that ended early knows it.
    pub planned: Option<usize>,
    /// The sentence on the score that is corrected for the choice of the best; `None` if the search did not ask for it.
    pub correction: Option<String>,
    /// Warnings about the study and about the training on all rows, each a sentence.
    pub warnings: Vec<String>,
    /// The candidate that a [refit rule](crate::report::Refit) chose in place of the first of rank 1: the epochs of its
    /// full training, and the JSON object that identifies it in the study, see [`FitName`](super::FitName).
    pub chosen: Option<(u32, String)>,
    /// The sentence on the choice by a refit rule; `None` if there is nothing to say of it.
    pub choice: Option<String>,
}
