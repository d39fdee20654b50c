//! The monitored values of a candidate.

use crate::{
    record::{Budget, Record},
    space::Space,
    strategy::{Trial, View},
};

/// The mean monitored value over the folds after each epoch that any fold was trained, where the candidate has a record
/// on each fold at the budget; a fold that has ended by itself counts on with its last value. `None` where a fit
/// failed.
pub(super) fn values_of<S: Space>(view: &View<'_, S>, trial: &Trial<S::Params>, budget: Budget) -> Option<Vec<f64>> {
    let records = trial.at(budget);
    if records.iter().any(|record| record.outcome.is_err()) {
        return None;
    }
    let epochs = records.iter().map(|record| record.curve.epochs.len()).max().unwrap_or(0);
    let total: f64 = view.folds.iter().map(|fold| fold.weight).sum();
    let of_fold = |record: &Record, epoch: usize| {
        let at = record.curve.epochs.get(epoch).or(record.curve.epochs.last());
        at.and_then(|epoch| epoch.monitored).unwrap_or(f64::NAN)
    };
    let mean = |epoch: usize| {
        let terms = records.iter().map(|record| view.folds[record.fold as usize].weight * of_fold(record, epoch));
        terms.sum::<f64>() / total
    };
    Some((0..epochs).map(mean).collect())
}
