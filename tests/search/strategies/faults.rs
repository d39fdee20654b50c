//! Settings and bases that a strategy with rungs refuses or warns of, and searches of which every fit fails.

use dropgrid::{
    Error,
    error::{ScheduleError, StrategyError},
    split::Warning,
};

use super::*;
use crate::corners::corners;

/// The warnings of a strategy's search.
fn warnings<S: Strategy<NetSpace>>(strategy: S) -> Vec<Warning> {
    let report = search(strategy, &Seen::default()).cross_validate(&corners(30, 1.0)).expect("a report");
    report.warnings().to_vec()
}

#[test]
fn a_base_of_another_size_than_hyperband_takes_is_told() {
    // R = 9, η = 3: 9 + 5 + 3 candidates.
    assert_eq!(warnings(Hyperband::new(Random::new(10))), [Warning::FewCandidates { candidates: 10, asked: 17 }]);
    assert_eq!(warnings(Hyperband::new(Random::new(30))), [Warning::CandidatesLeft { candidates: 30, tried: 17 }]);
    assert_eq!(warnings(Hyperband::new(Random::new(17))), []);
    assert_eq!(warnings(Race::new(Random::new(3)).burn_in(3)), [Warning::ShortRace { folds: 3, burn_in: 3 }]);
}

#[test]
fn a_halving_whose_first_comparison_comes_early_says_so_unless_it_is_chosen() {
    // Nine epochs: 16 candidates begin with one, or with two where the last of three rungs has eight.
    let early = |epochs, of| Warning::EarlyComparison { epochs, of, enough: 2 };
    let halving = SuccessiveHalving::new(Random::new(16));
    assert_eq!(warnings(halving), [early(1, 8)]);
    let said = early(1, 8).to_string();
    assert!(said.contains("after 1 epoch of 8") && said.contains("`.min_resource(2)`"), "{said}");
    assert_eq!(warnings(Asha::new(Random::new(4))), [early(1, 9)]);
    for strategy in [halving.min_resource(1), halving.min_resource(2), halving.smallest(), halving.max_resource(5)] {
        assert_eq!(warnings(strategy), [], "{strategy:?}");
    }
    // Four candidates have two or more epochs, and samples are no part of a training.
    assert_eq!(warnings(SuccessiveHalving::new(Random::new(7))), []);
    assert_eq!(warnings(SuccessiveHalving::new(Random::new(16)).samples()), []);
    assert_eq!(warnings(Asha::new(Random::new(4)).min_resource(1)), []);
    assert_eq!(warnings(Hyperband::new(Random::new(17))), []);
}

#[test]
fn rows_for_validation_are_no_rows_to_train_on() {
    let halving = |samples| SuccessiveHalving::new(Random::new(9)).samples().min_resource(samples);
    let stops = |samples, fraction: f64| {
        let recipe = Train::adam(1e-2).epochs(3).batch_size(8).early_stopping(EarlyStopping::patience(2));
        let search = search(halving(samples), &Seen::default()).train(recipe.validation_fraction(fraction));
        match search.cross_validate(&corners(90, 1.0)) {
            Err(Error::Schedule(ScheduleError::TooFewSamples { left, validation, .. })) => Some((left, validation)),
            other => other.map(|_| None).expect("a report"),
        }
    };
    // Of 60 rows of a fold, 5 samples of 90 are 3, one of which is set aside.
    assert!(search(halving(5), &Seen::default()).cross_validate(&corners(90, 1.0)).is_ok());
    assert_eq!(stops(5, 0.1), Some((2, 1)));
    assert_eq!([stops(7, 0.1), stops(10, 0.5)], [None, None]);
    assert_eq!(stops(8, 0.5), Some((2, 3)));
    let said = ScheduleError::TooFewSamples { samples: 5, fold: 0, left: 2, validation: 1, least: 3 }.to_string();
    assert!(said.contains("leave 2 rows to train on in fold 0 beside 1 for validation, expected at least 3"), "{said}");
}

fn error<S: Strategy<NetSpace>>(strategy: S) -> Error {
    let search = search(strategy, &Seen::default()).hook(|_: &FitInfo, _: &Epoch| panic!("a training has begun"));
    search.cross_validate(&corners(90, 1.0)).map(drop).expect_err("it cannot run")
}

/// A setting and its value, or a schedule's fault.
fn fault<S: Strategy<NetSpace>>(strategy: S) -> String {
    match error(strategy) {
        Error::Setting { setting, value, .. } => format!("{setting} {value}"),
        Error::Schedule(error) => error.to_string(),
        other => panic!("{other}"),
    }
}

