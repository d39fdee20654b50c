//! Candidates that differ in their epochs alone are one training, looked at several times: the same bits as apart.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use dropgrid::{
    Failure, Tunable,
    hook::{FitEnd, FitInfo},
    nn::Range,
    prelude::*,
    record::Record,
    report::Fields,
    study::{StudyCandidate, StudyFile},
};

use crate::{corners, own_layer::own_layer};

/// Training passes of [`Counting`].
static PASSES: AtomicUsize = AtomicUsize::new(0);

/// Counts training passes, and panics in the one of a number of its own.
#[derive(Debug, Clone, Default)]
struct Counting {
    panics_at: f64,
    passes: usize,
}

impl Tunable for Counting {
    const SETTING: &'static str = "panics_at";
    const RANGE: Range = Range { low: 0.0, high: 1e9, closed: true, text: "[0, 1e9]" };

    fn tune(&mut self, value: f64) {
        self.panics_at = value;
    }
}

own_layer!(Counting, |layer, input| train: {
    PASSES.fetch_add(1, Ordering::Relaxed);
    layer.passes += 1;
    assert!(layer.passes as f64 != layer.panics_at, "pass {}", layer.passes);
    input
}, evaluate: input);

#[searchable]
struct Counted {
    #[fixed(0.0)]
    counting: Counting,
    output: Linear<4, 3>,
    #[train]
    #[grid(4, 2, 7)]
    epochs: usize,
}

#[searchable]
struct Breaking {
    #[fixed(25.0)]
    counting: Counting,
    output: Linear<4, 3>,
    #[train]
    #[grid(4, 2, 7)]
    epochs: usize,
}

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(1, 3, 6)]
    epochs: usize,
    #[train]
    #[grid(1e-2, 3e-2)]
    lr: f64,
}

/// The same with a network that asks for the epochs: nothing to share.
#[searchable]
struct Tied {
    hidden: (Linear<4, 8>, ReLU),
    #[set(p = epochs as f64 / 10.0)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(1, 3, 6)]
    epochs: usize,
}

fn corners() -> Dataset<Classes<3>> {
    corners::corners(90, 2.0)
}

#[test]
fn a_grid_over_epochs_has_the_bits_of_separate_trainings() {
    let search = || Mlp::search(Grid).cv(StratifiedKFold::new(3)).scoring((LogLoss, Accuracy)).train_scores(true);
    let together = search().fit(&corners()).expect("a report");
    assert_eq!(together.results().candidates().len(), 12);
    for candidate in together.results().candidates() {
        let apart = Mlp::search(Only(candidate.params().clone())).cv(StratifiedKFold::new(3));
        let apart = apart.scoring((LogLoss, Accuracy)).train_scores(true).cross_validate(&corners()).expect("a report");
        let alone = &apart.results().candidates()[0];
        for metric in 0..2 {
            assert_eq!(candidate.scores(metric), alone.scores(metric), "{}", candidate.params());
            assert_eq!(candidate.train_scores(metric), alone.train_scores(metric), "{}", candidate.params());
        }
    }
    assert_eq!(together.digest(), search().workers(3).fit(&corners()).expect("a report").digest());
    let mut times: Vec<_> = together.results().candidates()[..6].iter().step_by(2).collect();
    times.sort_by_key(|candidate| candidate.records()[0].fit_time);
    let epochs: Vec<usize> = times.iter().map(|candidate| candidate.params().epochs).collect();
    assert_eq!(epochs, [1, 3, 6], "a fit's time is that of its own epochs");
}

#[test]
fn a_network_that_asks_for_the_epochs_is_trained_for_each() {
    let together = Tied::search(Grid).cv(KFold::new(3)).scoring(LogLoss).cross_validate(&corners()).expect("a report");
    for candidate in together.results().candidates() {
        let apart = Tied::search(Only(candidate.params().clone())).cv(KFold::new(3)).scoring(LogLoss);
        let apart = apart.cross_validate(&corners()).expect("a report");
        assert_eq!(candidate.scores(0), apart.results().candidates()[0].scores(0));
    }
}

