//! The end of a search, beside its records.

use std::collections::BTreeMap;

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
    /// The sentence on the score that is corrected for the choice of the best; `None` if the search did not ask for it.
    pub correction: Option<String>,
    /// The number of trainable parameters of each architecture that was tried, by the values of the hyperparameters that
    /// determine it; empty if there was only one.
    pub parameters: BTreeMap<String, usize>,
}
