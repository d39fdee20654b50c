//! Fits that are one training: one that ends takes its state from none that goes on.

use std::sync::atomic::{AtomicBool, Ordering};

use dropgrid::{Failure, record::Record, search::Search, study::Records};

use super::*;

/// Candidates that differ in their patience alone.
#[searchable]
struct Patient {
    hidden: (Linear<4, 8>, ReLU),
    #[fixed(0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(4, 9, 30)]
    patience: usize,
}

/// Nothing gets better by so much, so a training ends as many epochs after the first as it has patience.
fn recipe() -> Train {
    let rule = EarlyStopping::default().min_delta(1e6).restore_best(false);
    Train::adam(0.02).batch_size(8).epochs(12).ema(0.8).early_stopping(rule)
}

fn search(patience: [usize; 3]) -> Search<Patient, Grid, LogLoss> {
    let search = Patient::search(Grid).space(Patient::space().patience(patience)).cv(one_fold()).scoring(LogLoss);
    search.train(recipe()).seed(5).workers(1).progress(false)
}

/// Every place among the others that the first one to end can have.
const ORDERS: [[usize; 3]; 3] = [[4, 9, 30], [9, 4, 30], [30, 9, 4]];

/// Waits until the state after so many epochs stands in the file.
fn wait_for(path: &Path, epochs: u32) {
    let mut store = Sqlite::open(path).expect("a study");
    while store.states().expect("read").iter().all(|state| state.name.epochs != epochs) {
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn fits_go_on_where_another_one_of_their_training_has_ended() {
    // The state of a fit that ends is in the file by then, or still on its way.
    for (patience, is_written) in ORDERS.into_iter().flat_map(|order| [(order, false), (order, true)]) {
        let whole = search(patience).cross_validate(&data()).expect("a report");
        let folder = tempfile::tempdir().expect("a folder");
        let (path, seen) = (folder.path().join("x.study"), Seen::default());
        let run = |end| {
            let (watch, stop) = watch(&seen, (0, end));
            let path = path.clone();
            let search = search(patience).study(&path).checkpoint_every(3).stop(&stop);
            let hook = move |fit: &FitInfo, epoch: &Epoch| {
                if is_written && epoch.number == end {
                    wait_for(&path, end as u32 / 3 * 3);
                }
                watch(fit, epoch);
            };
            search.hook(hook).cross_validate(&data())
        };
        // One has ended with epoch 5, and another one with epoch 10, each before the next checkpoint.
        for (end, kept) in [(5, 1), (10, 2)] {
            assert_eq!(run(end).expect("a candidate that is done").results().candidates().len(), kept);
            assert_eq!(StudyFile::open(&path).expect("a study").fits(), kept, "{patience:?}");
        }
        assert_eq!(run(usize::MAX).expect("a report").digest(), whole.digest(), "{patience:?}");
        let went = epochs(0, 1..=5).chain(epochs(0, 4..=10)).chain(epochs(0, 10..=12));
        assert_eq!(taken(&seen), went.collect::<Vec<_>>(), "{patience:?}, written: {is_written}");
        let mut store = Sqlite::open(&path).expect("a study");
        assert_eq!(store.states().expect("read"), [], "what is finished has none");
    }
}

#[test]
fn fits_out_of_time_are_tried_again_from_where_they_were() {
    let limit = Duration::from_secs(2);
    for patience in ORDERS {
        let whole = search(patience).cross_validate(&data()).expect("a report");
        let folder = tempfile::tempdir().expect("a folder");
        let seen = Seen::default();
        let epochs_seen = Arc::clone(&seen);
        let hook = move |_: &FitInfo, epoch: &Epoch| {
            let mut seen = epochs_seen.lock().expect("no panic");
            seen.push((0, epoch.number));
            if seen.len() == 5 {
                thread::sleep(limit);
            }
        };
        let search = search(patience).study(folder.path().join("x.study")).checkpoint_every(3).hook(hook);
        let report = search.fit_time_limit(limit).retries(1).cross_validate(&data()).expect("a report");
        assert_eq!(report.digest(), whole.digest(), "{patience:?}");
        assert_eq!(taken(&seen), epochs(0, 1..=5).chain(epochs(0, 4..=12)).collect::<Vec<_>>(), "{patience:?}");
        for candidate in report.results().candidates() {
            let retried = &candidate.records()[0].details.retried;
            let is_retried = matches!(retried[..], [Failure::TimedOut { epoch: 6, .. }]);
            assert_eq!(is_retried, candidate.params().patience > 4, "{retried:?}");
        }
    }
}

/// The record of a fit that has ended while others go on is written before their training returns.
#[test]
fn what_a_fit_failed_of_before_it_ended_early_stands_in_the_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (has_failed, study) = (AtomicBool::new(false), path.clone());
    let hook = move |_: &FitInfo, epoch: &Epoch| {
        assert!(epoch.number != 3 || has_failed.swap(true, Ordering::Relaxed), "for a moment");
        if epoch.number == 7 {
            let mut store = Sqlite::open(&study).expect("a study");
            while store.records().expect("read").is_empty() {
                thread::sleep(Duration::from_millis(2));
            }
        }
    };
    let search = Several::search(Grid).space(Several::space().epochs([4, 8])).cv(one_fold()).scoring(LogLoss);
    let search = search.train(Train::adam(0.02).batch_size(8)).seed(5).workers(1).progress(false);
    let search = search.study(&path).retries(1).checkpoint_every(2).hook(hook);
    let report = search.cross_validate(&data()).expect("a report");
    let failed = |record: &Record| record.details.retried.len();
    let kept = StudyFile::open(&path).expect("a study");
    for (stored, candidate) in kept.candidates().iter().zip(report.results().candidates()) {
        let counts: Vec<usize> = stored.records().chain(candidate.records()).map(failed).collect();
        assert_eq!(counts, [1, 1], "{}", stored.params);
    }
    assert_eq!(kept.fits(), 2);
}
