//! Strategies that decide by what came before: a plan a round, and states of trainings that travel.

use dropgrid::{
    record::{Outcomes, Record},
    report::{CandidateScores, CvResults, Results, view_of_study},
    strategy::{Hyperband, Race, SuccessiveHalving, Tpe},
    study::StudyFile,
};

use super::*;

/// Runs round after round, each unit twice and in reverse order. Returns the rounds, and the epochs that were trained.
fn by_rounds<S: Strategy<MlpSpace> + Clone>(study: &Path, strategy: &S) -> (u32, usize) {
    let mut epochs = 0;
    for round in 1.. {
        // No time is measured, which would train some here.
        let units = plan(study, search_by(strategy.clone()), "--unit-time 0");
        if units == 0 {
            return (round - 1, epochs);
        }
        for unit in (0..units).rev() {
            let (search, trained) = counted(search_by(strategy.clone()));
            assert_eq!(run(study, search, &format!("run-unit {unit} --round {round}")), 0);
            epochs += trained.load(Ordering::Relaxed);
        }
        assert_eq!(run(study, search_by(strategy.clone()), "collect"), 0);
    }
    unreachable!("rounds end")
}

#[track_caller]
fn check<S: Strategy<MlpSpace> + Clone>(strategy: &S, least_rounds: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    let (search, trained) = counted(search_by(strategy.clone()));
    let local = search.cross_validate(&data()).expect("a report");
    let (rounds, epochs) = by_rounds(&study, strategy);
    assert!(rounds >= least_rounds, "{strategy:?}: {rounds}");
    assert_eq!(epochs, trained.load(Ordering::Relaxed), "{strategy:?}: no epoch is trained twice");
    assert_eq!(digest(&study, search_by(strategy.clone())), local.digest(), "{strategy:?}");
    // What pictures need of predictions travels with the records.
    let file = StudyFile::open(&study).expect("the study");
    let kept = outcomes(&Results::of_study(&file));
    assert!(kept.iter().any(|(_, kept)| kept.is_some()) && kept == outcomes(local.results()), "{strategy:?}");
    let predictions = view_of_study(&file, &[]).predictions;
    assert!(predictions.is_some() && predictions == local.view().predictions, "{strategy:?}");
}

/// What each record keeps of predictions, by hyperparameters, budget and fold.
fn outcomes(results: &CvResults) -> Vec<(String, Option<Outcomes>)> {
    let of = |candidate: &CandidateScores| {
        let params = format!("{:?}", candidate.fields());
        let records = candidate.records().iter().chain(candidate.other_records());
        let key = |record: &Record| format!("{params} {:?} {}", record.budget, record.fold);
        records.map(|record| (key(record), record.details.outcomes.clone())).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = results.candidates().iter().flat_map(|candidate| of(candidate)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn halving_by_rounds_has_the_jobs_and_the_bits_of_one_machine() {
    check(&SuccessiveHalving::new(Grid), 3);
}

#[test]
fn other_strategies_by_rounds_have_them_too() {
    check(&Hyperband::new(Grid), 2);
    check(&Race::new(Grid), 1);
    check(&Tpe::new(6), 1);
}

#[test]
fn measured_units_of_a_halving_have_the_bits_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    let halving = || search_by(SuccessiveHalving::new(Grid));
    let whole = halving().cross_validate(&data()).expect("a report").digest();
    assert_eq!(run(&study, halving(), "run"), 0);
    assert_eq!(digest(&study, halving()), whole);
}

/// What one machine began, units finish, and the other way round.
#[test]
fn units_and_a_local_search_share_a_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = study_in(&folder);
    let halving = || search_by(SuccessiveHalving::new(Grid));
    let (local, trained) = counted(halving());
    let whole = local.cross_validate(&data()).expect("a report").digest();
    let all = trained.load(Ordering::Relaxed);
    let (first, begun) = counted(halving().max_fits(FITS));
    let _ = first.study(&*study).cross_validate(&data());
    let units = plan(&study, halving(), "--unit-time 0");
    assert!(units < FITS);
    let mut epochs = begun.load(Ordering::Relaxed);
    for unit in 0..units {
        let (search, trained) = counted(halving());
        assert_eq!(run(&study, search, &format!("run-unit {unit}")), 0);
        epochs += trained.load(Ordering::Relaxed);
    }
    assert_eq!(run(&study, halving(), "collect"), 0);
    let (last, ended) = counted(halving());
    assert_eq!(last.study(&*study).cross_validate(&data()).expect("a report").digest(), whole);
    assert_eq!(epochs + ended.load(Ordering::Relaxed), all, "no epoch is trained twice");
}
