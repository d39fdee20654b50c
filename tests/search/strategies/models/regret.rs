//! What models find, beside random search.

use super::*;

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
    // Conditions are nothing that a Gaussian process knows of.
    assert!(tpe < 0.6 * random && gp < 0.9 * random, "random {random}, Gp {gp}, Tpe {tpe}");
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
