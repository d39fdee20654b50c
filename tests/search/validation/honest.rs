//! How far the best score may be trusted: corrected for the choice by a bootstrap, and scored anew on fresh repeats.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use dropgrid::{
    Error,
    prelude::*,
    report::{BbcObstacle, FIRST_FRESH_FOLD},
    search::Search,
    study::StudyFile,
};

use super::{Mlp, MlpParams, corners, one, recipe};

fn search() -> Search<Mlp, Grid> {
    Mlp::search(Grid).cv(StratifiedKFold::new(3).shuffle()).train(recipe().epochs(3)).seed(4).progress(false)
}

fn bbc() -> BbcCv {
    BbcCv::new().resamples(50)
}

#[test]
fn the_corrected_score_is_of_the_kept_predictions_and_the_same_on_any_number_of_workers() {
    let report = search().scoring((Accuracy, LogLoss)).bbc_cv(bbc()).workers(1).cross_validate(&corners());
    let report = report.expect("a report");
    let scores = report.results().bbc().expect("scores").clone();
    assert_eq!((scores.resamples, scores.units, scores.scores.len()), (50, 90, 2));
    let accuracy = &scores.scores[0];
    assert!(accuracy.interval.0 <= accuracy.score && accuracy.score <= accuracy.interval.1);
    assert_eq!((accuracy.metric.as_str(), accuracy.defined), ("accuracy", 50));
    assert!(report.to_string().contains("(BBC-CV, 50 resamples), accuracy is "), "{report}");

    // The score that is corrected, by another way to the same predictions.
    let best = report.best_params().clone();
    let predicted = Mlp::search(Only(best)).cv(StratifiedKFold::new(3).shuffle()).train(recipe().epochs(3)).seed(4);
    let predicted = predicted.progress(false).cross_val_predict(&corners()).expect("predictions");
    let labels = predicted.predictions().classes();
    let right = labels.iter().zip(corners().targets().labels()).filter(|(a, b)| a == b).count();
    assert_eq!(accuracy.observed, right as f64 / 90.0);

    let many = search().scoring((Accuracy, LogLoss)).bbc_cv(bbc()).workers(3).cross_validate(&corners());
    assert_eq!(many.expect("a report").results().bbc().expect("scores"), &scores);
    // It changes nothing else.
    let plain = search().scoring((Accuracy, LogLoss)).cross_validate(&corners()).expect("a report");
    assert_eq!(plain.digest(), report.digest());
}

#[test]
fn a_search_that_goes_on_from_its_study_corrects_by_the_predictions_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let whole = search().bbc_cv(bbc()).cross_validate(&corners()).expect("a report");
    let begun = search().bbc_cv(bbc()).study(&path).max_fits(7).cross_validate(&corners()).expect("a report");
    // Without the candidate that is not done: no score has decided that.
    assert_ne!(begun.results().bbc().expect("scores"), whole.results().bbc().expect("scores"));
    let reached = search().bbc_cv(bbc()).workers(1).until(0.0).cross_validate(&corners()).expect("a report");
    assert_eq!(reached.results().bbc(), Err(BbcObstacle::EndedAtScore));
    let ended = search().bbc_cv(bbc()).study(&path).cross_validate(&corners()).expect("a report");
    assert_eq!(ended.results().bbc().expect("scores"), whole.results().bbc().expect("scores"));

    // Fits of a search that did not keep their predictions.
    let other = folder.path().join("y.study");
    search().study(&other).max_fits(7).cross_validate(&corners()).expect("a report");
    let ended = search().bbc_cv(bbc()).study(&other).cross_validate(&corners()).expect("a report");
    assert_eq!(ended.results().bbc(), Err(BbcObstacle::NotInStudy { fits: 7 }));
}

