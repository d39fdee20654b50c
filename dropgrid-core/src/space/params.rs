//! One candidate.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::Result;

/// The hyperparameters of one candidate: a plain struct with a field for each axis.
///
/// `#[searchable]` implements this for the params struct that it generates.
pub trait Params:
    Clone + PartialEq + fmt::Debug + fmt::Display + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The fields' names in declaration order.
    const NAMES: &'static [&'static str];
    /// The fields that are hyperparameters of a layer, each behind the fields that it stands in. Names of such
    /// hyperparameters have a dot: `block.dropout`.
    #[doc(hidden)]
    const INNER: &'static [&'static str] = &[];

    /// The values in declaration order, each as JSON.
    ///
    /// # Errors
    /// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
    fn texts(&self) -> Result<Vec<String>>;

    /// Checks that each value has one JSON, which gives it back: studies and digests know a candidate by it. Values
    /// with several parts are read and written so many `times`, by which an order that changes shows.
    ///
    /// # Errors
    /// [`NameError`](crate::error::NameError).
    fn check(&self, times: usize) -> Result<()>;

    /// The values in declaration order, as a report prints them; null where a value has no JSON.
    fn values(&self) -> Vec<serde_json::Value> {
        let Ok(texts) = self.texts() else { return vec![serde_json::Value::Null; Self::NAMES.len()] };
        texts.iter().map(|text| serde_json::from_str(text).unwrap_or_default()).collect()
    }

    /// The candidate as Rust writes it, a field a line: `MlpParams { hidden: 64, act: MlpAct::ReLU, lr: 0.001 }`.
    ///
    /// Hyperparameters of a user's types are written by their `Debug`, which is right where it is derived.
    fn to_rust(&self) -> String {
        self.to_string()
    }
}
