//! The outcome of a search: its entries in a report, or the reason why there is no winner.

use std::collections::{BTreeMap, HashMap};

use crate::{
    error::{self, AnyReport, Error},
    record::Budget,
    report::{CvResults, Entry, WholeTraining},
    strategy::{Elimination, Trial, Trials},
};

/// A strategy's verdicts on the candidates at the end of a search.
#[derive(Default)]
pub(super) struct Verdicts {
    /// The numbers of the finalists, ascending.
    pub(super) finalists: Vec<u64>,
    pub(super) eliminations: Vec<Elimination>,
    /// The last iteration of each candidate, where the strategy counts them.
    pub(super) iterations: BTreeMap<u64, usize>,
}

/// The entries of a report: each candidate with the records by which it is judged. `epochs` gives those of a candidate's
/// whole training, and `rows` are those of the data.
pub(super) fn entries<P>(
    trials: Trials<P>,
    verdicts: Verdicts,
    folds: usize,
    epochs: impl Fn(&P) -> usize,
    rows: usize,
) -> Vec<Entry<P>> {
    let by_rows = trials.records().any(|record| matches!(record.budget, Budget::Rows(_)));
    let Verdicts { finalists, eliminations, iterations } = verdicts;
    let mut eliminations: HashMap<u64, Elimination> =
        eliminations.into_iter().map(|elimination| (elimination.candidate, elimination)).collect();
    let entry = |trial: Trial<P>| {
        let whole = WholeTraining { epochs: epochs(&trial.params), rows: by_rows.then_some(rows) };
        let is_finalist = finalists.binary_search(&trial.number).is_ok();
        let (elimination, iteration) = (eliminations.remove(&trial.number), iterations.get(&trial.number).copied());
        let (params, records) = trial.into_parts();
        Entry { elimination, iteration, ..Entry::judged(params, records, folds, whole, is_finalist) }
    };
    trials.into_iter().map(entry).collect()
}

/// The error of a search in which no finalist has a mean score, once it is given the report.
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
