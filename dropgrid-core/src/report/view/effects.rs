//! The effects of hyperparameters as a picture needs them.

use dropgrid_view::{Difference, Effect, Importance};

use crate::report::{CvResults, PairedDifference};

const LUCK: &str = "Luck is part of the scores, and of the shares of what does little.";

pub(super) fn importance(results: &CvResults) -> Option<Importance> {
    let effects = results.effects()?;
    let method = effects.method;
    let main = effects.main.into_iter().map(|effect| Effect { names: vec![effect.name], share: effect.share });
    let pairs = effects
        .pairs
        .into_iter()
        .map(|effect| Effect { names: vec![effect.names.0, effect.names.1], share: effect.share });
    let method = format!(
        "Functional analysis of variance, {method}: each bar is a share of the variance of the mean scores. {LUCK}"
    );
    Some(Importance { method, effects: main.chain(pairs).collect() })
}

/// The differences between neighbouring values of each hyperparameter.
pub(super) fn differences(results: &CvResults) -> Vec<Difference> {
    let Some(first) = results.candidates().first() else { return Vec::new() };
    let names: Vec<String> = first.fields().iter().map(|(name, _)| (*name).to_owned()).collect();
    let of_axis = |name: &String| {
        let difference = |it: PairedDifference| Difference {
            name: name.clone(),
            from: it.from,
            to: it.to,
            pairs: it.pairs,
            mean: it.comparison.difference,
            interval: it.comparison.interval(0.95),
        };
        results.paired_differences(name).into_iter().map(difference).collect::<Vec<_>>()
    };
    names.iter().flat_map(of_axis).collect()
}
