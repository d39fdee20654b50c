//! Processes that share a search whose strategy decides on records, and one of which is killed.

use dropgrid::strategy::Strategy;

use super::*;

/// The strategies by the names of their tasks.
pub(super) const NAMES: [&str; 10] =
    ["exact", "race", "pruning", "halving", "hyperband", "asha", "sobol", "gp", "tpe", "auto"];
/// Those of them that only choose candidates.
const NEVER_PRUNE: [&str; 4] = ["sobol", "gp", "tpe", "auto"];

/// The digest of a search by the strategy of that name, on a study or on none.
pub(super) fn digest(name: &str, study: Option<&Path>) -> String {
    fn run<S: Strategy<MlpSpace>>(name: &str, strategy: S, study: Option<&Path>) -> String {
        let recipe = Train::adam(1e-2).epochs(8).batch_size(10);
        let search = Mlp::search(strategy).cv(KFold::new(4)).train(recipe).progress(false).seed(5).workers(1);
        let search = if let Some(path) = study { search.study(path) } else { search };
        let report = search.cross_validate(&data()).expect("a report");
        let prunes = report.results().candidates().iter().any(|candidate| candidate.elimination().is_some());
        assert!(prunes || NEVER_PRUNE.contains(&name), "{name} eliminated nothing");
        report.digest()
    }
    match name {
        "exact" => run(name, Grid.exact(), study),
        "race" => run(name, Race::new(Grid).alpha(0.3), study),
        "pruning" => {
            run(name, Pruning::new(Grid, MedianPruner::new().n_startup_trials(2).interval_steps(2)).lag(1), study)
        }
        "halving" => run(name, SuccessiveHalving::new(Random::new(12)), study),
        "hyperband" => run(name, Hyperband::new(Random::new(usize::MAX)).factor(2), study),
        "asha" => run(name, Asha::new(Grid), study),
        "sobol" => run(name, Sobol::new(8), study),
        "gp" => run(name, Gp::new(8).startup(3).lag(1), study),
        "tpe" => run(name, Tpe::new(8).startup(3).lag(1), study),
        "auto" => run(name, Auto::new(8).startup(4), study),
        other => panic!("no strategy {other}"),
    }
}

#[test]
fn processes_that_share_a_strategy_have_its_bits_though_one_is_killed() {
    for (at, name) in NAMES.into_iter().enumerate() {
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path().join("shared.study");
        let mut parts = parts(3, name, &study);
        while kept(&study) < 5 * (at % 5 + 1) && parts[0].is_running() {
            thread::sleep(Duration::from_micros(500));
        }
        parts.remove(0).kill();
        let whole = digest(name, None);
        for part in parts {
            assert_eq!(part.end().expect("a report").1, whole, "{name}");
        }
    }
}
