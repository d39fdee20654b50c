//! Loading a fitted model from its file.

use std::{collections::BTreeMap, marker::PhantomData, path::Path, sync::OnceLock};

use safetensors::{SafeTensors, tensor::Dtype};

use super::{
    Fitted,
    differences::{layer_differences, same_model, same_settings},
    header::{ENTRY, Header},
    plausible::{check_recipe, column_fault, statistic_fault},
    save::not_finite,
};
use crate::{
    data::FeatureKind,
    error::{Error, LoadError, Result, TensorFault},
    file,
    model::{Init, Model, tied},
    nn::Parts,
    seed::{REFIT, Seed},
    train::{
        loss::TrainTarget,
        network::{NetworkType, build_network},
        state_dict::{StateDict, StateTensor},
    },
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Loads the model that [`save`](Self::save) wrote. Its predictions have the same bits.
    ///
    /// Loading checks the whole file:
    ///
    /// - The file is complete and unchanged.
    /// - The model has the name, layers, target and shapes of `M` and `T`.
    /// - Class names are distinct, and each class has one.
    /// - The hyperparameters are in the ranges of the layers and of the training recipe, and the network was compiled.
    /// - The settings of the layers equal those in the file.
    /// - The tensors are those of the network. Their numbers are finite, and statistics have possible values.
    ///
    /// Loading needs at most a few times the size of the file in memory.
    ///
    /// # Errors
    /// [`FileError::Read`](crate::error::FileError::Read) if the file cannot be read; [`Error::LoadFile`] with the
    /// differences; [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled), [`Error::OutOfRange`] or
    /// [`Error::Setting`] if the struct has no such candidate.
    ///
    /// # Examples
    /// `Fitted::<Mlp, Classes<10>>::load("digits.safetensors")?`
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = file::read(path)?;
        Self::from_bytes(&bytes).map_err(|error| match error {
            Error::Load(error) => Error::LoadFile { path: path.to_owned(), error },
            error => error,
        })
    }

    /// Loads the model from the bytes that [`to_bytes`](Self::to_bytes) returned.
    ///
    /// # Errors
    /// [`Error::Load`] with the differences, and the other errors of [`load`](Self::load).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (header, tensors) = parse_file(bytes)?;
        same_model::<M, T>(&header)?;
        let params: M::Params = serde_json::from_value(header.params.clone()).map_err(|error| LoadError::Params {
            model: M::NAME,
            params: header.params.to_string(),
            message: error.to_string(),
        })?;
        check_recipe::<M>(&params)?;
        let ties = tied::<M>(&params)?;
        let NetworkType { input, layers, .. } = NetworkType::of::<M>(&params)?;
        check_type(&header, &layers, &input, &ties)?;
        let init = Init::alone(Seed(header.seed.unwrap_or_default()));
        let mut network = build_network::<M, T>(&params, &init)?.network;
        fill(&mut *network, &header, tensors)?;
        Ok(Self {
            params,
            network,
            layers,
            names: header.names.map(Into::into),
            columns: header.columns.map(Into::into),
            kinds: header.categories.map(|columns| columns.into_iter().map(kind).collect()),
            origins: header.origins.map(Into::into),
            scaler: header.targets,
            threshold: header.threshold,
            passes: 0,
            fold: REFIT,
            seed: header.seed,
            codes: OnceLock::new(),
            target: PhantomData,
        })
    }
}

/// Returns the kind of a column from the names of its categories.
fn kind(categories: Option<Vec<String>>) -> FeatureKind {
    categories.map_or(FeatureKind::Number, |names| FeatureKind::Category(names.into()))
}

/// Returns the tensors of a file by name.
fn tensors(file: &SafeTensors<'_>) -> Result<BTreeMap<String, StateTensor>, LoadError> {
    let mut tensors = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, view) in file.iter() {
        let name = name.to_owned();
        if view.dtype() != Dtype::F32 {
            faults.push(TensorFault::Dtype { name, found: view.dtype().to_string(), expected: "F32" });
            continue;
        }
        let numbers = view.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let stored = StateTensor { name: name.clone(), shape: view.shape().to_vec(), numbers, trainable: true };
        tensors.insert(name, stored);
    }
    if faults.is_empty() { Ok(tensors) } else { Err(LoadError::Tensors { faults }) }
}

/// Parses a file into its header and its tensors, and checks the digest.
pub(super) fn parse_file(bytes: &[u8]) -> Result<(Header, BTreeMap<String, StateTensor>), LoadError> {
    let unreadable = |error: safetensors::SafeTensorError| LoadError::NotSafetensors { message: error.to_string() };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    let text = metadata.metadata().as_ref().and_then(|entries| entries.get(ENTRY));
    let missing = || LoadError::Foreign { message: format!("its metadata has no entry `{ENTRY}`") };
    let header = Header::parse(text.ok_or_else(missing)?)?;
    let tensors = tensors(&SafeTensors::deserialize(bytes).map_err(unreadable)?)?;
    header.check(tensors.iter().map(|(name, tensor)| (&**name, &*tensor.shape, &*tensor.numbers)))?;
    Ok((header, tensors))
}

