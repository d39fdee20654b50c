//! The types of hyperparameters that a model declares with `#[param]`.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

/// A type that the values of a hyperparameter may have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` lacks a trait that the values of a hyperparameter have",
    label = "the type of a hyperparameter",
    note = "write `#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]` above it; it is also `Send`, `Sync` and `'static`"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait HyperparameterType {
    /// Compiles if the type implements the trait.
    fn is() {}
}

#[diagnostic::do_not_recommend]
impl<T: Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static> HyperparameterType
    for T
{
}
