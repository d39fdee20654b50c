//! The trials of other searches and the constraints of a search, bound to its space and its metrics.

use std::{cmp::Ordering, fmt::Write, ops::Bound};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::names::check_listed;
use crate::{
    error::{Error, Result, SpaceError},
    record::{Constraint, MetricInfo},
    report::{MetricRef, PriorResults},
    space::{Params, Space, from_names},
    split::Warning,
    strategy::{PriorStudy, Strategy},
};

/// A constraint as the user gave it: a metric's name and bounds.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    pub(super) metric: String,
    pub(super) lower: Bound<f64>,
    pub(super) upper: Bound<f64>,
}

/// Binds constraints to the metrics of a search.
///
/// # Errors
/// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric); [`Error::Setting`] for bounds that no
/// score can meet.
pub(super) fn constraints(asked: &[Bounds], metrics: &[MetricInfo]) -> Result<Vec<Constraint>> {
    let bind = |bounds: &Bounds| {
        let metric = bounds.metric.as_str().pick(metrics, |at| at)?;
        let constraint = Constraint { metric, name: bounds.metric.clone(), lower: bounds.lower, upper: bounds.upper };
        if !can_be_met(bounds) {
            let (setting, value) = ("constraint", constraint.to_string());
            return Err(Error::Setting { setting, value, expected: "a bound that a score can meet" });
        }
        Ok(constraint)
    };
    asked.iter().map(bind).collect()
}

/// Checks the candidates that are to be tried first.
///
/// # Errors
/// [`SpaceError::NotInSpace`], [`NameError::Repeated`](crate::error::NameError::Repeated); [`Error::Setting`] for a
/// strategy that cannot try given candidates first.
pub(super) fn check_enqueued<S: Space>(enqueued: &[S::Params], strategy: &dyn Strategy<S>, space: &S) -> Result<()> {
    if !enqueued.is_empty() && !strategy.learns() {
        let (setting, value) = ("enqueue", format!("given to {strategy:?}"));
        let expected = "a strategy with a model of scores: Gp, Tpe or Auto; Candidates tries a list";
        return Err(Error::Setting { setting, value, expected });
    }
    if let Some(params) = enqueued.iter().find(|params| !is_candidate(space, params)) {
        return Err(SpaceError::NotInSpace { params: params.to_string() }.into());
    }
    check_listed(enqueued)
}

/// Returns true for a candidate of the space: its values are on the axes, no rule forbids it, and it has exactly its
/// active axes.
fn is_candidate<S: Space>(space: &S, params: &S::Params) -> bool {
    let nearest = space.positions_of(params).and_then(|positions| space.nearest(&positions));
    nearest.is_some_and(|nearest| nearest.to_string() == params.to_string())
}

/// Prior searches in the space of a new one, and the warnings about them.
type PriorStudies<P> = (Vec<PriorStudy<P>>, Vec<Warning>);

/// Returns the trials of other searches that are candidates of this one, scored by its deciding metric, and warnings
/// about the others.
///
/// # Errors
/// [`SpaceError::PriorAxes`], [`SpaceError::PriorCandidates`],
/// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric); [`Error::Setting`] for a strategy that
/// does not learn.
pub(super) fn studies<S: Space>(
    priors: &[PriorResults],
    strategy: &dyn Strategy<S>,
    space: &S,
    deciding: &MetricInfo,
) -> Result<PriorStudies<S::Params>> {
    if !priors.is_empty() && !strategy.learns() {
        let (setting, value) = ("warm_start", format!("given to {strategy:?}"));
        return Err(Error::Setting { setting, value, expected: "a strategy with a model of scores: Gp, Tpe or Auto" });
    }
    let (mut studies, mut warnings) = (Vec::new(), Vec::new());
    for prior in priors {
        let (study, warning) = bind(prior, space, deciding)?;
        studies.push(study);
        warnings.extend(warning);
    }
    Ok((studies, warnings))
}

/// Returns true if some number is within the bounds.
fn can_be_met(bounds: &Bounds) -> bool {
    let is_number = |bound: &Bound<f64>| match bound {
        Bound::Included(number) | Bound::Excluded(number) => !number.is_nan(),
        Bound::Unbounded => true,
    };
    let order = match (bounds.lower, bounds.upper) {
        (Bound::Included(lower), Bound::Included(upper)) => lower.partial_cmp(&upper),
        (Bound::Included(lower) | Bound::Excluded(lower), Bound::Included(upper) | Bound::Excluded(upper)) => {
            lower.partial_cmp(&upper).filter(|order| order.is_lt())
        }
        _ => Some(Ordering::Less),
    };
    is_number(&bounds.lower) && is_number(&bounds.upper) && order.is_some_and(Ordering::is_le)
}

fn bind<S: Space>(
    prior: &PriorResults,
    space: &S,
    deciding: &MetricInfo,
) -> Result<(PriorStudy<S::Params>, Option<Warning>)> {
    let metric = deciding.name.as_str().pick(&prior.metrics, |at| at)?;
    let known: Vec<&String> =
        prior.candidates.first().into_iter().flat_map(|it| &it.fields).map(|(name, _)| name).collect();
    let ours = S::Params::NAMES;
    let missing: Vec<String> =
        ours.iter().filter(|name| known.iter().all(|other| other != *name)).map(|name| (*name).to_owned()).collect();
    if !missing.is_empty() && !known.is_empty() {
        let known = known.into_iter().cloned().collect();
        return Err(SpaceError::PriorAxes { missing, known }.into());
    }
    let extra: Vec<String> = known.into_iter().filter(|name| !ours.contains(&name.as_str())).cloned().collect();
    let params = |fields: &[(String, Value)]| -> Option<S::Params> {
        let of_space = fields.iter().filter(|(name, _)| ours.contains(&name.as_str())).cloned();
        let params: S::Params = from_names(of_space.collect())?;
        is_candidate(space, &params).then_some(params)
    };
    let candidates = prior.candidates.iter();
    let trials: Vec<(S::Params, Vec<f64>)> =
        candidates.filter_map(|it| Some((params(&it.fields)?, it.scores[metric].clone()))).collect();
    let count = prior.candidates.len();
    if trials.is_empty() {
        return Err(SpaceError::PriorCandidates { candidates: count }.into());
    }
    let outside = count - trials.len();
    let warning = (outside > 0 || !extra.is_empty()).then_some(Warning::Prior { candidates: count, outside, extra });
    Ok((PriorStudy { direction: prior.metrics[metric].direction, trials, weights: prior.weights.clone() }, warning))
}

/// Returns a text that identifies the trials: equal for the same trials, different for others. `None` if there are no
/// other searches.
pub(super) fn identity(priors: &[PriorResults]) -> Option<String> {
    let mut hash = Sha256::new();
    for PriorResults { metrics, weights, candidates } in priors {
        hash.update(format!("{metrics:?} {weights:?}"));
        for candidate in candidates {
            hash.update(format!("{} {:?}", candidate.text(), candidate.scores));
        }
    }
    let count: usize = priors.iter().map(|prior| prior.candidates.len()).sum();
    (!priors.is_empty()).then(|| format!("{count} trials, {}", hex(hash)))
}

/// Returns the first 64 bits of the hash in hexadecimal.
pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
