//! Trainings that are over before their budget: no larger budget runs them again.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use dropgrid::{
    Failure,
    hook::{Epoch, FitInfo, Hook},
    prelude::*,
    record::{Budget, Job, Record},
    report::Results,
    search::Search,
    strategy::{Proposal, Strategy, View},
};

use crate::{corners::corners, own_layer::own_layer};

/// Gives infinities once a logit of the first row is large, as it is after some epochs.
#[derive(Debug, Clone, Copy, Default)]
struct Fuse;

own_layer!(Fuse, |_layer, input| train: {
    let logits = input.as_vec();
    if logits[..3].iter().any(|logit| logit.abs() > 2.0) { input * f32::INFINITY } else { input }
}, evaluate: input);

#[searchable]
struct Fused {
    output: Linear<4, 3>,
    fuse: Fuse,
    #[train]
    #[grid(0.01, 0.05, 0.1, 0.2, 0.4)]
    lr: f64,
}

/// Gives every candidate each of these epochs, one after the other, and then the whole training.
#[derive(Debug, Clone)]
struct Ladder(&'static [u32]);

impl Strategy<FusedSpace> for Ladder {
    fn count(&self, _: &View<'_, FusedSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, FusedSpace>) -> Proposal<FusedParams> {
        let budgets = self.0.iter().map(|&epochs| Budget::epochs(epochs)).collect::<dropgrid::Result<Vec<_>>>()?;
        for budget in budgets.into_iter().chain([Budget::Full]) {
            let candidates = (0..).zip(view.space.iter());
            let jobs: Vec<_> = candidates
                .flat_map(|(candidate, params)| {
                    (0..view.fold_count()).map(move |fold| Job { candidate, params: params.clone(), fold, budget })
                })
                .collect();
            let is_known =
                |job: &Job<_>| view.trials.get(job.candidate).is_some_and(|it| it.record(job.fold, budget).is_some());
            if !jobs.iter().all(is_known) {
                return Ok(jobs);
            }
        }
        Ok(Vec::new())
    }
}

/// Counts trainings and their epochs.
#[derive(Debug, Clone, Default)]
struct Counts(Arc<[AtomicUsize; 2]>);

impl Counts {
    fn get(&self) -> [usize; 2] {
        [0, 1].map(|at| self.0[at].load(Ordering::Relaxed))
    }
}

impl Hook for Counts {
    fn fit_start(&self, _: &FitInfo) {
        self.0[0].fetch_add(1, Ordering::Relaxed);
    }

    fn epoch_end(&self, _: &FitInfo, _: &Epoch) {
        self.0[1].fetch_add(1, Ordering::Relaxed);
    }
}

fn search<S: Strategy<FusedSpace>>(strategy: S, counts: &Counts) -> Search<Fused, S> {
    let recipe = Train::adam(0.1).epochs(8).batch_size(10);
    Fused::search(strategy).cv(KFold::new(3).shuffle()).train(recipe).seed(4).progress(false).hook(counts.clone())
}

/// The trainings and epochs of a search whose candidates get these epochs one after the other, where none is trained
/// twice, by the epoch with which each training is over whatever its budget: `None` where it is not.
fn expected(results: &Results<FusedParams>, budgets: &[usize], over: impl Fn(&Record) -> Option<usize>) -> [usize; 2] {
    let mut counts = [0, 0];
    for record in results.candidates().iter().flat_map(|candidate| candidate.records()) {
        let before = budgets.iter().filter(|&&epochs| over(record).is_none_or(|over| epochs < over));
        counts[0] += before.count() + 1;
        counts[1] += record.curve.epochs.len();
    }
    counts
}

#[test]
fn a_training_that_failed_is_not_run_again_with_more_epochs() {
    let data = corners(90, 1.0);
    let error_score = || ErrorScore::Value(0.0);
    let whole = search(Grid, &Counts::default()).error_score(error_score()).cross_validate(&data).expect("a report");
    // A fit fails in the epoch behind the last one of its curve.
    let over = |record: &Record| record.outcome.is_err().then_some(record.curve.epochs.len() + 1);
    let failed: Vec<usize> =
        whole.results().candidates().iter().flat_map(|candidate| candidate.records()).filter_map(over).collect();
    assert!(failed.iter().any(|&epoch| epoch > 4) && failed.iter().any(|&epoch| epoch < 4), "{failed:?}");
    let folder = tempfile::tempdir().expect("a folder");
    for study in [None, Some(folder.path().join("x.study"))] {
        let counts = Counts::default();
        let searched = search(Ladder(&[2, 4]), &counts).error_score(error_score());
        let searched = if let Some(study) = &study { searched.study(study) } else { searched };
        let report = searched.cross_validate(&data).expect("a report");
        for (candidate, whole) in report.results().candidates().iter().zip(whole.results().candidates()) {
            for (record, whole) in candidate.records().iter().zip(whole.records()) {
                // The loss may be NaN, which is not equal to itself, but prints the same.
                assert_eq!(format!("{:?}", record.outcome), format!("{:?}", whole.outcome));
                assert_eq!(record.curve, whole.curve);
                if let Err(Failure::Diverged { epoch, .. }) = record.outcome {
                    assert_eq!(epoch, record.curve.epochs.len() + 1);
                }
            }
        }
        assert_eq!(counts.get(), expected(whole.results(), &[2, 4], over));
    }
}

/// A rule of the search ends every training with its fourth epoch, the very last one of a budget.
#[test]
fn a_rule_that_ends_a_training_with_the_last_epoch_of_a_budget_ends_it_for_every_budget() {
    let data = corners(90, 1.0);
    let four = |epochs: &[Epoch]| epochs.len() == 4;
    let slow = || Fused::space().lr([1e-3, 2e-3]);
    let whole = search(Grid, &Counts::default()).space(slow()).stop_when("four", four);
    let whole = whole.cross_validate(&data).expect("a report");
    let counts = Counts::default();
    let report = search(Ladder(&[2, 4, 6]), &counts).space(slow()).stop_when("four", four);
    let report = report.cross_validate(&data).expect("a report");
    let details = |results: &Results<FusedParams>| -> Vec<_> {
        let records = results.candidates().iter().flat_map(|candidate| candidate.records());
        records.map(|record| (record.outcome.clone(), record.details.clone(), record.curve.clone())).collect()
    };
    assert_eq!(details(report.results()), details(whole.results()));
    assert_eq!(counts.get(), expected(whole.results(), &[2, 4, 6], |_| Some(4)));
}
