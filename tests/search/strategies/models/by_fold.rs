//! Searches by a model that train candidates fold by fold.

use dropgrid::search::AskTell;

use super::*;

const FOLDS: usize = 5;

/// The fits of a search for the least value, in their order, with the results.
fn fits<S: Strategy<PlaneSpace> + Clone>(
    strategy: S,
    value: impl Fn(&PlaneParams, u32) -> f64,
) -> (Vec<(u64, u32)>, dropgrid::report::Results<PlaneParams>) {
    let builder = AskTell::builder(Plane::space(), strategy).seed(3).minimize("value").folds(FOLDS);
    let (mut study, mut fits) = (builder.start().expect("a loop"), Vec::new());
    while let Some(job) = study.ask().expect("a job") {
        fits.push((job.candidate, job.fold));
        study.tell(&job, value(&job.params, job.fold)).expect("told");
    }
    (fits, study.results())
}

/// The number of fits of each candidate.
fn folds_of(fits: &[(u64, u32)], candidates: usize) -> Vec<u32> {
    let mut folds = vec![0; candidates];
    for &(candidate, fold) in fits {
        assert_eq!(folds[candidate as usize], fold, "the folds of a candidate come in their order");
        folds[candidate as usize] += 1;
    }
    folds
}

/// Folds that differ by more than all candidates do, and by the same for each of them.
fn with_effects(params: &PlaneParams, fold: u32) -> f64 {
    branin(params) + f64::from(fold) * 1000.0
}

#[test]
fn where_folds_agree_a_candidate_begins_on_one_and_the_best_gets_all() {
    let strategy = Gp::new(40).lag(0).fold_by_fold();
    let (fits, results) = fits(strategy, with_effects);
    let folds = folds_of(&fits, 40);
    assert_eq!(&folds[..4].iter().filter(|&&folds| folds >= 2).count(), &4, "the noise is sounded: {folds:?}");
    let begun_on_one = folds[4..].iter().filter(|&&folds| folds == 1).count();
    assert!(begun_on_one >= 20, "{folds:?}");
    assert!(fits.len() < 40 * FOLDS / 2, "{} fits", fits.len());
    // Whatever the fold that candidates were seen on, the best of all is found, and has every fold.
    let candidates = results.candidates();
    let best = results.best().expect("a best candidate");
    let least = candidates.iter().map(|it| branin(it.params())).fold(f64::INFINITY, f64::min);
    assert_eq!(branin(candidates[best].params()), least);
    assert!(candidates[best].is_complete() && least < 0.6, "{least}");
    // Every other candidate that was left says so.
    let left = candidates.iter().filter(|it| !it.is_complete());
    let said = left.map(|it| it.elimination().expect("a reason").to_string()).collect::<Vec<_>>();
    assert!(said.len() > 25 && said.iter().all(|text| text.contains(" of 5: expected to be ")), "{said:?}");
}

#[test]
fn where_folds_disagree_a_candidate_begins_on_all() {
    let noisy = |params: &PlaneParams, fold: u32| branin(params) + 300.0 * noise(&params.to_string(), fold, 1.0);
    let (fits, _) = fits(Gp::new(20).lag(0).fold_by_fold(), noisy);
    let folds = folds_of(&fits, 20);
    assert!(folds[4..].iter().filter(|&&folds| folds == 5).count() >= 15, "{folds:?}");
}

#[test]
fn as_many_fits_find_more_fold_by_fold() {
    let run = |strategy: &dyn Fn() -> (Vec<(u64, u32)>, dropgrid::report::Results<PlaneParams>)| {
        let (fits, results) = strategy();
        let best = results.best().expect("a best candidate");
        (fits.len(), branin(results.candidates()[best].params()))
    };
    let (by_fold, found) = run(&|| fits(Gp::new(40).fold_by_fold(), with_effects));
    let (whole, found_whole) = run(&|| fits(Gp::new(by_fold.div_ceil(FOLDS)), with_effects));
    assert!(whole >= by_fold && found < 0.5 * found_whole, "{found} in {by_fold}, {found_whole} in {whole}");
}

#[test]
fn one_fold_is_a_search_by_candidates() {
    let numbers = |strategy: Gp| {
        let mut study = AskTell::builder(Plane::space(), strategy).minimize("value").start().expect("a loop");
        let mut seen = Vec::new();
        while let Some(job) = study.ask().expect("a job") {
            seen.push((job.candidate, job.params.to_string()));
            study.tell(&job, branin(&job.params)).expect("told");
        }
        seen
    };
    assert_eq!(numbers(Gp::new(18).fold_by_fold()), numbers(Gp::new(18)));
}

#[test]
fn failed_folds_are_the_worst_and_end_nothing() {
    let value = |params: &PlaneParams, fold: u32| if params.x < 0.0 { f64::NAN } else { with_effects(params, fold) };
    let (fits, results) = fits(Gp::new(25).lag(1).fold_by_fold(), value);
    assert_eq!(folds_of(&fits, 25).len(), 25);
    let best = results.best().expect("a best candidate");
    assert!(results.candidates()[best].is_complete() && results.candidates()[best].params().x >= 0.0);
    // A search in which everything fails comes to its end.
    let (fits, _) = super::by_fold::fits(Gp::new(8).fold_by_fold(), |_, _| f64::NAN);
    assert_eq!(folds_of(&fits, 8).iter().filter(|&&folds| folds > 0).count(), 8);
}

#[test]
fn nobody_is_left_behind_while_candidates_begin() {
    let builder = AskTell::builder(Plane::space(), Gp::new(20).fold_by_fold()).minimize("value").folds(FOLDS);
    let mut study = builder.start().expect("a loop");
    for _ in 0..20 {
        let job = study.ask().expect("a job").expect("there are more");
        study.tell(&job, with_effects(&job.params, job.fold)).expect("told");
    }
    let results = study.results();
    assert!(results.candidates().iter().any(|candidate| !candidate.is_complete()));
    assert!(results.candidates().iter().all(|candidate| candidate.elimination().is_none()));
}
