//! A unit that is asked to end leaves a checkpoint, and goes on from it to the same bytes.

use std::time::Duration;

use dropgrid::{limit::Stop, strategy::SuccessiveHalving};

use super::*;

/// A search that is asked to end after so many epochs of this process, and the epochs that it trains.
fn cut_off_after<S: Strategy<MlpSpace>>(epochs: usize, search: Search<Mlp, S>) -> (Search<Mlp, S>, Arc<AtomicUsize>) {
    let (stop, trained) = (Stop::new(), Arc::new(AtomicUsize::new(0)));
    let (asked, count) = (stop.clone(), Arc::clone(&trained));
    let hook = move |_: &FitInfo, _: &Epoch| {
        if count.fetch_add(1, Ordering::Relaxed) + 1 == epochs {
            asked.request(Duration::from_mins(10));
        }
    };
    (search.stop(&stop).hook(hook), trained)
}

#[track_caller]
fn check<S: Strategy<MlpSpace> + Clone>(strategy: &S, round: u32, cuts: &[usize]) {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    let search = || search_by(strategy.clone());
    for before in 1..round {
        assert_eq!(plan(&study, search(), "--unit-time 1000 "), 1);
        assert_eq!(run(&study, search(), &format!("run-unit 0 --round {before}")), 0);
    }
    assert_eq!(plan(&study, search(), "--unit-time 1000"), 1);
    let checkpoint = result(&study, round, 0).with_extension("checkpoint");
    let mut epochs = 0;
    for &cut in cuts {
        let (search, trained) = cut_off_after(cut, search());
        assert_eq!(run(&study, search, "run-unit 0"), 75);
        assert!(checkpoint.exists() && !result(&study, round, 0).exists());
        assert_eq!(trained.load(Ordering::Relaxed), cut, "it ends with its epoch");
        epochs += cut;
    }
    let (last, trained) = counted(search());
    assert_eq!(run(&study, last, "run-unit 0"), 0);
    epochs += trained.load(Ordering::Relaxed);
    assert!(!checkpoint.exists());
    let bytes = fs::read(result(&study, round, 0)).expect("a result");
    fs::remove_file(result(&study, round, 0)).expect("removed");
    let (whole, trained) = counted(search());
    assert_eq!(run(&study, whole, "run-unit 0"), 0);
    assert!(fs::read(result(&study, round, 0)).expect("a result") == bytes, "{strategy:?} {cuts:?}");
    assert_eq!(epochs, trained.load(Ordering::Relaxed), "no epoch is trained twice");
}

#[test]
fn a_unit_goes_on_from_its_checkpoint_to_the_same_bytes() {
    // Within the first training, twice within one, at the end of one, and after several.
    for cuts in [&[3][..], &[2, 3], &[EPOCHS], &[3 * EPOCHS + 1, 4, 5]] {
        check(&Grid, 1, cuts);
    }
}

#[test]
fn so_does_one_of_a_later_rung() {
    check(&SuccessiveHalving::new(Grid), 1, &[1, 3]);
    check(&SuccessiveHalving::new(Grid), 2, &[1, 2]);
}

#[test]
fn a_damaged_checkpoint_costs_time_and_no_bits() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(plan(&study, search(), "--unit-time 1000"), 1);
    assert_eq!(run(&study, cut_off_after(20, search()).0, "run-unit 0"), 75);
    let checkpoint = result(&study, 1, 0).with_extension("checkpoint");
    let mut bytes = fs::read(&checkpoint).expect("a checkpoint");
    bytes[99] ^= 1;
    fs::write(&checkpoint, bytes).expect("written");
    assert_eq!(run(&study, search(), "run-unit 0"), 0);
    assert_eq!(run(&study, search(), "collect"), 0);
    assert_eq!(digest(&study, search()), whole());
}

/// The fits that a unit has finished before it was cut off are not lost to another plan.
#[test]
fn another_plan_takes_what_checkpoints_have() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    assert_eq!(plan(&study, search(), "--unit-time 1000"), 1);
    assert_eq!(run(&study, cut_off_after(3 * EPOCHS + 2, search()).0, "run-unit 0"), 75);
    let known = kept(&study);
    assert_eq!(plan(&study, search(), "--unit-time 0 --anew"), FITS - known - 3);
    assert_eq!(run(&study, search(), "run-unit 0 --round 1"), 64, "the plan is of round 2");
    assert_eq!(run(&study, search(), "run"), 0);
    assert_eq!(digest(&study, search()), whole());
}