#[test]
fn a_report_without_a_corrected_score_says_why() {
    let plain = search().cross_validate(&corners()).expect("a report");
    assert_eq!(plain.results().bbc(), Err(BbcObstacle::NotKept));
    assert!(!plain.to_string().contains("BBC-CV") && BbcObstacle::NotKept.to_string().contains(".bbc_cv("));

    // Six candidates, 90 rows, three probabilities of eight bytes.
    let needed = 6 * 90 * 3 * 8;
    let large = search().bbc_cv(bbc().most_bytes(needed - 1)).cross_validate(&corners()).expect("a report");
    assert_eq!(large.results().bbc(), Err(BbcObstacle::TooLarge { needed, most: needed - 1 }));
    assert!(large.to_string().contains(&format!("most_bytes({needed})")), "{large}");
    let enough = search().bbc_cv(bbc().most_bytes(needed)).cross_validate(&corners()).expect("a report");
    assert!(enough.results().bbc().is_ok());

    let halving = Mlp::search(SuccessiveHalving::new(Grid)).train(recipe()).bbc_cv(bbc()).progress(false);
    let halving = halving.cross_validate(&corners()).expect("a report");
    assert!(matches!(halving.results().bbc(), Err(BbcObstacle::Eliminated { candidates: 1.. })));
    let one = Mlp::search(Only(one())).train(recipe()).bbc_cv(bbc()).progress(false).cross_validate(&corners());
    assert_eq!(one.expect("a report").results().bbc(), Err(BbcObstacle::NoChoice));

    for (settings, setting) in [(bbc().resamples(0), "resamples"), (bbc().confidence(1.0), "confidence")] {
        let error = search().bbc_cv(settings).cross_validate(&corners()).expect_err("a wrong setting");
        assert!(matches!(error, Error::Setting { setting: of, .. } if of == setting), "{error}");
    }
}

#[test]
fn the_first_candidates_meet_on_fresh_repeats_with_the_same_bits_on_any_number_of_workers() {
    let rule = FreshRepeats::of_top(3).repeats(2);
    let fit = |workers| search().scoring(LogLoss).refit(rule).workers(workers).fit(&corners()).expect("a report");
    let report = fit(1);
    let scores = report.fresh_scores();
    let best: HashSet<usize> = (0..6).filter(|&at| report.results().candidates()[at].rank(0) <= 3).collect();
    assert_eq!(scores.iter().map(|score| score.candidate).collect::<HashSet<_>>(), best);
    let complete: Vec<_> = scores.iter().filter(|score| score.elimination.is_none()).collect();
    let chosen = complete.iter().min_by(|a, b| a.mean.total_cmp(&b.mean)).expect("one is left");
    let params = report.results().candidates()[chosen.candidate].params();
    assert_eq!((report.best_params(), report.fitted().params()), (params, params));
    for score in scores {
        let known = report.results().candidates()[score.candidate].scores(0);
        assert_eq!(score.scores.len(), 6);
        assert!(score.scores.iter().all(|fresh| !known.contains(fresh)), "a fold of the search itself");
        assert_eq!(score.scores.iter().any(|fresh| fresh.is_nan()), score.elimination.is_some());
    }
    assert!(report.to_string().contains("Chosen among the first 3 on fresh repeats of the folds, where it has "));

    let many = fit(3);
    assert_eq!(format!("{:?}", many.fresh_scores()), format!("{scores:?}"));
    // The search itself is as ever.
    let plain = search().scoring(LogLoss).fit(&corners()).expect("a report");
    assert_eq!((plain.digest(), plain.fresh_scores().len()), (report.digest(), 0));

    for (rule, setting) in [(FreshRepeats::of_top(1), "top"), (FreshRepeats::default().repeats(0), "repeats")] {
        let error = search().refit(rule).fit(&corners()).expect_err("a wrong setting");
        assert!(matches!(error, Error::Setting { setting: of, .. } if of == setting), "{error}");
    }
}

