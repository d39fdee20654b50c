//! Strategies of the user's own that fail, and what the error says of them.

use dropgrid::{
    error::StrategyError,
    record::{Budget, Job},
    space::Space,
    strategy::{Proposal, Strategy, View},
};

use super::*;

type Propose = fn(&View<'_, NetSpace>) -> Proposal<NetParams>;

/// Proposes the jobs of a closure.
struct Own(Propose);

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Own")
    }
}

impl Strategy<NetSpace> for Own {
    fn count(&self, _: &View<'_, NetSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, NetSpace>) -> Proposal<NetParams> {
        (self.0)(view)
    }
}

fn job(candidate: u64, fold: u32) -> Job<NetParams> {
    Job { candidate, params: NetParams { dropout: 0.2 * candidate as f64 }, fold, budget: Budget::Full }
}

/// True once the first candidate has a record on every fold.
fn is_first_done(view: &View<'_, NetSpace>) -> bool {
    view.score(0, Budget::Full).is_some()
}

/// A candidate on every fold.
fn whole(candidate: u64) -> Vec<Job<NetParams>> {
    (0..3).map(|fold| job(candidate, fold)).collect()
}

fn failed(propose: Propose) -> Error {
    let search = Net::search(Own(propose)).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    search.cross_validate(&data()).expect_err("a strategy that fails")
}

#[test]
fn a_strategy_that_fails_is_named_and_so_is_what_it_did() {
    let nothing = "it proposed no candidate; `propose` gives the fits to run, and none only when the search is over";
    let unfinished = |counts: &str| {
        format!(
            "it ended the search with no candidate on all 3 folds, so that none has a mean score: {counts}; propose the other \
             folds of those that may win"
        )
    };
    let cases: [(Propose, String, usize); 8] = [
        (|_| Ok(Vec::new()), nothing.to_owned(), 0),
        (|_| panic!("burnt out"), "it panicked: burnt out".to_owned(), 0),
        (|_| Err("the server is \u{1b}[31maway".into()), "the server is \\u{1b}[31maway".to_owned(), 0),
        (|_| Ok(vec![job(1, 3)]), "it proposed candidate 1 on fold 3, but there are 3 folds, 0..3".to_owned(), 0),
        (
            |_| Ok(vec![job(1, 0), job(1, 0)]),
            "it proposed candidate 1 on fold 0 twice at once; propose each fit once".to_owned(),
            0,
        ),
        // For ever the same fit, which runs once.
        (|_| Ok(vec![job(1, 0)]), unfinished("1 candidate has 1 fit"), 1),
        (
            |_| Ok(vec![job(1, 0), Job { candidate: 1, ..job(0, 1) }]),
            "it called two candidates number 1: NetParams { dropout: 0.2 } and NetParams { dropout: 0.0 }; \
             give each a number of its own"
                .to_owned(),
            0,
        ),
        (|_| Ok(vec![job(0, 0), job(1, 0)]), unfinished("2 candidates have 2 fits"), 2),
    ];
    for (propose, message, candidates) in cases {
        let error = failed(propose);
        assert_eq!(error.to_string(), format!("the strategy Own failed: {message}"));
        // Candidates without all folds are in the report, too, and say so.
        let report = error.report::<Net, Classes<3>>();
        assert_eq!(report.map_or(0, |report| report.results().candidates().len()), candidates);
        for candidate in report.iter().flat_map(|report| report.results().candidates()) {
            assert!(!candidate.is_finalist() && !candidate.is_complete() && candidate.mean(0).is_finite());
        }
    }
}

#[test]
fn a_strategy_that_fails_later_leaves_what_was_done() {
    let cases: [Propose; 4] = [
        |view| if is_first_done(view) { panic!("burnt out") } else { Ok(whole(0)) },
        |view| if is_first_done(view) { Err("away".into()) } else { Ok(whole(0)) },
        |view| Ok(if is_first_done(view) { vec![job(1, 1), job(1, 1)] } else { whole(0) }),
        |view| Ok(if is_first_done(view) { vec![job(1, 9)] } else { whole(0) }),
    ];
    let calm = search().cross_validate(&data()).expect("a report");
    for propose in cases {
        let error = failed(propose);
        assert!(matches!(&error, Error::Strategy { report: Some(_), .. }), "{error}");
        let report = kept(&error);
        assert_eq!(report.results().candidates().len(), 1);
        let outcomes = |report: &Report<Net, Classes<3>, ()>| {
            report.results().candidates()[0].records().iter().map(|record| record.outcome.clone()).collect::<Vec<_>>()
        };
        assert_eq!(outcomes(report), outcomes(&calm));
    }
    let error = failed(|view| if is_first_done(view) { Err("away".into()) } else { Ok(whole(0)) });
    let Error::Strategy { error: fault, .. } = &error else { panic!("{error}") };
    let StrategyError::Failed(source) = &**fault else { panic!("{fault}") };
    assert_eq!(source.to_string(), "away");
}

#[test]
fn a_strategy_that_ends_well_is_a_search() {
    let propose: Propose = |view| {
        assert_eq!(view.space.axes().len(), 1);
        Ok(if is_first_done(view) { whole(1) } else { whole(0) })
    };
    let search = Net::search(Own(propose)).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    let calm = super::search().cross_validate(&data()).expect("a report");
    assert_eq!(search.cross_validate(&data()).expect("a report").digest(), calm.digest());
}

#[test]
fn fits_that_all_fail_are_called_that_whatever_a_strategy_proposed() {
    let propose: Propose = |_| Ok(vec![job(0, 0), job(1, 0)]);
    let search = Net::search(Own(propose)).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    let error =
        search.hook(|_: &FitInfo, _: &Epoch| panic!("burnt out")).cross_validate(&data()).expect_err("no fit is done");
    assert_eq!(error.to_string(), "all 2 fits failed: 2 x panicked: burnt out");
}
