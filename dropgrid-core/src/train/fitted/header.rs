//! The header of a model file, which holds everything except the tensors.

use std::{collections::BTreeMap, fmt::Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::predictions::HALF;
use crate::{
    error::LoadError,
    train::{loss::TargetScaler, state_dict::StateTensor},
};

/// The format of the files that this release writes.
const FORMAT: u32 = 1;

/// The key of the header in the file's metadata. It is the only entry, since metadata has no order and the same model
/// must give the same bytes.
pub(super) const ENTRY: &str = "dropgrid";

/// The header, stored as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: u32,
    /// The version of dropgrid that wrote the file.
    pub(super) dropgrid: String,
    /// The name of the model's struct.
    pub(super) model: String,
    /// The layers with their built types, without module paths, such as `hidden: (Linear<64, 10>, ReLU)`.
    pub(super) layers: Vec<String>,
    /// The values of the tied settings.
    pub(super) tied: BTreeMap<String, f64>,
    pub(super) params: Value,
    pub(super) target: String,
    /// The shape of one input sample.
    pub(super) input: Vec<usize>,
    /// The shape of one output sample.
    pub(super) output: Vec<usize>,
    /// The names of classes or flags.
    pub(super) names: Option<Vec<String>>,
    /// The names of the training columns, in order.
    pub(super) columns: Option<Vec<String>>,
    /// The names of the categories of each column, or null for a column of numbers. Absent if all columns are numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) categories: Option<Vec<Option<Vec<String>>>>,
    /// The columns that each field with `#[columns(..)]` takes. Absent if no field takes columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) fields: Vec<String>,
    /// The origin that is subtracted from each column in double precision. Absent if all origins are 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) origins: Option<Vec<f64>>,
    /// The transform of the targets. Absent if the targets were not transformed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) targets: Option<TargetScaler>,
    /// The probability above which a class or a flag is predicted.
    pub(super) threshold: f64,
    /// The settings of layers by name.
    pub(super) scalars: BTreeMap<String, f64>,
    /// The seed of the training.
    pub(super) seed: Option<u64>,
    /// SHA-256 of the header with an empty digest and of all tensors.
    pub(super) digest: String,
}

/// The part of a header that all formats share.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

impl Header {
    /// Creates an empty header of this release's format.
    pub(super) fn new() -> Self {
        Self {
            format: FORMAT,
            dropgrid: env!("CARGO_PKG_VERSION").to_owned(),
            model: String::new(),
            layers: Vec::new(),
            tied: BTreeMap::new(),
            params: Value::Null,
            target: String::new(),
            input: Vec::new(),
            output: Vec::new(),
            names: None,
            columns: None,
            categories: None,
            fields: Vec::new(),
            origins: None,
            targets: None,
            threshold: HALF,
            scalars: BTreeMap::new(),
            seed: None,
            digest: String::new(),
        }
    }

    /// Returns the header as text, with the digest of it and of the given tensors.
    pub(super) fn sealed(mut self, tensors: &[StateTensor]) -> String {
        self.digest = self.digest_over(tensors.iter().map(|tensor| (&*tensor.name, &*tensor.shape, &*tensor.numbers)));
        self.text()
    }

    /// Parses the text of a header.
    ///
    /// # Errors
    /// [`LoadError::Foreign`] for text that is not a header; [`LoadError::Format`] for another format.
    pub(super) fn parse(text: &str) -> Result<Self, LoadError> {
        let foreign = |error: serde_json::Error| LoadError::Foreign { message: format!("its header says: {error}") };
        let Version { format } = serde_json::from_str(text).map_err(foreign)?;
        if format != FORMAT {
            return Err(LoadError::Format { found: format, known: FORMAT });
        }
        serde_json::from_str(text).map_err(foreign)
    }

    /// Checks the digest of the header and the tensors.
    ///
    /// # Errors
    /// [`LoadError::Damaged`] if the digest differs.
    pub(super) fn check<'a>(
        &self,
        tensors: impl Iterator<Item = (&'a str, &'a [usize], &'a [f32])>,
    ) -> Result<(), LoadError> {
        let found = self.digest_over(tensors);
        if found == self.digest {
            return Ok(());
        }
        Err(LoadError::Damaged { expected: self.digest.clone(), found })
    }

    fn text(&self) -> String {
        // Serialising a struct of texts and numbers cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Computes the digest of this header and of the tensors in the order of their names.
    fn digest_over<'a>(&self, tensors: impl Iterator<Item = (&'a str, &'a [usize], &'a [f32])>) -> String {
        let mut tensors: Vec<_> = tensors.collect();
        tensors.sort_unstable_by_key(|&(name, ..)| name);
        let mut hash = Sha256::new();
        hash.update(Self { digest: String::new(), params: sorted(self.params.clone()), ..self.clone() }.text());
        for (name, shape, numbers) in tensors {
            hash.update(format!("\n{name} {shape:?} "));
            for number in numbers {
                hash.update(number.to_le_bytes());
            }
        }
        hash.finalize().iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Sorts the keys of a JSON value. With a feature of `serde_json`, which any crate of a build may enable, objects keep
/// the order of insertion.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map: BTreeMap<String, Value> = map.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(map.into_iter().collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(sorted).collect()),
        other => other,
    }
}
