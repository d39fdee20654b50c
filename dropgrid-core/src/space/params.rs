//! One candidate.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

/// The hyperparameters of one candidate: a plain struct with a field for each axis.
///
/// `#[searchable]` implements this for the params struct that it generates.
pub trait Params:
    Clone + PartialEq + fmt::Debug + fmt::Display + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The fields' names in declaration order.
    const NAMES: &'static [&'static str];

    /// The values in declaration order, as a report prints them.
    fn values(&self) -> Vec<serde_json::Value> {
        let object = serde_json::to_value(self).unwrap_or_default();
        Self::NAMES.iter().map(|name| object.get(name).cloned().unwrap_or_default()).collect()
    }

    /// The candidate as Rust writes it, a field a line: `MlpParams { hidden: 64, act: MlpAct::ReLU, lr: 0.001 }`.
    ///
    /// Hyperparameters of types of one's own are written as their `Debug` says, which a derived one says right.
    fn to_rust(&self) -> String {
        self.to_string()
    }
}
