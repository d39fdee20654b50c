//! The contract of strategies, and searches that train.

use super::*;

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

/// Candidates of a model as the base of strategies that decide how long to train: the model learns from the first rung alone.
#[test]
fn models_are_sources_of_candidates() {
    let space = Mixed::space();
    let score = |params: &MixedParams, fold: u32, budget: Budget| {
        let trained = if let Budget::Epochs(epochs) = budget { f64::from(epochs.get()) } else { 27.0 };
        trained.ln_1p() - mixed(params) + noise(&params.to_string(), fold, 0.1)
    };
    check_strategy(&SuccessiveHalving::new(Tpe::new(8).startup(4).lag(2)), &space, score);
    check_strategy(&Asha::new(Gp::new(6).startup(4).lag(1)), &space, score);
}

/// A search that trains has the same digest on one worker and on several.
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
