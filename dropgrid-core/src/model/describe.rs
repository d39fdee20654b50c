//! The description of a model's search space.

use std::fmt;

use super::{Init, Model, Network, Seed, Visitor, architecture};
use crate::{
    error::Result,
    nn::{Parts, each_tensor},
    space::{AxisInfo, Enumeration, RuleKind, Space, architectures},
};

/// Random candidates of an architecture to try, after its first one, until one can be built.
const TRIES: u64 = 32;

/// The axes of a space, the rules between them, the number of its candidates, and each architecture with its trainable
/// parameters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// The model's name.
    pub model: &'static str,
    /// The axes in declaration order.
    pub axes: Vec<AxisInfo>,
    /// The rules between axes, as they are declared: `momentum when(optimizer.is_sgd())`, `forbid = width == 8`,
    /// `union(width == 8, lr < 0.1)`.
    pub rules: Vec<String>,
    /// The number of candidates, rules counted, or `None` with a continuous axis or more than a `usize` counts.
    pub candidates: Option<usize>,
    /// Each compiled architecture of which the rules leave a candidate: its values, and its number of trainable
    /// parameters.
    pub architectures: Vec<(String, usize)>,
}

impl Description {
    /// Describes `space`. Builds a candidate of each architecture, to count its parameters.
    pub fn of<M: Model>(space: &M::Space) -> Self {
        let axes = space.axes();
        let is_finite = axes.iter().all(|axis| axis.len().is_some());
        let candidates = is_finite.then(|| Enumeration::new(space).len().ok()).flatten();
        let named = |params: &M::Params| architecture(&axes, params).unwrap_or_else(|| "the only one".to_owned());
        let rules = M::Space::RULES.iter().map(|rule| match rule.kind {
            RuleKind::When(axis) => format!("{} {}", axes[axis].name, rule.text),
            RuleKind::Forbid => rule.text.to_owned(),
        });
        let rules = rules.collect();
        // A tie may be in its layer's range for one candidate and outside for another.
        let known = |params: M::Params| Some((named(&params), parameters::<M>(&params).ok()?));
        let architectures = architectures(space).filter_map(|architecture| {
            let drawn = (0..TRIES).map_while(|number| architecture.sample(number));
            architecture.first().into_iter().chain(drawn).find_map(known)
        });
        let architectures = architectures.collect();
        Self { model: M::NAME, axes, rules, candidates, architectures }
    }
}

/// The number of trainable parameters of a candidate's network, which is built to count them.
///
/// # Errors
/// Those of building it: a value outside its layer's range, a width that was not compiled.
pub fn parameters<M: Model>(params: &M::Params) -> Result<usize> {
    M::visit(params, CountParameters)?
}

/// Counts the numbers of a network's tensors that are trained. dfdx counts them by a walk of its own, which would be
/// compiled for each network beside the walk that reads.
pub(crate) fn trained_parameters(network: &dyn Parts) -> usize {
    let mut count = 0;
    let counted = each_tensor(network, |tensor, is_trained| {
        count += if is_trained { tensor.shape().iter().product() } else { 0 };
        Ok(())
    });
    counted.map_or(0, |()| count)
}

/// Counts a network's trainable parameters.
struct CountParameters;

impl<M: Model> Visitor<M> for CountParameters {
    type Value = Result<usize>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        Ok(trained_parameters(&build(&Init::alone(Seed(0)))?))
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.axes.iter().map(|axis| axis.name.len()).max().unwrap_or(0);
        let axes = if self.axes.len() == 1 { "axis" } else { "axes" };
        writeln!(f, "{}: {} {axes}", self.model, self.axes.len())?;
        for axis in &self.axes {
            let count = axis.len().map_or_else(|| "   any".to_owned(), |len| format!("{len:>6}"));
            writeln!(f, "  {:width$}  {count}  {}", axis.name, axis.values)?;
        }
        for rule in &self.rules {
            writeln!(f, "  {rule}")?;
        }
        match self.candidates {
            Some(1) => writeln!(f, "1 candidate")?,
            Some(candidates) => writeln!(f, "{candidates} candidates")?,
            None => writeln!(f, "candidates without number")?,
        }
        match self.architectures.len() {
            0 => write!(f, "no architecture has a candidate")?,
            1 => write!(f, "1 architecture")?,
            count => write!(f, "{count} architectures")?,
        }
        for (name, parameters) in &self.architectures {
            write!(f, "\n  {name}: {parameters} parameters")?;
        }
        Ok(())
    }
}