#[test]
fn the_longest_training_pays_for_all_and_a_fault_in_it_spares_the_shorter_ones() {
    let train = Train::adam(1e-2).batch_size(10);
    let report =
        Counted::search(Grid).cv(KFold::new(3)).train(train.clone()).cross_validate(&corners()).expect("a report");
    // 7 epochs of 6 batches on 3 folds.
    assert_eq!(PASSES.load(Ordering::Relaxed), 7 * 6 * 3);
    let candidates = report.results().candidates();
    assert_eq!(candidates.iter().map(|candidate| candidate.params().epochs).collect::<Vec<_>>(), [4, 2, 7]);

    // Pass 25 is the first of the fifth epoch.
    let report = Breaking::search(Grid).cv(KFold::new(3)).train(train).cross_validate(&corners()).expect("a report");
    let failed: Vec<usize> = report
        .results()
        .candidates()
        .iter()
        .filter(|candidate| candidate.mean(0).is_nan())
        .map(|candidate| candidate.params().epochs)
        .collect();
    assert_eq!(failed, [7]);
    let why = Failure::Panicked { message: "pass 25".to_owned() };
    assert!(report.results().failures().all(|failure| *failure == why));
    assert_eq!(report.results().failures().count(), 3);
}

/// Panics at the end of the trainings on fold 1.
struct Panics;

impl Hook for Panics {
    fn fit_end(&self, fit: &FitInfo, _: &FitEnd<'_>) {
        assert!(fit.fold != Some(1), "at the end");
    }
}

/// The study keeps the shorter ones by then, where it has checkpoints: report and study say the same, and the same as
/// without.
#[test]
fn a_hook_that_panics_at_the_end_fails_what_ended_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.study");
    let search = || {
        let search = Mlp::search(Grid).cv(KFold::new(3)).hook(Panics).workers(1).progress(false);
        search.space(Mlp::space().dropout([0.0]).lr([1e-2])).error_score(ErrorScore::Value(0.0))
    };
    let whole = search().cross_validate(&corners()).expect("a report");
    let watched = path.clone();
    let waits = move |fit: &FitInfo, epoch: &Epoch| {
        let is_kept = |tried: &StudyCandidate| tried.records().any(|record| Some(record.fold) == fit.fold);
        let kept = || {
            StudyFile::open(&watched)
                .map_or(0, |study| study.candidates().iter().filter(|tried| is_kept(tried)).count())
        };
        while epoch.number == 5 && kept() < 2 {
            assert!(fit.elapsed() < Duration::from_mins(1), "nothing is kept");
            thread::sleep(Duration::from_millis(5));
        }
    };
    let kept = search().hook(waits).study(&path).checkpoint_every(1).cross_validate(&corners()).expect("a report");
    let study = StudyFile::open(&path).expect("the study");
    assert_eq!((study.fits(), study.failed()), (9, 1));
    let again = search().study(&path).cross_validate(&corners()).expect("a report");
    let outcomes = |records: &[Record]| records.iter().map(|record| record.outcome.clone()).collect::<Vec<_>>();
    for report in [whole, kept, again] {
        for candidate in report.results().candidates() {
            let epochs = candidate.params().epochs;
            let failed: Vec<bool> = candidate.records().iter().map(|record| record.outcome.is_err()).collect();
            assert_eq!(failed, [false, epochs == 6, false], "{report}");
            let is_it = |tried: &&StudyCandidate| tried.params.fields().iter().any(|(_, value)| *value == epochs);
            let tried = study.candidates().iter().find(is_it).expect("the candidate");
            let records: Vec<Record> = tried.records().cloned().collect();
            assert_eq!(outcomes(&records), outcomes(candidate.records()));
        }
    }
}
