//! The candidates of random searches.

use dropgrid::{Error, error::NameError, search::Search, split::Warning};

use super::*;
use crate::corners::corners;

/// Six candidates, by conditions and a rule.
#[searchable(forbid = width == 3 && deep == Some(true))]
struct Ruled {
    #[set(p = f64::from(width) / 10.0 + rate.unwrap_or(0.0) + if deep == Some(true) { 0.01 } else { 0.0 })]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[grid(1, 2, 3)]
    width: u8,
    #[when(width != 1)]
    #[grid(false, true)]
    deep: bool,
    #[when(deep == Some(true))]
    #[grid(0.1, 0.2, 0.3)]
    rate: f64,
}

/// A space with a range.
#[searchable]
struct Ranged {
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

fn ruled<S: Strategy<RuledSpace>>(strategy: S) -> Search<Ruled, S> {
    Ruled::search(strategy).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).progress(false)
}

fn drawn(candidates: usize, seed: u64) -> Vec<RuledParams> {
    let report = ruled(Random::new(candidates).seed(seed)).cross_validate(&corners(30, 1.0)).expect("a report");
    report.results().candidates().iter().map(|candidate| candidate.params().clone()).collect()
}

#[test]
fn a_space_that_can_be_listed_is_drawn_without_replacement() {
    assert_eq!(Ruled::space().len(), 6);
    let report = ruled(Random::new(60)).cross_validate(&corners(30, 1.0)).expect("a report");
    assert_eq!(report.warnings(), [Warning::FewCandidates { candidates: 6, asked: 60 }]);
    let text = report.to_string();
    let said = "warning: 60 candidates were asked for, and the space has 6 candidates, each of which is tried once";
    assert!(text.contains(said) && text.contains("6 candidates x 2 folds = 12 fits"), "{text}");
    let whole = drawn(60, 0);
    let all: Vec<RuledParams> = Ruled::space().iter().collect();
    assert!(all.iter().all(|params| whole.contains(params)) && whole.len() == 6, "{whole:?}");
    // A longer search begins with the candidates of a shorter one.
    for count in 1..6 {
        assert_eq!(drawn(count, 0), whole[..count]);
    }
    assert!((1..9).any(|seed| drawn(6, seed) != whole), "the order is by the seed");
    for asked in [3, 6, usize::MAX] {
        let report = ruled(Random::new(asked)).cross_validate(&corners(30, 1.0)).expect("a report");
        assert_eq!((report.warnings(), report.results().candidates().len()), (&[][..], asked.min(6)));
    }
}

#[test]
fn every_candidate_is_as_likely() {
    let mut counts = [0; 6];
    for seed in 0..120 {
        let view = |params: &RuledParams| Ruled::space().index_of(params).expect("a candidate");
        counts[view(&drawn(1, seed)[0])] += 1;
    }
    // 20 expected, with a standard deviation of 4.
    assert!(counts.iter().all(|count| (4..=40).contains(count)), "{counts:?}");
}

#[test]
fn a_space_with_a_range_has_no_end() {
    let search = Ranged::search(Random::new(20)).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).progress(false);
    let report = search.cross_validate(&corners(30, 1.0)).expect("a report");
    assert_eq!((report.warnings().len(), report.results().candidates().len()), (0, 20));
}

#[test]
fn a_listed_candidate_that_repeats_another_is_named() {
    let all: Vec<RuledParams> = Ruled::space().iter().collect();
    let repeated = Candidates::new(all.iter().chain(&all[4..5]).cloned());
    let error = ruled(repeated).cross_validate(&corners(30, 1.0)).expect_err("one is there twice");
    assert!(matches!(error, Error::Name(NameError::Repeated { first: 4, second: 6, .. })), "{error}");
    assert!(error.to_string().contains(&all[4].to_string()), "{error}");
}
