//! Strategies of the user's own that fail, and what the error says of them.

use dropgrid::{
    error::StrategyError,
    record::{Job, Record},
    space::Space,
    strategy::{Proposal, Strategy},
};

use super::*;

type Propose = fn(&NetSpace, &[Record]) -> Proposal<NetParams>;

/// Proposes what a closure says, in rounds.
struct Own(Propose);

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Own")
    }
}

impl Strategy<NetSpace> for Own {
    fn plan(&self, _: &NetSpace, _: u32) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, space: &NetSpace, _: u32, records: &[Record]) -> Proposal<NetParams> {
        (self.0)(space, records)
    }
}

fn job(candidate: u64, fold: u32) -> Job<NetParams> {
    Job { candidate, params: NetParams { dropout: 0.2 * candidate as f64 }, fold }
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
    let cases: [(Propose, &str); 8] = [
        (
            |_, _| Ok(Vec::new()),
            "it proposed no candidate; `propose` gives the fits to run, and none only when the search is over",
        ),
        (|_, _| panic!("burnt out"), "it panicked: burnt out"),
        (|_, _| Err("the server is \u{1b}[31maway".into()), "the server is \\u{1b}[31maway"),
        (|_, _| Ok(vec![job(1, 3)]), "it proposed candidate 1 on fold 3, but there are 3 folds, 0..3"),
        (
            |_, _| Ok(vec![job(1, 0), job(1, 0)]),
            "it proposed candidate 1 on fold 0 twice; propose only fits that have no record",
        ),
        (
            // For ever the same fit.
            |_, _| Ok(vec![job(1, 0)]),
            "it proposed candidate 1 on fold 0 twice; propose only fits that have no record",
        ),
        (
            |_, _| Ok(vec![job(1, 0), Job { candidate: 1, ..job(0, 1) }]),
            "it called two candidates number 1: NetParams { dropout: 0.2 } and NetParams { dropout: 0.0 }; \
             give each a number of its own",
        ),
        (
            |_, records| Ok(if records.is_empty() { vec![job(0, 0), job(1, 0)] } else { Vec::new() }),
            "it ended the search with no candidate on all 3 folds, so that none has a mean score: 2 candidates have 2 fits; \
             propose the other folds of those that may win",
        ),
    ];
    for (propose, message) in cases {
        let error = failed(propose);
        assert!(matches!(&error, Error::Strategy { report: None, .. }), "{error}");
        assert_eq!(error.to_string(), format!("the strategy Own failed: {message}"));
        assert!(error.report::<Net, Classes<3>>().is_none());
    }
}

#[test]
fn a_strategy_that_fails_later_leaves_what_was_done() {
    let cases: [Propose; 4] = [
        |_, records| if records.is_empty() { Ok(whole(0)) } else { panic!("burnt out") },
        |_, records| if records.is_empty() { Ok(whole(0)) } else { Err("away".into()) },
        |_, records| Ok(if records.is_empty() { whole(0) } else { vec![job(0, 1)] }),
        |_, records| Ok(if records.is_empty() { whole(0) } else { vec![job(1, 9)] }),
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
    let error = failed(|_, records| if records.is_empty() { Ok(whole(0)) } else { Err("away".into()) });
    let Error::Strategy { error: fault, .. } = &error else { panic!("{error}") };
    let StrategyError::Failed(source) = &**fault else { panic!("{fault}") };
    assert_eq!(source.to_string(), "away");
}

#[test]
fn a_strategy_that_ends_well_is_a_search() {
    let propose: Propose = |space, records| {
        assert_eq!(space.axes().len(), 1);
        Ok(match records.len() {
            0 => whole(0),
            3 => whole(1),
            _ => Vec::new(),
        })
    };
    let search = Net::search(Own(propose)).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    let calm = super::search().cross_validate(&data()).expect("a report");
    assert_eq!(search.cross_validate(&data()).expect("a report").digest(), calm.digest());
}

#[test]
fn fits_that_all_fail_are_called_that_whatever_a_strategy_proposed() {
    let propose: Propose = |_, records| Ok(if records.is_empty() { vec![job(0, 0), job(1, 0)] } else { Vec::new() });
    let search = Net::search(Own(propose)).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    let error =
        search.hook(|_: &FitInfo, _: &Epoch| panic!("burnt out")).cross_validate(&data()).expect_err("no fit is done");
    assert_eq!(error.to_string(), "all 2 fits failed: 2 x panicked: burnt out");
}
