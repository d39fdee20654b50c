//! Spaces that end.

use dropgrid::{Error, error::SpaceError, split::Warning};

use super::*;

/// One range of single precision.
#[searchable]
struct Single {
    #[set(p = f64::from(rate))]
    tied: Dropout,
    output: Linear<4, 3>,
    #[uniform(0.1..0.2)]
    rate: f32,
}

fn distinct<P: std::fmt::Display>(params: &[P]) -> usize {
    params.iter().map(ToString::to_string).collect::<std::collections::HashSet<_>>().len()
}

#[test]
fn no_candidate_is_tried_twice() {
    let small = small();
    for tried in [
        run(&Sobol::new(99), &small, 1, 1, |params, _| params.lr),
        run(&Gp::new(99).startup(2), &small, 1, 1, |params, _| params.lr),
        run(&Tpe::new(99).startup(2), &small, 1, 1, |params, _| params.lr),
        run(&Auto::new(99), &small, 1, 1, |_, _| f64::NAN),
        run(&Auto::new(99).startup(1).lag(0), &small, 1, 1, |_, _| f64::INFINITY),
    ] {
        assert_eq!((tried.len(), distinct(&tried)), (8, 8));
    }
    // A range of whole numbers ends, too; a rule leaves out what it forbids.
    for tried in [
        run(&Sobol::new(99), &Whole::space(), 1, 1, |_, _| 1.0),
        run(&Auto::new(99).startup(2), &Whole::space(), 1, 1, |_, _| 1.0),
    ] {
        assert_eq!((tried.len(), distinct(&tried)), (8, 8));
        assert!(tried.iter().all(|params| params.depth != 2));
    }
    for tried in [
        run(&Random::new(99), &Whole::space(), 1, 1, |_, _| 1.0),
        run(&Random::new(usize::MAX), &Whole::space(), 1, 1, |_, _| 1.0),
    ] {
        assert_eq!((tried.len(), distinct(&tried)), (8, 8));
    }
    // Five numbers of single precision, of which the fifth is the end of the range.
    let tiny = || Single::space().rate(0.1_f32..0.100_000_03);
    for tried in [
        run(&Sobol::new(99), &tiny(), 1, 1, |_, _| 1.0),
        run(&Random::new(99), &tiny(), 1, 1, |_, _| 1.0),
        run(&Auto::new(99).startup(2), &tiny(), 1, 1, |_, _| 1.0),
    ] {
        assert_eq!((tried.len(), distinct(&tried)), (4, 4), "{tried:?}");
    }
    let mixed = run(&Auto::new(40), &Mixed::space(), 1, 1, |params, _| mixed(params));
    assert_eq!(distinct(&mixed), 40);
    assert!(mixed.iter().all(|params| params.kind != 'c' || params.width != 64));
    // Beyond the length of one sequence.
    let folds = equal_folds(1);
    let many = with_view(&Plane::space(), 1, &folds, &Trials::new(&folds, f64::NAN), |view| {
        Sobol::new(70_000).candidates(view, 0..80_000).expect("candidates")
    });
    let many: Vec<PlaneParams> = many.into_iter().flatten().collect();
    assert_eq!((many.len(), distinct(&many)), (70_000, 70_000));
    let many = with_view(&Single::space(), 1, &folds, &Trials::new(&folds, f64::NAN), |view| {
        [
            CandidateSource::candidates(&Sobol::new(70_000), view, 0..70_000),
            Random::new(70_000).candidates(view, 0..70_000),
        ]
    });
    for many in many {
        let many: Vec<SingleParams> = many.expect("candidates").into_iter().flatten().collect();
        assert_eq!((many.len(), distinct(&many)), (70_000, 70_000));
    }
}

#[test]
fn a_small_space_gives_a_warning() {
    let warning = Some(Warning::FewCandidates { candidates: 8, asked: 99 });
    let space = small();
    assert_eq!(CandidateSource::<NetSpace>::warning(&Sobol::new(99), &space), warning);
    assert_eq!(CandidateSource::<NetSpace>::warning(&Auto::new(99), &space), warning);
    let whole = Whole::space();
    assert!(CandidateSource::<WholeSpace>::warning(&Random::new(99), &whole.depth([1, 3])).is_some());
    let single = Single::space().rate(0.1_f32..0.100_000_03);
    let few = Some(Warning::FewCandidates { candidates: 4, asked: 99 });
    assert_eq!(CandidateSource::<SingleSpace>::warning(&Random::new(99), &single), few);
    assert_eq!(CandidateSource::<SingleSpace>::warning(&Random::new(99), &Single::space()), None);
    assert_eq!(CandidateSource::<NetSpace>::warning(&Gp::new(8), &space), None);
    assert_eq!(CandidateSource::<NetSpace>::warning(&Tpe::new(usize::MAX), &space), None);
    assert_eq!(CandidateSource::<PlaneSpace>::warning(&Tpe::new(99), &Plane::space()), None);
    assert_eq!(Gp::new(99).size(&space).expect("a size"), Some(8));
    assert_eq!(Sobol::new(usize::MAX).size(&Plane::space()).expect("a size"), None);
    let error = Auto::new(9).startup(0).size(&space).expect_err("no first ones");
    assert_eq!(error.to_string(), "startup is 0, expected at least 1");
    let empty = Sobol::new(9).size(&small().lr([])).expect_err("an axis without values");
    assert!(matches!(empty, Error::Space(SpaceError::EmptyAxis { .. })), "{empty}");
}
