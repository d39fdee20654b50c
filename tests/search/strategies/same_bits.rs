//! Strategies that eliminate candidates have the same bits on any number of workers, from a study, and after a stop.

use super::*;
use crate::corners::corners;

fn check<S: Strategy<NetSpace> + Clone>(strategy: &S) {
    let data = corners(90, 0.8);
    let run = |epochs: &Seen| search(strategy.clone(), epochs).space(small());
    let epochs = Seen::default();
    let whole = digest(&run(&epochs).workers(1).cross_validate(&data).expect("a report"));
    let trained = epochs.load(Ordering::Relaxed);
    for workers in [2, 5] {
        let report = run(&Seen::default()).workers(workers).cross_validate(&data).expect("a report");
        assert_eq!(digest(&report), whole, "{strategy:?} on {workers} workers");
    }
    for stop_after in [0, 2, 7, 13, 21, usize::MAX] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let (stop, epochs, begun) = (Stop::new(), Seen::default(), AtomicUsize::new(0));
        let ask = stop.clone();
        // What is in flight goes on to its end.
        let hook = move |_: &FitInfo, _: &Epoch| {
            if begun.fetch_add(1, Ordering::Relaxed) >= stop_after {
                ask.request(std::time::Duration::from_mins(1));
            }
        };
        // Where no candidate has a score yet, there is nothing to report.
        let _ = run(&epochs).workers(1).study(&path).stop(&stop).hook(hook).cross_validate(&data);
        let report = run(&epochs).workers(3).study(&path).cross_validate(&data).expect("a report");
        assert_eq!(digest(&report), whole, "{strategy:?}, stopped after {stop_after} epochs");
        assert_eq!(epochs.load(Ordering::Relaxed), trained, "{strategy:?}: an epoch is trained twice");
    }
}

#[test]
fn exact_elimination_has_the_same_bits() {
    check(&Grid.exact());
}

#[test]
fn a_race_has_the_same_bits() {
    check(&Race::new(Grid).alpha(0.3));
}

#[test]
fn successive_halving_has_the_same_bits() {
    check(&SuccessiveHalving::new(Random::new(8)));
    check(&SuccessiveHalving::new(Grid).samples());
}

#[test]
fn hyperband_has_the_same_bits() {
    check(&Hyperband::new(Random::new(usize::MAX)));
}

#[test]
fn asha_has_the_same_bits() {
    check(&Asha::new(Grid));
}

#[test]
fn pruning_has_the_same_bits() {
    check(&Pruning::new(Grid, MedianPruner::new().n_startup_trials(2)).lag(1));
    check(&Pruning::new(Grid, PatientPruner::new(1)));
}
