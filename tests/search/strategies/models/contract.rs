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

#[test]
fn models_keep_the_contract_fold_by_fold() {
    let score = |params: &MixedParams, fold: u32, _| -mixed(params) + noise(&params.to_string(), fold, 0.1);
    check_strategy(&Gp::new(9).startup(4).lag(3).fold_by_fold(), &Mixed::space(), score);
    check_strategy(&Tpe::new(9).startup(4).lag(0).fold_by_fold(), &Mixed::space(), score);
    let score = |params: &ConditionalParams, fold: u32, _| -conditional(params) + noise(&params.to_string(), fold, 0.1);
    check_strategy(&Auto::new(9).startup(4).fold_by_fold(), &Conditional::space(), score);
    check_strategy(&Gp::new(30).startup(3).lag(6).fold_by_fold(), &small(), |params, _, _| params.lr);
}

/// Candidates of a model as the base of strategies that decide how long to train: the model learns from the first rung
/// alone.
#[test]
fn models_are_sources_of_candidates() {
    let space = Mixed::space();
    let score = |params: &MixedParams, fold: u32, budget: Budget| {
        let trained = if let Budget::Epochs(epochs) = budget { f64::from(epochs.get()) } else { 27.0 };
        trained.ln_1p() - mixed(params) + noise(&params.to_string(), fold, 0.1)
    };
    check_strategy(&SuccessiveHalving::new(Tpe::new(8).startup(4).lag(2)), &space, score);
    check_strategy(&SuccessiveHalving::new(Gp::new(6).startup(4).lag(1)).factor(3), &space, score);
    check_strategy(&Hyperband::new(Gp::new(6).startup(4).lag(1)).min_resource(9), &space, score);
    check_strategy(&Asha::new(Gp::new(6).startup(4).lag(1)), &space, score);
}

/// A search that trains has the same digest on one worker and on several, and from a study after an early end.
#[test]
fn a_search_by_a_model_has_the_same_bits_on_any_number_of_workers_and_from_a_study() {
    fn check(strategy: impl Strategy<RangedSpace> + Copy) {
        let search = |workers: usize| {
            let recipe = Train::adam(1e-2).epochs(2);
            Ranged::search(strategy).cv(KFold::new(3)).train(recipe).workers(workers).progress(false).seed(5)
        };
        let data = crate::corners::corners(60, 1.0);
        let alone = search(1).cross_validate(&data).expect("a report");
        assert_eq!(alone.results().candidates().len(), 12);
        assert_eq!(search(5).cross_validate(&data).expect("a report").digest(), alone.digest(), "{strategy:?}");
        for fits in [4, 11, 17] {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("x.study");
            // So few fits may leave no candidate with all of its folds.
            match search(2).study(&path).max_fits(fits).cross_validate(&data) {
                Ok(cut_off) => assert!(cut_off.stopped().is_some()),
                Err(error) => assert!(error.to_string().starts_with("stopped after"), "{error}"),
            }
            let whole = search(3).study(&path).cross_validate(&data).expect("a report");
            assert_eq!(whole.digest(), alone.digest(), "{strategy:?} after {fits} fits");
        }
    }
    check(Auto::new(12).startup(4).lag(2));
    check(Gp::new(12).startup(3).lag(0));
    check(Tpe::new(12).startup(3).lag(1));
    check(Auto::new(12).startup(4).fold_by_fold());
    check(Sobol::new(12));
    check(Random::new(12));
}
