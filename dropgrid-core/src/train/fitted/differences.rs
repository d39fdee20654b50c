//! The differences between the model in a file and the type that loads it.

use std::collections::{BTreeMap, BTreeSet};

use super::{header::Header, plausible::name_faults};
use crate::{data::batches::shape, error::LoadError, model::Model, nn::Setting, train::loss::TrainTarget};

/// Checks that the model in a file is `M` for targets `T`, as far as this does not depend on hyperparameters.
pub(super) fn same_model<M: Model, T: TrainTarget>(header: &Header) -> Result<(), LoadError> {
    let output = shape::<T::Output>();
    let parts = [
        ("the model", format!("`{}`", header.model), format!("`{}`", M::NAME)),
        (
            "the list of layers",
            fields(header.layers.iter().map(|layer| field(layer))),
            fields(M::LAYERS.iter().copied()),
        ),
        ("the target", header.target.clone(), T::NAME.to_owned()),
        ("the output's shape", format!("{:?}", header.output), format!("{output:?}")),
    ];
    let columns = M::COLUMNS.map(|columns| columns.in_words()).unwrap_or_default();
    let parts = parts.into_iter().chain([("the columns of its fields", header.fields.join("; "), columns.join("; "))]);
    let differences = parts.filter(|(_, found, expected)| found != expected);
    let mut differences: Vec<String> =
        differences.map(|(what, found, expected)| format!("{what} is {found}, expected {expected}")).collect();
    differences.extend(name_faults::<T>(header));
    if differences.is_empty() { Ok(()) } else { Err(LoadError::Differs { differences }) }
}

/// Returns the name of a layer's field.
fn field(layer: &str) -> &str {
    layer.split(':').next().unwrap_or_default()
}

/// Formats a list of field names.
fn fields<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns the differences in the types of layers and in tied settings.
pub(super) fn layer_differences(header: &Header, layers: &[String], ties: &[(&'static str, f64)]) -> Vec<String> {
    let ty = |layer: &str| layer.split_once(": ").map_or(layer, |(_, ty)| ty).to_owned();
    let pairs = header.layers.iter().zip(layers).filter(|(found, expected)| found != expected);
    let types = pairs.map(|(found, expected)| {
        format!("the layer `{}` is `{}`, expected `{}`", field(expected), ty(found), ty(expected))
    });
    let settings = header.tied.keys().map(String::as_str).chain(ties.iter().map(|(setting, _)| *setting));
    let settings: BTreeSet<&str> = settings.collect();
    let tied = settings.into_iter().filter_map(|setting| {
        let found = header.tied.get(setting).copied();
        let expected = ties.iter().find(|(name, _)| *name == setting).map(|&(_, value)| value);
        let shown = |value: Option<f64>| value.map_or_else(|| "not tied".to_owned(), |value| value.to_string());
        let differs = found.map(f64::to_bits) != expected.map(f64::to_bits);
        differs.then(|| {
            let Setting { layer, name, .. } = Setting::new(setting, f64::NAN);
            format!("the {name} of the layer `{layer}` is {}, expected {}", shown(found), shown(expected))
        })
    });
    types.chain(tied).collect()
}

/// Checks that the settings in a file equal those of the network built from the file's hyperparameters.
pub(super) fn same_settings(network: &BTreeMap<String, f64>, file: &BTreeMap<String, f64>) -> Result<(), LoadError> {
    let both = network.iter().filter_map(|(path, &expected)| Some((path, *file.get(path)?, expected)));
    let differences = both.filter(|(_, found, expected)| found != expected).map(|(path, found, expected)| {
        let Setting { layer, name, .. } = Setting::new(path, found);
        format!("the {name} of the layer `{layer}` is {found}, expected {expected}")
    });
    let differences: Vec<String> = differences.collect();
    if differences.is_empty() { Ok(()) } else { Err(LoadError::Differs { differences }) }
}
