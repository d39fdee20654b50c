//! Saving a fitted model as a safetensors file.

use std::{collections::BTreeMap, path::Path};

use safetensors::tensor::{Dtype, TensorView, serialize};

use super::{
    Fitted,
    header::{ENTRY, Header},
};
use crate::{
    data::{FeatureKind, batches::shape},
    error::{Error, LoadError, Result, TensorFault},
    file,
    model::{Model, tied},
    space::Params,
    train::{
        loss::TrainTarget,
        state_dict::{StateDict, StateTensor},
    },
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Writes the model to a [safetensors](https://github.com/huggingface/safetensors) file. The file is replaced as a
    /// whole or not at all, see [`file::write`]: if the process ends before that, an earlier file stays.
    ///
    /// Tensors, including statistics of layers, have the names of a PyTorch module with the same fields, such as
    /// `hidden.0.weight`. The one exception is the weight of a normalisation, which is called `scale`.
    ///
    /// The metadata has one entry, `dropgrid`. It is a JSON object with the model's name and layers, hyperparameters,
    /// target, input and output shape, class and column names, threshold, settings of layers, seed, and a digest of
    /// everything. If they exist, it also has the categories and [origins](Self::origins) of columns and the [transform
    /// of the targets](crate::recipe::Train::target_transform). [`load`](Self::load) reads the file, and so does any
    /// reader of the format.
    ///
    /// # Errors
    /// Fails with the errors of [`file::write`] and of [`to_bytes`](Self::to_bytes).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        file::write(path, self.to_bytes()?)
    }

    /// Returns the bytes of the file that [`save`](Self::save) writes. The same model gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Save`] if a number is not finite, if two tensors of the network have the same name, or if the
    /// hyperparameters cannot be read back from JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let (contents, input) = (StateDict::of(&*self.network), self.network.input_shape());
        let ties = tied::<M>(&self.params)?;
        check(&contents).map_err(Error::Save)?;
        let header = Header {
            model: M::NAME.to_owned(),
            layers: self.layers.clone(),
            tied: by_name(&ties),
            params: self.params_as_json().map_err(Error::Save)?,
            target: T::NAME.to_owned(),
            input,
            output: shape::<T::Output>(),
            names: self.names.as_ref().map(|names| names.to_vec()),
            columns: self.columns.as_ref().map(|columns| columns.to_vec()),
            categories: self.kinds.as_ref().map(|kinds| kinds.iter().map(categories).collect()),
            fields: M::COLUMNS.map(|columns| columns.in_words()).unwrap_or_default(),
            origins: self.origins.as_ref().map(|origins| origins.to_vec()),
            targets: self.scaler.clone(),
            threshold: self.threshold,
            scalars: contents.scalars,
            seed: self.seed,
            ..Header::new()
        };
        let text = header.sealed(&contents.tensors);
        let bytes: Vec<Vec<u8>> = contents.tensors.iter().map(bytes).collect();
        let views = contents.tensors.iter().zip(&bytes).map(|(tensor, bytes)| {
            let view = TensorView::new(Dtype::F32, tensor.shape.clone(), bytes).map_err(|error| unwritten(&error))?;
            Ok((tensor.name.as_str(), view))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        let metadata = [(ENTRY.to_owned(), text)].into_iter().collect();
        serialize(views, Some(metadata)).map_err(|error| unwritten(&error))
    }

    /// Returns the hyperparameters as JSON, after checking that they can be read back.
    fn params_as_json(&self) -> Result<serde_json::Value, LoadError> {
        let params = &self.params;
        let refused = |message: String| LoadError::Params { model: M::NAME, params: params.to_string(), message };
        params.check(64).map_err(|error| refused(error.to_string()))?;
        serde_json::to_value(params).map_err(|error| refused(error.to_string()))
    }
}

/// Returns the values of tied settings by name. Maps are slow to compile, so this function is not generic over the
/// model.
fn by_name(ties: &[(&str, f64)]) -> BTreeMap<String, f64> {
    ties.iter().map(|&(setting, value)| (setting.to_owned(), value)).collect()
}

/// Returns the names of the categories of a column.
fn categories(kind: &FeatureKind) -> Option<Vec<String>> {
    match kind {
        FeatureKind::Number => None,
        FeatureKind::Category(names) => Some(names.to_vec()),
    }
}

/// Returns the numbers of a tensor as little-endian bytes.
fn bytes(tensor: &StateTensor) -> Vec<u8> {
    tensor.numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn unwritten(error: &impl ToString) -> Error {
    Error::Save(LoadError::NotSafetensors { message: error.to_string() })
}

/// Rejects a model that could not be loaded again.
fn check(StateDict { tensors, scalars }: &StateDict) -> Result<(), LoadError> {
    let mut faults: Vec<TensorFault> = tensors.iter().filter_map(not_finite).collect();
    let mut names: Vec<&String> = tensors.iter().map(|tensor| &tensor.name).chain(scalars.keys()).collect();
    names.sort_unstable();
    let twice = names.windows(2).filter(|pair| pair[0] == pair[1]);
    faults.extend(twice.map(|pair| TensorFault::Twice { name: pair[0].clone() }));
    let odd = scalars.iter().filter(|(_, value)| !value.is_finite());
    faults.extend(odd.map(|(name, &value)| TensorFault::NotFinite { name: name.clone(), at: 0, value }));
    if faults.is_empty() { Ok(()) } else { Err(LoadError::Tensors { faults }) }
}

/// Returns the first number of a tensor that is not finite.
pub(super) fn not_finite(tensor: &StateTensor) -> Option<TensorFault> {
    let at = tensor.numbers.iter().position(|number| !number.is_finite())?;
    Some(TensorFault::NotFinite { name: tensor.name.clone(), at, value: f64::from(tensor.numbers[at]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_be_read_is_not_written() {
        let tensor = |name: &str, last: f32| StateTensor {
            name: name.to_owned(),
            shape: vec![2],
            numbers: vec![1.0, last],
            trainable: true,
        };
        let tensors = vec![tensor("a", 1.0), tensor("b", f32::NAN), tensor("a", 2.0)];
        let scalars = [("b".to_owned(), 0.5), ("c".to_owned(), f64::INFINITY)].into_iter().collect();
        let error = check(&StateDict { tensors, scalars }).expect_err("faults");
        assert_eq!(
            error.to_string(),
            "the tensors are not those of the network: number 1 of `b` is NaN; two tensors are called `a`; \
             two tensors are called `b`; number 0 of `c` is inf"
        );
    }
}