#[test]
fn bad_settings_are_errors_before_any_training() {
    let base = || Random::new(9);
    for factor in [0, 1] {
        let said = format!("factor {factor}");
        assert_eq!(fault(SuccessiveHalving::new(base()).factor(factor)), said);
        assert_eq!(fault(Hyperband::new(base()).factor(factor)), said);
        assert_eq!(fault(Asha::new(base()).factor(factor)), said);
    }
    assert_eq!(fault(SuccessiveHalving::new(base()).min_resource(0)), "min_resource 0");
    assert_eq!(fault(Hyperband::new(base()).max_resource(0)), "max_resource 0");
    let over = "the smallest budget is 5 epochs, and the largest 4: set a smaller `min_resource`, or more epochs";
    assert_eq!(fault(SuccessiveHalving::new(base()).min_resource(5).max_resource(4)), over);
    assert_eq!(fault(Hyperband::new(base()).min_resource(5).max_resource(4)), over);
    assert_eq!(fault(Asha::new(base()).min_resource(5).max_resource(4)), over);
    let above = "`max_resource` is 10 epochs, and there are 9";
    assert_eq!(fault(SuccessiveHalving::new(base()).max_resource(10)), above);
    // 90 rows, 60 of which each fold trains on, of 3 classes.
    let few = fault(SuccessiveHalving::new(base()).samples().min_resource(4));
    assert_eq!(
        few,
        "4 samples of the data leave 2 rows to train on in fold 0, expected at least 3: set a larger `min_resource`"
    );
    assert_eq!(
        fault(SuccessiveHalving::new(base()).samples().max_resource(91)),
        "`max_resource` is 91 samples, and there are 90"
    );
    let small = "the smallest budget is 18 samples, and the largest 17: set a smaller `min_resource`, or more samples";
    assert_eq!(fault(SuccessiveHalving::new(base()).samples().max_resource(17)), small);
    assert_eq!(fault(Race::new(base()).alpha(0.0)), "alpha 0");
    assert_eq!(fault(Race::new(base()).alpha(0.6)), "alpha 0.6");
    assert_eq!(fault(Race::new(base()).alpha(f64::NAN)), "alpha NaN");
    assert_eq!(fault(Race::new(base()).burn_in(1)), "burn_in 1");
    assert!(matches!(error(SuccessiveHalving::new(Random::new(0))), Error::NoCandidates));
    assert!(matches!(error(Hyperband::new(Candidates::new([]))), Error::NoCandidates));
    assert!(matches!(error(Random::new(0)), Error::NoCandidates));
    assert!(matches!(error(Race::new(Random::new(0))), Error::NoCandidates));
    assert!(matches!(error(Sobol::new(0)), Error::NoCandidates));
    assert!(matches!(error(Gp::new(0)), Error::NoCandidates));
    // Its candidates await all folds of earlier ones, and a race gives a few until all are there.
    let awaits = error(Race::new(Gp::new(30)));
    assert!(matches!(&awaits, Error::Setting { setting: "base of a race", .. }), "{awaits}");
    assert_eq!(fault(SuccessiveHalving::new(Gp::new(30).fold_by_fold())), "fold_by_fold on");
}

/// A grid of 10^12 candidates.
#[test]
fn a_base_that_is_too_large_to_compare_is_an_error() {
    #[searchable]
    struct Huge {
        #[grid(0.0..=0.999, step = 0.001)]
        dropout: Dropout,
        output: Linear<4, 3>,
        #[train]
        #[grid(log(1e-4..=1e-1), points = 1000)]
        lr: f64,
        #[train]
        #[grid(log(1e-6..=1e-1), points = 1000)]
        weight_decay: f64,
        #[train]
        #[grid(log(1e-1..=1e1), points = 1000)]
        clip_norm: f64,
    }
    fn fault<S: Strategy<HugeSpace>>(strategy: S) -> String {
        match Huge::search(strategy).progress(false).cross_validate(&corners(30, 1.0)) {
            Err(Error::Schedule(ScheduleError::TooManyCandidates { candidates, .. })) => candidates.to_string(),
            other => panic!("{:?}", other.map(drop)),
        }
    }
    let all = 10_u64.pow(12).to_string();
    assert_eq!(fault(SuccessiveHalving::new(Grid)), all);
    assert_eq!(fault(Asha::new(Grid)), all);
    assert_eq!(fault(Race::new(Grid)), all);
    assert_eq!(fault(Grid.exact()), all);
    // It takes no more of them than its brackets have.
    let begun = Huge::search(Hyperband::new(Grid)).max_fits(2).progress(false).cross_validate(&corners(30, 1.0));
    assert!(matches!(begun, Err(Error::Stopped { .. })), "{:?}", begun.map(drop));
}

#[test]
fn an_error_of_all_fits_is_an_error_of_the_search() {
    let fails = |_: &FitInfo, _: &Epoch| panic!("it fails");
    fn error<S: Strategy<NetSpace>>(strategy: S, fails: impl dropgrid::hook::Hook + 'static) -> Error {
        let search = search(strategy, &Seen::default()).hook(fails);
        search.cross_validate(&corners(30, 1.0)).map(drop).expect_err("all fits fail")
    }
    for error in [
        error(SuccessiveHalving::new(Random::new(4)), fails),
        error(Hyperband::new(Random::new(17)), fails),
        error(Asha::new(Random::new(4)), fails),
        error(Race::new(Random::new(4)), fails),
        error(Grid.exact(), fails),
    ] {
        assert!(matches!(error, Error::AllFitsFailed { .. }), "{error}");
        assert!(
            !matches!(error, Error::Strategy { ref error, .. } if matches!(**error, StrategyError::Unfinished { .. }))
        );
    }
}
