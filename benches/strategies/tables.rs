//! Full tables: every candidate on every fold of several repeats, scored after every epoch.

use std::{fmt::Write, path::Path, time::Instant};

use dropgrid::{
    prelude::*,
    record::{Budget, Job},
    strategy::{Proposal, Strategy, View},
};

use super::models::{EPOCHS, FOLDS, Task};

/// The repeats of a table, each with folds, initial weights and orders of batches of its own.
pub(crate) const REPEATS: usize = 3;

/// Scores every candidate after each of its epochs: one training a fold.
#[derive(Debug)]
pub(crate) struct EveryEpoch;

impl<S: FiniteSpace> Strategy<S> for EveryEpoch {
    fn count(&self, view: &View<'_, S>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(view.space.try_len()? * view.folds.len() * view.epoch_range.1 as usize))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let mut jobs = Vec::new();
        for candidate in 0..view.space.len() as u64 {
            let Some(params) = view.space.nth(candidate as usize).filter(|_| view.trials.get(candidate).is_none())
            else {
                continue;
            };
            for (fold, epochs) in (0..view.fold_count()).flat_map(|fold| (1..=EPOCHS).map(move |it| (fold, it))) {
                let budget = view.budget(&params, epochs)?;
                jobs.push(Job { candidate, params: params.clone(), fold, budget });
            }
        }
        Ok(jobs)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// Writes the table of a data set into `folder`: a row for each candidate, repeat and fold, with its hyperparameters
/// and the scores after epochs 1, 2, and so on.
pub(crate) fn write<M: Task>(folder: &Path) -> dropgrid::Result<()> {
    let path = folder.join(format!("{}.table.csv", M::NAME));
    if path.exists() {
        return Ok(());
    }
    let start = Instant::now();
    let names = <M::Params as dropgrid::space::Params>::NAMES.join(",");
    let epochs: Vec<String> = (1..=EPOCHS).map(|epoch| epoch.to_string()).collect();
    let mut text = format!("candidate,{names},repeat,fold,{}\n", epochs.join(","));
    for repeat in 0..REPEATS {
        let results = M::table(folder, repeat as u64)?;
        for (at, candidate) in results.candidates().iter().enumerate() {
            let values = dropgrid::space::Params::values(candidate.params());
            let values: Vec<String> = values.iter().map(|value| value.to_string().replace('"', "")).collect();
            for fold in 0..FOLDS {
                let _ = write!(text, "{at},{},{repeat},{fold}", values.join(","));
                let mut records: Vec<_> = candidate.other_records().iter().chain(candidate.records()).collect();
                records.retain(|record| record.fold as usize == fold);
                records.sort_by_key(|record| match record.budget {
                    Budget::Epochs(epochs) => epochs.get(),
                    _ => EPOCHS,
                });
                assert_eq!(records.len(), EPOCHS as usize);
                for record in records {
                    let score = record.outcome.as_ref().map_or(f64::NAN, |scores| scores[0]);
                    let _ = write!(text, ",{score}");
                }
                text.push('\n');
            }
        }
    }
    dropgrid::file::write(&path, text)?;
    println!("{} in {:.0} s", M::NAME, start.elapsed().as_secs_f64());
    Ok(())
}
