//! Strategies that choose by earlier scores, on surfaces that are known.

use std::time::Duration;

use dropgrid::{
    Error,
    error::SpaceError,
    metric::Direction,
    record::{Curve, Details, FoldInfo, MetricInfo, Record},
    seed::Seed,
    space::Space,
    split::Warning,
    strategy::{CandidateSource, Trials},
    testing::check_strategy,
};

use super::*;

/// Two ranges of real numbers.
#[searchable]
struct Plane {
    #[set(p = (x + y) / 100.0 + 0.1)]
    tied: Dropout,
    output: Linear<4, 3>,
    #[uniform(-5.0..10.0)]
    x: f64,
    #[uniform(0.0..15.0)]
    y: f64,
}

/// An axis of every kind.
#[searchable(forbid = kind == 'c' && width == 64)]
struct Mixed {
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    #[set(p = (width as f64 + f64::from(depth)) / 200.0 + if kind == 'a' { 0.1 } else { 0.0 })]
    tied: Dropout,
    output: Linear<4, 3>,
    #[grid(16, 32, 64, 128)]
    width: usize,
    #[grid('a', 'b', 'c')]
    kind: char,
    #[uniform(1..=20)]
    depth: u32,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// An axis that only one of two choices has.
#[searchable]
struct Conditional {
    output: Linear<4, 3>,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[uniform(0.0..1.0)]
    momentum: f64,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// Whole numbers and a list: 5 * 2 candidates, of which 2 are forbidden.
#[searchable(forbid = depth == 2)]
struct Whole {
    #[set(p = f64::from(depth) / 20.0 + if wide { 0.1 } else { 0.0 })]
    tied: Dropout,
    output: Linear<4, 3>,
    #[uniform(1..=5)]
    depth: u32,
    #[grid(false, true)]
    wide: bool,
}

/// Branin's function, whose least value is 0.397887.
fn branin(params: &PlaneParams) -> f64 {
    use std::f64::consts::PI;
    let (x, y) = (params.x, params.y);
    let a = y - 5.1 / (4.0 * PI * PI) * x * x + 5.0 / PI * x - 6.0;
    a * a + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * x.cos() + 10.0
}
const LEAST_OF_BRANIN: f64 = 0.397_887;

/// A loss with its least value 0 at width 64, kind b, depth 12, lr 3e-3, dropout 0.2.
fn mixed(params: &MixedParams) -> f64 {
    let octaves = (params.width as f64 / 64.0).log2();
    let kind = match params.kind {
        'a' => 0.4,
        'b' => 0.0,
        _ => 0.7,
    };
    let decades = (params.lr / 3e-3).log10();
    0.2 * octaves * octaves
        + kind
        + (f64::from(params.depth) - 12.0).powi(2) / 100.0
        + decades * decades
        + 8.0 * (params.dropout - 0.2).powi(2)
}

fn conditional(params: &ConditionalParams) -> f64 {
    let decades = (params.lr / 1e-2).log10();
    decades * decades + params.momentum.map_or(0.5, |momentum| 2.0 * (momentum - 0.9).powi(2))
}

/// Noise of a fold, the same for the same candidate: about `width` in either direction.
fn noise(text: &str, fold: u32, width: f64) -> f64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (text, fold).hash(&mut hasher);
    width * (hasher.finish() % 2001) as f64 / 1000.0 - width
}

/// Calls a function with the view of a search on so many folds.
fn with_view<S: Space, R>(
    space: &S,
    seed: u64,
    folds: &[FoldInfo],
    trials: &Trials<S::Params>,
    call: impl FnOnce(&View<'_, S>) -> R,
) -> R {
    call(&View {
        space,
        folds,
        metrics: &[MetricInfo { name: "loss".to_owned(), direction: Direction::Minimize }],
        best_score: None,
        error_score: f64::NAN,
        rows: 150,
        classes: None,
        seed: Seed(seed),
        epochs: &|_| 27,
        evaluation_only: &[],
        trials,
    })
}

fn equal_folds(count: u32) -> Vec<FoldInfo> {
    vec![FoldInfo { repeat: 0, train: 120, test: 30, weight: 1.0 }; count as usize]
}

/// Runs a strategy one candidate after the other, and returns the candidates in their order.
fn run<S: Space>(
    strategy: &impl Strategy<S>,
    space: &S,
    seed: u64,
    folds: u32,
    loss: impl Fn(&S::Params, u32) -> f64,
) -> Vec<S::Params> {
    let folds = equal_folds(folds);
    let mut trials: Trials<S::Params> = Trials::new(&folds, f64::NAN);
    loop {
        let mut jobs = with_view(space, seed, &folds, &trials, |view| strategy.propose(view).expect("a proposal"));
        let Some(first) = jobs.first().map(|job| job.candidate) else {
            return trials.iter().map(|trial| trial.params.clone()).collect();
        };
        jobs.retain(|job| job.candidate == first);
        for job in jobs {
            let record = Record {
                candidate: job.candidate,
                fold: job.fold,
                budget: Budget::Full,
                outcome: Ok(vec![loss(&job.params, job.fold)]),
                warnings: vec![Vec::new()],
                train_scores: None,
                fit_time: Duration::ZERO,
                score_time: Duration::ZERO,
                curve: Curve::default(),
                details: Details::default(),
            };
            trials.add(|| job.params.clone(), record);
        }
    }
}

/// The median over seeds of the true loss of the best candidate.
fn median<S: Space>(strategy: &impl Strategy<S>, space: &S, loss: impl Fn(&S::Params) -> f64 + Copy) -> f64 {
    let best = |seed| {
        let tried = run(strategy, space, seed, 3, |params, fold| loss(params) + noise(&params.to_string(), fold, 0.02));
        tried.iter().map(loss).fold(f64::INFINITY, f64::min)
    };
    let mut best: Vec<f64> = (0..SEEDS).map(best).collect();
    best.sort_by(f64::total_cmp);
    best[SEEDS as usize / 2]
}
const SEEDS: u64 = 5;

/// The same for random search, which has a seed of its own.
fn median_of_random<S: Space>(candidates: usize, space: &S, loss: impl Fn(&S::Params) -> f64 + Copy) -> f64 {
    let best = |seed| {
        let tried = run(&Random::new(candidates).seed(seed), space, seed, 1, |params, _| loss(params));
        tried.iter().map(loss).fold(f64::INFINITY, f64::min)
    };
    let mut best: Vec<f64> = (0..SEEDS).map(best).collect();
    best.sort_by(f64::total_cmp);
    best[SEEDS as usize / 2]
}

#[test]
fn models_find_what_random_search_does_not() {
    let plane = Plane::space();
    let random = median_of_random(40, &plane, branin) - LEAST_OF_BRANIN;
    let gp = median(&Gp::new(40), &plane, branin) - LEAST_OF_BRANIN;
    let tpe = median(&Tpe::new(40), &plane, branin) - LEAST_OF_BRANIN;
    println!("Branin: random {random}, Gp {gp}, Tpe {tpe}");
    assert!(gp < 0.1 * random && tpe < 0.7 * random, "random {random}, Gp {gp}, Tpe {tpe}");

    let space = Mixed::space();
    let random = median_of_random(40, &space, mixed);
    let gp = median(&Gp::new(40), &space, mixed);
    let tpe = median(&Tpe::new(40), &space, mixed);
    println!("Mixed: random {random}, Gp {gp}, Tpe {tpe}");
    assert!(gp < 0.3 * random && tpe < 0.7 * random, "random {random}, Gp {gp}, Tpe {tpe}");

    let space = Conditional::space();
    let random = median_of_random(40, &space, conditional);
    let tpe = median(&Tpe::new(40), &space, conditional);
    let gp = median(&Gp::new(40), &space, conditional);
    println!("Conditional: random {random}, Gp {gp}, Tpe {tpe}");
    assert!(tpe < 0.6 * random && gp < 0.6 * random, "random {random}, Gp {gp}, Tpe {tpe}");
}

#[test]
fn auto_is_the_model_that_suits_the_space() {
    let plane = Plane::space();
    let auto = run(&Auto::new(20), &plane, 3, 1, |params, _| branin(params));
    assert_eq!(auto, run(&Gp::new(20), &plane, 3, 1, |params, _| branin(params)));
    // The first ten are at Sobol points.
    assert_eq!(auto[..10], run(&Sobol::new(10), &plane, 3, 1, |_, _| 0.0));
    assert_ne!(auto, run(&Auto::new(20), &plane, 4, 1, |params, _| branin(params)));
    let space = Conditional::space();
    let auto = run(&Auto::new(20), &space, 3, 1, |params, _| conditional(params));
    assert_eq!(auto, run(&Tpe::new(20), &space, 3, 1, |params, _| conditional(params)));
}

#[test]
fn models_keep_the_contract() {
    let score = |params: &MixedParams, fold: u32, _| -mixed(params) + noise(&params.to_string(), fold, 0.1);
    let space = Mixed::space();
    check_strategy(&Sobol::new(13), &space, score);
    check_strategy(&Gp::new(13).lag(3), &space, score);
    check_strategy(&Tpe::new(15).lag(0), &space, score);
    check_strategy(&Tpe::new(16).startup(4), &space, score);
    let score = |params: &ConditionalParams, fold: u32, _| -conditional(params) + noise(&params.to_string(), fold, 0.1);
    check_strategy(&Auto::new(14), &Conditional::space(), score);
    check_strategy(&Gp::new(8).startup(4), &Conditional::space(), score);
    // All candidates of a small space, each once, whatever the scores: among them all equal ones.
    check_strategy(&Auto::new(30).startup(3).lag(1), &Whole::space(), |_, _, _| 1.0);
    check_strategy(&Tpe::new(30).startup(3), &small(), |params, _, _| params.lr);
    check_strategy(&Sobol::new(30), &small(), |params, _, _| params.lr);
    check_strategy(&Gp::new(1), &Plane::space(), |params, _, _| params.x);
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
}

#[test]
fn a_small_space_gives_a_warning() {
    let warning = Some(Warning::FewCandidates { candidates: 8, asked: 99 });
    let space = small();
    assert_eq!(CandidateSource::<NetSpace>::warning(&Sobol::new(99), &space), warning);
    assert_eq!(CandidateSource::<NetSpace>::warning(&Auto::new(99), &space), warning);
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

/// A search that trains: the same digest on one worker and on several, and after it was cut short.
#[test]
fn a_search_by_a_model_has_the_same_bits_on_any_number_of_workers() {
    let search = |workers: usize| {
        Ranged::search(Auto::new(12).startup(4).lag(2))
            .cv(KFold::new(3))
            .train(Train::adam(1e-2).epochs(2))
            .workers(workers)
            .progress(false)
            .seed(5)
            .cross_validate(&crate::corners::corners(60, 1.0))
            .expect("a report")
    };
    let alone = search(1);
    assert_eq!(alone.results().candidates().len(), 12);
    for workers in [2, 5] {
        assert_eq!(search(workers).digest(), alone.digest());
    }
}

#[searchable]
struct Ranged {
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}
