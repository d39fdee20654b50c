//! Jobs of one training that are proposed apart from each other.

use dropgrid::{Error, error::StrategyError};

use super::*;
use crate::corners::corners;

/// Epochs as the slowest axis: candidates that share a training are far apart.
#[searchable]
struct Slow {
    output: Linear<4, 3>,
    #[train]
    #[grid(1, 2)]
    epochs: usize,
    #[train]
    #[grid(log(1e-3..=1e-1), points = 4200)]
    lr: f64,
}

/// Counts the epochs of a search, and the trainings.
fn counting<M: Model, S: Strategy<M::Space>>(
    search: dropgrid::search::Search<M, S>,
    epochs: &Seen,
) -> dropgrid::search::Search<M, S> {
    let epochs = Arc::clone(epochs);
    let count = move |_: &FitInfo, _: &Epoch| {
        epochs.fetch_add(1, Ordering::Relaxed);
    };
    search.cv(KFold::new(2)).progress(false).hook(count)
}

#[test]
fn candidates_far_apart_in_a_large_space_share_a_training() {
    let data = corners(6, 1.0);
    let whole = Slow::space().len();
    assert!(whole * 2 > 1 << 14, "more jobs than one proposal has");
    let epochs = Seen::default();
    let grid = counting(Slow::search(Grid), &epochs).cross_validate(&data).expect("a report");
    assert_eq!((epochs.load(Ordering::Relaxed), grid.results().candidates().len()), (2 * whole, whole));
    // All of them in another order.
    let epochs = Seen::default();
    let random = counting(Slow::search(Random::new(whole)), &epochs).cross_validate(&data).expect("a report");
    assert_eq!(epochs.load(Ordering::Relaxed), 2 * whole);
    for candidate in random.results().candidates().iter().step_by(97) {
        let index = Slow::space().index_of(candidate.params()).expect("a candidate");
        assert_eq!(candidate.scores(0), grid.results().candidates()[index].scores(0));
    }
}

/// Proposes three epochs of each candidate, and the whole training once there is a record: of another candidate, or
/// none.
#[derive(Debug)]
struct Rash;

impl Strategy<NetSpace> for Rash {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        let parts = [Some(Budget::epochs(3)?), (!view.trials.is_empty()).then_some(Budget::Full)];
        let mut jobs = Vec::new();
        for (candidate, budget) in (0..4).flat_map(|candidate| parts.map(|budget| (candidate, budget))) {
            let Some(budget) = budget else { continue };
            let params = view.space.nth(candidate as usize).expect("a candidate");
            jobs.extend((0..view.fold_count()).map(|fold| Job { candidate, params: params.clone(), fold, budget }));
        }
        Ok(jobs)
    }
}

/// While a job is under way, the same training with more epochs waits for its state, or joins it where it has not
/// begun.
#[test]
fn a_larger_budget_waits_for_the_smaller_one_that_is_under_way() {
    let data = corners(90, 1.0);
    let epochs = Seen::default();
    let alone = search(Rash, &epochs).workers(1).cross_validate(&data).expect("a report");
    assert_eq!(epochs.load(Ordering::Relaxed), 4 * 3 * 9);
    for workers in [2, 5, 16] {
        let epochs = Seen::default();
        let report = search(Rash, &epochs).workers(workers).cross_validate(&data).expect("a report");
        assert_eq!(epochs.load(Ordering::Relaxed), 4 * 3 * 9, "{workers} workers");
        assert_eq!(digest(&report), digest(&alone), "{workers} workers");
    }
    let grid = search(Candidates::new(Net::space().iter().take(4)), &Seen::default());
    let grid = grid.cross_validate(&data).expect("a report");
    for (candidate, whole) in alone.results().candidates().iter().zip(grid.results().candidates()) {
        assert_eq!((candidate.scores(0), candidate.is_finalist()), (whole.scores(0), true));
    }
}

/// Proposes a share of the rows first.
#[derive(Debug)]
struct Part(f64);

impl Strategy<NetSpace> for Part {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        let params = view.space.nth(0).expect("a candidate");
        let folds = 0..view.fold_count();
        let job = |fold, budget| Job { candidate: 0, params: params.clone(), fold, budget };
        let part = Budget::rows(self.0)?;
        Ok(folds.flat_map(|fold| [job(fold, part), job(fold, Budget::Full)]).collect())
    }
}

#[test]
fn a_share_that_leaves_nothing_to_train_on_is_refused_before_any_training() {
    let data = corners(90, 1.0);
    let epochs = Seen::default();
    let recipe = Train::adam(1e-2).epochs(9).batch_size(8).early_stopping(EarlyStopping::patience(3));
    let timed = |share: f64| {
        let search = search(Part(share), &epochs).cv(TimeSeriesSplit::new(3).gap(4)).train(recipe.clone());
        search.cross_validate(&data)
    };
    // The first fold trains on 20 rows. The gap is one of time: it takes four rows of the data, not of the share.
    let report = timed(0.4).expect("eight rows, of which at most two validate and at most four are in the gap");
    assert!(report.results().failures().next().is_none(), "{report}");
    assert!(epochs.swap(0, Ordering::Relaxed) > 0);
    let error = timed(0.06).expect_err("one row of 20");
    let Error::Strategy { error: fault, .. } = &error else { panic!("{error}") };
    let StrategyError::ShareTooSmall { share, fold, rows } = **fault else { panic!("{error}") };
    assert_eq!((share, fold, rows, epochs.load(Ordering::Relaxed)), (0.06, 0, 1, 0));
    assert_eq!(
        error.to_string(),
        "the strategy Part(0.06) failed: it proposed 0.06 of the rows of fold 0, which are 1: too few to train on some and to \
         validate on others; propose a larger share"
    );
}
