//! Candidates are known by the JSON of their values: what has none, or several, is refused before any training.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use dropgrid::{
    error::NameError,
    record::{Budget, Job},
    strategy::{Proposal, Strategy, View},
};
use serde::{Deserialize, Serialize};

use super::*;

/// A type of which serde leaves something out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Partly {
    shown: u8,
    #[serde(skip)]
    hidden: u8,
}

/// A model with a hyperparameter of the user's own type.
macro_rules! model {
    ($name:ident, $ty:ty, $rate:expr, $($value:expr),+) => {
        #[searchable]
        struct $name {
            #[set(p = $rate)]
            dropout: Dropout,
            output: Linear<4, 3>,
            #[param]
            #[grid($($value),+)]
            odd: $ty,
        }
    };
}

model!(Pairs, BTreeMap<(u8, u8), u8>, odd.len() as f64 * 0.1, BTreeMap::from([((1, 2), 3)]), BTreeMap::from([((1, 2), 4)]));
model!(Endless, f64, 0.1 / odd.abs(), 1.0, f64::INFINITY, f64::NEG_INFINITY);
model!(Perhaps, Option<f64>, odd.map_or(0.1, |odd: f64| 0.1 / odd), None, Some(f64::INFINITY));
model!(Skipping, Partly, f64::from(odd.hidden) * 0.1, Partly { shown: 1, hidden: 0 }, Partly { shown: 1, hidden: 1 });
model!(Chance, HashSet<u8>, odd.len() as f64 * 0.1, HashSet::from([1]), HashSet::from([1, 2]));
model!(Mapped, HashMap<u8, u8>, odd.len() as f64 * 0.1, HashMap::from([(1, 1), (2, 2)]));
model!(Sound, (BTreeSet<u8>, f32), f64::from(odd.1), (BTreeSet::from([2, 1]), 0.1), (BTreeSet::from([3]), 0.2));

/// The error of a search that trains nothing and makes no file.
macro_rules! refused {
    ($model:ty, $strategy:expr) => {{
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let search = || <$model>::search($strategy).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1));
        let error = search().cross_validate(&corners(30)).expect_err("no name");
        let kept = search().study(&path).cross_validate(&corners(30)).expect_err("no name");
        assert!(!path.exists());
        let (Error::Name(error), Error::Name(kept)) = (error, kept) else { panic!("another error") };
        assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&kept));
        error
    }};
}

#[test]
fn values_without_a_name_of_their_own_are_refused() {
    assert!(matches!(refused!(Pairs, Grid), NameError::Unwritten { axis: "odd", .. }));
    let said = refused!(Pairs, Grid).to_string();
    assert_eq!(
        said,
        "axis `odd`: {(1, 2): 3} cannot be written as JSON, by which a candidate is known: key must be a string"
    );
    let endless = refused!(Endless, Grid);
    assert!(matches!(&endless, NameError::Unread { axis: "odd", value, .. } if value == "inf"), "{endless}");
    assert!(matches!(refused!(Perhaps, Random::new(9)), NameError::ReadAs { axis: "odd", .. }));
    let skipping = refused!(Skipping, Grid);
    assert!(matches!(&skipping, NameError::ReadAs { axis: "odd", text, .. } if text == "{\"shown\":1}"), "{skipping}");
    // By chance the order is the same in one try.
    for _ in 0..10 {
        assert!(matches!(refused!(Chance, Grid), NameError::Unsteady { axis: "odd", .. }));
    }
    let said = refused!(Mapped, Grid).to_string();
    assert!(said.starts_with("axis `odd`: the same value is {") && said.contains("use a `BTreeSet`"), "{said}");
}

#[test]
fn candidates_that_are_listed_are_checked() {
    let odd = |odd: f64| EndlessParams { odd };
    let space = || Endless::space().odd([1.0]);
    let error =
        Endless::search(Only(odd(f64::NEG_INFINITY))).space(space()).cross_validate(&corners(30)).expect_err("no name");
    assert!(matches!(&error, Error::Name(NameError::Unread { value, .. }) if value == "-inf"), "{error}");
    let listed = (1..100).map(f64::from).chain([f64::INFINITY]).map(odd);
    let search = Endless::search(Candidates::new(listed)).space(space());
    let error = search.cross_validate(&corners(30)).expect_err("no name");
    assert!(matches!(&error, Error::Name(NameError::Unread { value, .. }) if value == "inf"), "{error}");
}

