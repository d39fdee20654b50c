//! The outcome of a search: its entries in a report, or the reason why there is no winner.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    error::{self, AnyReport, Error},
    record::Budget,
    report::{CvResults, Entry, WholeTraining},
    space::Space,
    strategy::{Elimination, Strategy, Trial, Trials, View},
};

/// A strategy's verdicts on the candidates at the end of a search.
#[derive(Default)]
pub(super) struct Verdicts {
    finalists: HashSet<u64>,
    eliminations: HashMap<u64, Elimination>,
    /// The last iteration of each candidate, if the strategy counts iterations.
    iterations: BTreeMap<u64, usize>,
}

/// A strategy's verdict on one candidate.
pub(super) struct Verdict {
    pub(super) is_finalist: bool,
    pub(super) elimination: Option<Elimination>,
    pub(super) iteration: Option<usize>,
}

impl Verdicts {
    /// Asks `strategy` for its verdicts on the candidates of `view`.
    pub(super) fn new<S: Space>(strategy: &dyn Strategy<S>, view: &View<'_, S>) -> Self {
        let finalists = strategy.finalists(view).into_iter().collect();
        let eliminations = strategy.eliminations(view).into_iter();
        let eliminations = eliminations.map(|elimination| (elimination.candidate, elimination)).collect();
        Self { finalists, eliminations, iterations: strategy.iterations(view) }
    }

    /// Removes and returns the verdict on a candidate.
    pub(super) fn take(&mut self, candidate: u64) -> Verdict {
        Verdict {
            is_finalist: self.finalists.remove(&candidate),
            elimination: self.eliminations.remove(&candidate),
            iteration: self.iterations.remove(&candidate),
        }
    }
}

/// Makes the entries of a report: each candidate with the records that it is ranked by. `epochs` returns the epochs of
/// a candidate's full training, and `rows` is the number of rows of the data.
pub(super) fn entries<P>(
    trials: Trials<P>,
    mut verdicts: Verdicts,
    folds: usize,
    epochs: impl Fn(&P) -> usize,
    rows: usize,
) -> Vec<Entry<P>> {
    let by_rows = trials.records().any(|record| matches!(record.budget, Budget::Rows(_)));
    let entry = |trial: Trial<P>| {
        let whole = WholeTraining { epochs: epochs(&trial.params), rows: by_rows.then_some(rows) };
        let Verdict { is_finalist, elimination, iteration } = verdicts.take(trial.number);
        let (params, records) = trial.into_parts();
        Entry { elimination, iteration, ..Entry::judged(params, records, folds, whole, is_finalist) }
    };
    trials.into_iter().map(entry).collect()
}

/// Returns a function that makes the error of a search in which no finalist has a mean score. The function takes the
/// report.
pub(super) fn nothing_finished(results: &CvResults) -> impl FnOnce(Option<AnyReport>) -> Error + use<> {
    let metric = results.metrics()[0].name.clone();
    let (fits, failed) = (results.fits(), results.failures().count());
    let reasons = if failed == 0 {
        let warnings = results.warnings().filter(|&(metric, _)| metric == 0);
        let named: Vec<_> = warnings.map(|(_, warning)| warning.with_names(results.classes())).collect();
        error::group(&named)
    } else {
        error::group(results.failures())
    };
    move |report| match failed {
        0 => Error::UndefinedScores { metric, reasons, report },
        _ if failed == fits => Error::AllFitsFailed { fits, reasons, report },
        _ => Error::NoCandidateFinished { failed, fits, reasons, report },
    }
}
