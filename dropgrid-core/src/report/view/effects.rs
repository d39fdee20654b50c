//! The effects of hyperparameters as a picture needs them.

use std::sync::Arc;

use dropgrid_view::{Difference, Effect, Importance};

use crate::report::{CandidateScores, CvResults, PairedDifference};

const LUCK: &str = "Luck is part of the scores, and of the shares of what does little.";

/// The fewest candidates from which a forest is made.
const FEWEST: usize = 10;

/// Returns the importance, or the reason why there is none.
pub(super) fn importance(results: &CvResults) -> Result<Importance, String> {
    let effects = results.effects().ok_or_else(|| missing(results))?;
    let method = effects.method;
    let main = effects.main.into_iter().map(|effect| Effect { names: vec![effect.name], share: effect.share });
    let pairs = effects
        .pairs
        .into_iter()
        .map(|effect| Effect { names: vec![effect.names.0, effect.names.1], share: effect.share });
    let method = format!(
        "Functional analysis of variance, {method}: each bar is a share of the variance of the mean scores. {LUCK}"
    );
    Ok(Importance { method, effects: main.chain(pairs).collect() })
}

fn missing(results: &CvResults) -> String {
    let is_scored = |candidate: &&Arc<CandidateScores>| candidate.is_finalist() && candidate.mean(0).is_finite();
    let scores: Vec<f64> = results.candidates().iter().filter(is_scored).map(|candidate| candidate.mean(0)).collect();
    let is_few = scores.len() < 2 || scores.len() < FEWEST && scores.iter().any(|score| *score != scores[0]);
    let why = if is_few {
        format!(
            "it takes a complete grid, or {FEWEST} candidates with a whole training and a score, of which there are {}",
            scores.len()
        )
    } else {
        "the scores are all the same".to_owned()
    };
    format!("There is no importance of hyperparameters: {why}.")
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use dropgrid_view::SearchView;
    use serde_json::{Value, json};

    use crate::{
        metric::Direction,
        record::{Budget, Curve, Details, FoldInfo, MetricInfo, Record},
        report::{ErrorScore, Fields, Results},
    };

    struct Net(usize);

    impl Fields for Net {
        fn fields(&self) -> Vec<(&str, Value)> {
            // No grid: each width has a rate of its own.
            vec![("width", json!(self.0)), ("rate", json!(self.0 as f64 / 10.0))]
        }
    }

    fn view(candidates: usize, score: impl Fn(usize) -> f64) -> SearchView {
        let record = |at: usize| Record {
            candidate: at as u64,
            fold: 0,
            budget: Budget::Full,
            outcome: Ok(vec![score(at)]),
            warnings: vec![Vec::new()],
            train_scores: None,
            fit_time: Duration::ZERO,
            score_time: Duration::ZERO,
            curve: Curve::default(),
            details: Details::default(),
        };
        let folds = vec![FoldInfo { repeat: 0, train: 200, test: 100, weight: 1.0 }];
        let metrics = vec![MetricInfo { name: "score".to_owned(), direction: Direction::Maximize }];
        let entries = (0..candidates).map(|at| (Net(at), vec![record(at)]));
        Results::new(entries, metrics, folds, ErrorScore::Nan).view()
    }

    #[test]
    fn importance_or_the_reason_why_there_is_none() {
        let why = |view: &SearchView| view.importance_missing.clone().unwrap_or_default();
        let few = view(9, |at| at as f64);
        assert!(few.importance.is_none() && why(&few).ends_with("a score, of which there are 9."), "{}", why(&few));
        let enough = view(10, |at| at as f64);
        assert!(enough.importance.is_some() && enough.importance_missing.is_none(), "{}", why(&enough));
        for count in [9, 10] {
            let same = view(count, |_| 0.5);
            assert!(
                same.importance.is_none() && why(&same).ends_with("the scores are all the same."),
                "{}",
                why(&same)
            );
        }
        let many = view(super::super::COMPARED + 1, |at| at as f64);
        assert!(
            many.importance.is_none() && why(&many).starts_with("Of more than 20,000 candidates"),
            "{}",
            why(&many)
        );
    }

    #[test]
    fn records_without_a_summary_say_why_nothing_is_drawn() {
        let view = view(3, |at| at as f64);
        let why = view.predictions_missing.expect("a reason");
        assert!(view.predictions.is_none() && why.ends_with("those of `cross_val_predict`."), "{why}");
    }
}