/// A strategy of the user's own that leaves the axes.
#[derive(Debug)]
struct Beyond;

impl Strategy<EndlessSpace> for Beyond {
    fn count(&self, view: &View<'_, EndlessSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(view.folds.len()))
    }

    fn propose(&self, _: &View<'_, EndlessSpace>) -> Proposal<EndlessParams> {
        Ok(vec![Job { candidate: 0, params: EndlessParams { odd: f64::INFINITY }, fold: 0, budget: Budget::Full }])
    }
}

#[test]
fn a_candidate_is_listed_once() {
    let listed = || [1.0, 2.0].map(|odd| EndlessParams { odd }).into_iter();
    let search = |listed: Vec<EndlessParams>| {
        Endless::search(Candidates::new(listed)).space(Endless::space().odd([1.0])).cv(KFold::new(2))
    };
    let error =
        search(listed().chain(listed().skip(1)).collect()).cross_validate(&corners(30)).expect_err("a repeated one");
    assert!(matches!(error, Error::Name(NameError::Repeated { first: 1, second: 2, .. })), "{error}");
    assert!(error.to_string().starts_with("candidate 2 is candidate 1 again: EndlessParams {"), "{error}");
    assert!(search(listed().collect()).cross_validate(&corners(30)).is_ok());
}

/// Proposes one candidate under two numbers.
#[derive(Debug)]
struct TwoNumbers;

impl Strategy<SoundSpace> for TwoNumbers {
    fn count(&self, view: &View<'_, SoundSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(2 * view.folds.len()))
    }

    fn propose(&self, view: &View<'_, SoundSpace>) -> Proposal<SoundParams> {
        let params = view.space.nth(0).expect("a candidate");
        let jobs = (0..2).flat_map(|candidate| (0..view.fold_count()).map(move |fold| (candidate, fold)));
        Ok(jobs
            .map(|(candidate, fold)| Job { candidate, params: params.clone(), fold, budget: Budget::Full })
            .collect())
    }
}

/// What a study keeps of a candidate is read for both of its numbers.
#[test]
fn a_candidate_of_two_numbers_is_read_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let search = || {
        let search = Sound::search(TwoNumbers).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).seed(2);
        let report = search.study(folder.path().join("x.study")).cross_validate(&corners(30)).expect("a report");
        let candidates = report.results().candidates().iter();
        candidates.flat_map(|candidate| candidate.records().iter().map(|record| record.fit_time)).collect::<Vec<_>>()
    };
    search();
    let times = search();
    assert_eq!(times.len(), 4);
    assert_eq!(times, search(), "nothing was run again");
}

#[test]
fn candidates_of_any_strategy_are_checked() {
    let search = || Endless::search(Beyond).space(Endless::space().odd([1.0, 2.0])).cv(KFold::new(2));
    let error = search().cross_validate(&corners(30)).expect_err("no name");
    assert!(matches!(error, Error::Name(NameError::Unread { axis: "odd", .. })), "{error}");
}

#[test]
fn values_with_a_name_are_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let search = || Sound::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).seed(2);
    let first = search().study(&path).cross_validate(&corners(30)).expect("a report");
    let again = search().study(&path).cross_validate(&corners(30)).expect("a report");
    let whole = search().cross_validate(&corners(30)).expect("a report");
    assert_eq!([first.digest(), again.digest()], [whole.digest(), whole.digest()]);
    let archive = StudyFile::open(&path).expect("a study");
    let names: Vec<String> = archive.candidates().iter().map(|candidate| candidate.params.to_string()).collect();
    assert_eq!(names, ["odd: [[1,2],0.1]", "odd: [[3],0.2]"]);
    let time = |report: &dropgrid::report::Report<Sound, Classes<3>, ()>| report.best().records()[0].fit_time;
    assert_eq!(time(&first), time(&again), "it was not run again");
}
