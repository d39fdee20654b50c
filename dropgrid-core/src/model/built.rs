//! The network of a candidate as text: the types and settings that the compiler made of the declared layers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Init, Model, Network, Seed, Visitor, init::BuildLog, types::layers_of};
use crate::{
    error::Result,
    nn::{Part, each_part},
    space::{AxisInfo, Params},
};

/// The layers of the candidate's network by the names of their fields, each with its type and the settings that the
/// model fixes: `norm: BatchNorm1D<64> (momentum given, epsilon 1e-5)`. A setting that an axis or a tie sets is
/// `given`.
///
/// Constants, aliases and the model's own generics are resolved, and paths of modules are left out. So the text differs
/// exactly where the compiler built another network. Private fields of a user's layer do not show.
///
/// # Errors
/// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
pub(crate) fn network<M: Model>(params: &M::Params) -> Result<Vec<String>> {
    let mut network = M::visit(params, Describe)?;
    network.extend(M::COLUMNS.map(|columns| format!("columns of {}", columns.in_words().join(", of "))));
    Ok(network)
}

/// The values of the candidate's ties, by `field.setting`.
///
/// # Errors
/// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
pub(crate) fn tied<M: Model>(params: &M::Params) -> Result<Vec<(&'static str, f64)>> {
    if M::TIES.is_empty() {
        return Ok(Vec::new());
    }
    Ok(M::TIES.iter().copied().zip(tie_values::<M>(params)?).collect())
}

/// The values of the candidate's ties in the order of [`Model::TIES`].
///
/// # Errors
/// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
pub(super) fn tie_values<M: Model>(params: &M::Params) -> Result<Vec<f64>> {
    if M::TIES.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = M::visit(params, ReadTies)?;
    values.extend(M::inner_ties(params)?);
    Ok(values)
}

/// The values of the candidate's ties as text: `late.p = 0.05`. `None` where there are no ties.
///
/// # Errors
/// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
pub(crate) fn tied_in_words<M: Model>(params: &M::Params) -> Result<Option<String>> {
    let ties = tied::<M>(params)?;
    let words: Vec<String> = ties.into_iter().map(|(setting, value)| format!("{setting} = {value:?}")).collect();
    Ok((!words.is_empty()).then(|| words.join(", ")))
}

/// The architecture of a candidate as text: `hidden = 64, act = ReLU`, without the axes that the candidate does not
/// have. `None` where no axis is of the architecture.
pub(crate) fn architecture<P: Params>(axes: &[AxisInfo], params: &P) -> Option<String> {
    let parts = axes.iter().zip(params.values()).filter(|(axis, value)| axis.architecture && !value.is_null());
    let parts: Vec<String> = parts
        .map(|(axis, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("{} = {text}", axis.name)
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What the type of a network says of its input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// True where the network begins with a layer that is fitted on the data.
    pub(crate) has_statistics: bool,
    /// The number of codes, where the network [takes codes](crate::nn::TakesCodes).
    pub(crate) codes: Option<usize>,
}

impl Head {
    /// Reads the type of the candidate's network, without building one.
    ///
    /// # Errors
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
    pub(crate) fn of<M: Model>(params: &M::Params) -> Result<Self> {
        M::visit(params, ReadHead)
    }
}

struct ReadHead;

impl<M: Model> Visitor<M> for ReadHead {
    type Value = Head;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Head {
        let log = BuildLog::type_alone();
        // The building ends before it begins.
        drop(build(&Init::alone(Seed(0)).logged(&log)));
        Head { has_statistics: log.has_statistics(), codes: log.codes() }
    }
}

/// Evaluates the ties of a candidate without building layers.
struct ReadTies;

impl<M: Model> Visitor<M> for ReadTies {
    type Value = Vec<f64>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Vec<f64> {
        let log = BuildLog::ties_alone();
        // The building ends as soon as the ties are logged.
        drop(build(&Init::alone(Seed(0)).logged(&log)));
        log.into_ties()
    }
}

/// Builds the network of a candidate to read its settings.
struct Describe;

impl<M: Model> Visitor<M> for Describe {
    type Value = Vec<String>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Vec<String> {
        let layers = layers_of::<N>(M::LAYERS);
        let log = BuildLog::default();
        // A layer that cannot be built has only its type to show. Its fits fail and say why.
        let built = catch_unwind(AssertUnwindSafe(|| build(&Init::alone(Seed(0)).logged(&log))));
        let Ok(Ok(network)) = built else { return layers };
        let mut scalars: Vec<(String, f64)> = Vec::new();
        // Reading cannot fail on the CPU.
        let _ = each_part(&network, |name, part| {
            if let Part::Setting(value) = part {
                scalars.push((name, value));
            }
            Ok(())
        });
        let given = log.into_settings();
        let with_settings = |layer: String| {
            let field = layer.split(':').next().unwrap_or_default();
            let given = given.iter().filter(|given| given.field == field);
            let given: Vec<&str> = given.map(|given| given.setting.as_str()).collect();
            let own = scalars.iter().filter_map(|(name, value)| {
                let setting = name.strip_prefix(field)?.strip_prefix('.')?;
                Some((setting, *value))
            });
            let own: Vec<(&str, f64)> = own.collect();
            // A given setting may be shown by another name, as the rate of a dropout is by `p`; then none is logged.
            let is_shown = given.iter().all(|given| own.iter().any(|(setting, _)| setting == given));
            let fixed = own.iter().filter(|(setting, _)| is_shown && !given.contains(setting));
            let fixed = fixed.map(|&(setting, value)| format!("{setting} {}", number(value)));
            let words: Vec<String> = given.iter().map(|setting| format!("{setting} given")).chain(fixed).collect();
            if words.is_empty() { layer } else { format!("{layer} ({})", words.join(", ")) }
        };
        layers.into_iter().map(with_settings).collect()
    }
}

/// A number with no more digits than the precision, single or double, in which the layer stores it.
fn number(value: f64) -> String {
    let single = value as f32;
    if f64::from(single).to_bits() == value.to_bits() { format!("{single:?}") } else { format!("{value:?}") }
}