#[test]
fn a_race_on_fresh_repeats_goes_on_from_the_study() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let rule = FreshRepeats::of_top(3).repeats(2);
    type Fits = Mutex<Vec<(Option<u32>, Option<u64>)>>;
    let run = |stop: &Stop, seen: &Arc<Fits>| {
        let (seen, stop_at) = (Arc::clone(seen), stop.clone());
        let hook = move |fit: &dropgrid::hook::FitInfo, _: &Epoch| {
            let mut seen = seen.lock().expect("a list");
            let this = (fit.fold, fit.candidates.first().copied());
            if seen.last() != Some(&this) {
                seen.push(this);
            }
            // In the second fit of the race.
            if seen.iter().filter(|fit| fit.0 >= Some(FIRST_FRESH_FOLD)).count() == 2 {
                stop_at.request(Duration::from_mins(1));
            }
        };
        search().scoring(LogLoss).refit(rule).study(&path).workers(1).hook(hook).stop(stop).fit(&corners())
    };
    let whole = search().scoring(LogLoss).refit(rule).fit(&corners()).expect("a report");
    let (first, second) = (Arc::default(), Arc::default());
    let cut = run(&Stop::new(), &first).expect("the winner is trained all the same");
    // Nobody has all scores: the best of the search is chosen.
    assert_eq!((cut.fresh_scores().len(), cut.best().rank(0)), (0, 1));
    let kept = StudyFile::open(&path).expect("a study");
    let fresh = kept.records().filter(|record| record.fold >= FIRST_FRESH_FOLD).count();
    assert_eq!((fresh, dropgrid::report::Results::of_study(&kept).fits()), (2, 18));

    let gone_on = run(&Stop::new(), &second).expect("a report");
    let trained = second.lock().expect("a list").clone();
    let is_known = |fit: &&(Option<u32>, Option<u64>)| fit.0.is_some_and(|fold| fold < FIRST_FRESH_FOLD);
    assert_eq!(trained.iter().filter(is_known).count(), 0, "the search itself is done: {trained:?}");
    let again = search().scoring(LogLoss).refit(rule).study(&path).fit(&corners()).expect("a report");
    assert_eq!(gone_on.digest(), again.digest());
    assert_eq!(format!("{:?}", again.fresh_scores()), format!("{:?}", whole.fresh_scores()));
    assert_eq!(again.best_params(), whole.best_params());
}

#[test]
fn effects_have_values_in_the_order_of_the_space_whatever_the_order_of_candidates() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    // The first candidates are neither the narrowest nor those with the least dropout.
    let random = (0..1000).map(|seed| Random::new(6).seed(seed)).find(|random| {
        let search = Mlp::search(*random).cv(StratifiedKFold::new(3)).train(recipe().epochs(1)).progress(false);
        let first = search.max_fits(3).cross_validate(&corners()).expect("a report");
        first.best_params() == &MlpParams { hidden: 16, dropout: 0.5 }
    });
    let random = random.expect("a seed");
    let search = Mlp::search(random).cv(StratifiedKFold::new(3)).train(recipe().epochs(1)).study(&path).progress(false);
    let report = search.cross_validate(&corners()).expect("a report");
    let of_study = dropgrid::report::Results::of_study(&StudyFile::open(&path).expect("a study"));
    for effects in [report.results().effects(), of_study.effects()] {
        let effects = effects.expect("a complete grid");
        assert_eq!(effects.method, dropgrid::report::EffectMethod::CompleteGrid);
        let values = |at: usize| effects.main[at].means.iter().map(|(value, _)| value.as_f64()).collect::<Vec<_>>();
        assert_eq!((values(0), values(1)), (vec![Some(4.0), Some(16.0)], vec![Some(0.0), Some(0.2), Some(0.5)]));
    }
    let differences = report.results().paired_differences("dropout");
    let steps: Vec<_> = differences.iter().map(|it| (it.from.as_f64(), it.to.as_f64())).collect();
    assert_eq!(steps, [(Some(0.0), Some(0.2)), (Some(0.2), Some(0.5))]);
    let text = report.to_string();
    assert!(text.contains("exact for the complete grid: ") && text.contains("Paired differences of "), "{text}");
}