/// Checks that the network in a file has these layers, input and tied settings.
///
/// # Errors
/// [`LoadError::Differs`] with the differences.
fn check_type(
    header: &Header,
    layers: &[String],
    input: &[usize],
    ties: &[(&'static str, f64)],
) -> Result<(), LoadError> {
    let mut differences = layer_differences(header, layers, ties);
    let found = &header.input;
    if *found != input {
        differences.push(format!("the input's shape is {found:?}, expected {input:?}"));
    }
    differences.extend(column_fault(header, input.iter().product()));
    if differences.is_empty() { Ok(()) } else { Err(LoadError::Differs { differences }) }
}

/// Copies the numbers of a file to a network.
///
/// # Errors
/// [`Error::Load`] if the tensors or settings are not those of the network.
fn fill(network: &mut dyn Parts, header: &Header, tensors: BTreeMap<String, StateTensor>) -> Result<()> {
    let own = StateDict::of(network);
    let state = matched(&own, tensors, &header.scalars)?;
    same_settings(&own.scalars, &header.scalars)?;
    Ok(state.write(network)?)
}

/// Returns the tensors of a file in the order of the network's tensors.
fn matched(
    network: &StateDict,
    mut tensors: BTreeMap<String, StateTensor>,
    scalars: &BTreeMap<String, f64>,
) -> Result<StateDict, LoadError> {
    let statistic_faults = tensors.values().filter_map(|tensor| statistic_fault(tensor, &tensors, scalars));
    let mut faults: Vec<TensorFault> = statistic_faults.collect();
    let mut found = Vec::with_capacity(network.tensors.len());
    for own in &network.tensors {
        let name = || own.name.clone();
        match tensors.remove(&own.name) {
            None => faults.push(TensorFault::Absent { name: name() }),
            Some(stored) if stored.shape != own.shape => {
                faults.push(TensorFault::Shape { name: name(), found: stored.shape, expected: own.shape.clone() });
            }
            Some(stored) => {
                faults.extend(not_finite(&stored));
                found.push(stored);
            }
        }
    }
    faults.extend(tensors.into_keys().map(|name| TensorFault::Unknown { name }));
    let missing = network.scalars.keys().filter(|name| !scalars.contains_key(*name));
    faults.extend(missing.map(|name| TensorFault::Absent { name: name.clone() }));
    let unknown = scalars.keys().filter(|name| !network.scalars.contains_key(*name));
    faults.extend(unknown.map(|name| TensorFault::Unknown { name: name.clone() }));
    if !faults.is_empty() {
        return Err(LoadError::Tensors { faults });
    }
    Ok(StateDict { tensors: found, scalars: scalars.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(name: &str, shape: &[usize], numbers: &[f32]) -> StateTensor {
        StateTensor { name: name.to_owned(), shape: shape.to_vec(), numbers: numbers.to_vec(), trainable: true }
    }

    fn scalars(names: &[&str]) -> BTreeMap<String, f64> {
        names.iter().map(|name| ((*name).to_owned(), 0.5)).collect()
    }

    #[test]
    fn every_fault_of_every_tensor_is_told() {
        let own = [stored("a", &[2], &[0.0; 2]), stored("b", &[1, 2], &[0.0; 2]), stored("c", &[1], &[0.0])];
        let network = StateDict { tensors: own.to_vec(), scalars: scalars(&["drop.p", "norm.momentum"]) };
        let file =
            [stored("b", &[2, 1], &[1.0, 2.0]), stored("c", &[1], &[f32::NEG_INFINITY]), stored("d", &[1], &[1.0])];
        let file = file.map(|tensor| (tensor.name.clone(), tensor)).into_iter().collect();
        let error = matched(&network, file, &scalars(&["drop.p", "drop.q"])).expect_err("faults");
        assert_eq!(
            error.to_string(),
            "the tensors are not those of the network: `a` is missing; `b` has the shape [2, 1], expected [1, 2]; \
             number 0 of `c` is -inf; `d` is none of the network's; `norm.momentum` is missing; \
             `drop.q` is none of the network's"
        );
    }

    #[test]
    fn numbers_come_in_the_order_of_the_network() {
        let own = [stored("z", &[2], &[0.0; 2]), stored("a", &[1], &[0.0])];
        let network = StateDict { tensors: own.to_vec(), scalars: BTreeMap::new() };
        let file = [stored("a", &[1], &[1.0]), stored("z", &[2], &[2.0, 3.0])];
        let tensors = file.clone().map(|tensor| (tensor.name.clone(), tensor)).into_iter().collect();
        let found = matched(&network, tensors, &BTreeMap::new()).expect("the same tensors");
        assert_eq!(found.tensors, [file[1].clone(), file[0].clone()]);
    }
}
