//! Processes that share a search whose strategy decides on records, and that end in the middle of it.

use std::{fs, path::PathBuf};

use dropgrid::{
    hook::{Epoch, FitInfo, Hook},
    report::FreshRepeats,
    strategy::Strategy,
};

use super::*;

/// The strategies by the names of their tasks. The last one is a grid whose best candidates race on fresh repeats.
pub(super) const NAMES: [&str; 13] = [
    "exact",
    "race",
    "pruning",
    "by_fold",
    "halving",
    "samples",
    "hyperband",
    "asha",
    "sobol",
    "gp",
    "tpe",
    "auto",
    "fresh",
];
/// Those of them that only choose candidates.
const NEVER_PRUNE: [&str; 5] = ["sobol", "gp", "tpe", "auto", "fresh"];
/// The variable that ends a process itself: the fits that its study then has.
const ENDS_AT: &str = "DROPGRID_TEST_ENDS_AT";

/// Ends the process at the end of an epoch, in the middle of a fit, as soon as the study has so many fits.
struct Aborts {
    study: PathBuf,
    fits: usize,
}

impl Hook for Aborts {
    fn epoch_end(&self, _fit: &FitInfo, _epoch: &Epoch) {
        if kept(&self.study) >= self.fits {
            std::process::abort();
        }
    }
}

/// The digest of a search by the strategy of that name, on a study or on none.
pub(super) fn digest(name: &str, study: Option<&Path>) -> String {
    fn run<S: Strategy<MlpSpace>>(name: &str, strategy: S, study: Option<&Path>) -> String {
        let recipe = Train::adam(1e-2).epochs(8).batch_size(10);
        let mut search = Mlp::search(strategy).cv(KFold::new(4)).train(recipe).progress(false).seed(5).workers(1);
        if let Some(path) = study {
            search = search.study(path);
            if let Ok(fits) = env::var(ENDS_AT) {
                search = search.hook(Aborts { study: path.to_owned(), fits: fits.parse().expect("a number") });
            }
        }
        if name == "fresh" {
            // Of the race, the scores on the fresh folds and the winner.
            let report = search.refit(FreshRepeats::of_top(4).repeats(2)).fit(&data()).expect("a report");
            let fresh: Vec<String> = report.fresh_scores().iter().map(|score| format!("{score:?}")).collect();
            assert!(fresh.len() == 4, "{fresh:?}");
            return format!("{} {} {}", report.digest(), fresh.join(" "), report.best_params());
        }
        let report = search.cross_validate(&data()).expect("a report");
        let prunes = report.results().candidates().iter().any(|candidate| candidate.elimination().is_some());
        assert!(prunes || NEVER_PRUNE.contains(&name), "{name} eliminated nothing");
        report.digest()
    }
    let median = || MedianPruner::new().n_startup_trials(2).interval_steps(2);
    match name {
        "exact" => run(name, Grid.exact(), study),
        "race" => run(name, Race::new(Grid).alpha(0.3), study),
        "pruning" => run(name, Pruning::new(Grid, median()).lag(1), study),
        "halving" => run(name, SuccessiveHalving::new(Random::new(12)), study),
        "samples" => run(name, SuccessiveHalving::new(Grid).samples().min_resource(10), study),
        "hyperband" => run(name, Hyperband::new(Random::new(usize::MAX)).factor(2), study),
        "asha" => run(name, Asha::new(Grid), study),
        "sobol" => run(name, Sobol::new(8), study),
        "by_fold" => run(name, Gp::new(10).startup(4).fold_by_fold(), study),
        "gp" => run(name, Gp::new(8).startup(3).lag(1), study),
        "tpe" => run(name, Tpe::new(8).startup(3).lag(1), study),
        "auto" => run(name, Auto::new(8).startup(3), study),
        "fresh" => run(name, Grid, study),
        other => panic!("no strategy {other}"),
    }
}

/// A search that nothing disturbs.
struct Whole {
    digest: String,
    /// The fits that its study has.
    fits: usize,
}

impl Whole {
    fn of(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path().join("whole.study");
        let digest = digest(name, None);
        assert_eq!(self::digest(name, Some(&study)), digest, "{name}: on a study");
        Self { digest, fits: kept(&study) }
    }
}

/// Starts processes that end themselves once the study has so many fits, and waits for the end of each.
fn die(count: usize, name: &str, study: &Path, fits: usize) {
    let fits = fits.to_string();
    let mut parts: Vec<Part> = (0..count).map(|_| Part::new(name, study, Some((ENDS_AT, &fits)))).collect();
    parts.iter_mut().for_each(Part::begin);
    for part in parts {
        assert_eq!(part.end(), None, "{name}: a process came through");
    }
}

/// The same study in another folder, with all files beside it.
fn copy(study: &Path, folder: &Path) -> PathBuf {
    for file in fs::read_dir(study.parent().expect("a folder")).expect("a folder") {
        let file = file.expect("a file");
        fs::copy(file.path(), folder.join(file.file_name())).expect("a copy");
    }
    folder.join(study.file_name().expect("a name"))
}

/// Checks each strategy, several at once: their fits sleep most of the time.
fn each_of(check: impl Fn(&str) + Sync) {
    for names in NAMES.chunks(4) {
        thread::scope(|scope| names.iter().for_each(|&name| drop(scope.spawn(|| check(name)))));
    }
}

#[test]
fn a_search_of_which_every_process_is_killed_goes_on_with_the_bits_of_one_that_is_not() {
    each_of(|name| {
        let whole = Whole::of(name);
        // Late enough that the strategy has decided on records, and a rule of the winner has begun its race.
        let fits = whole.fits * 4 / 5;
        assert!(name != "fresh" || fits > 12 * 4, "{name}: {fits}");
        for victims in [1, 2] {
            let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
            let study = first.path().join("killed.study");
            die(victims, name, &study, fits);
            let left = kept(&study);
            assert!((fits..whole.fits).contains(&left), "{name}: {left} of {} fits", whole.fits);
            let other = copy(&study, second.path());
            assert_eq!(digest(name, Some(&study)), whole.digest, "{name}: one goes on from {victims}");
            for part in parts(3, name, &other) {
                assert_eq!(part.end().expect("a report").1, whole.digest, "{name}: three go on from {victims}");
            }
            assert_eq!([kept(&study), kept(&other)], [whole.fits; 2], "{name}");
        }
    });
}

#[test]
fn processes_that_share_a_strategy_have_its_bits_though_one_is_killed() {
    each_of(|name| {
        let whole = Whole::of(name);
        // The victim dies in a fit of its own. Where the others leave it none, the search is run again.
        let dies = (0..5).any(|_| {
            let folder = tempfile::tempdir().expect("a folder");
            let study = folder.path().join("shared.study");
            let mut parts: Vec<Part> = (0..2).map(|_| Part::new(name, &study, None)).collect();
            let mut victim = Part::new(name, &study, Some((ENDS_AT, "1")));
            parts.iter_mut().chain([&mut victim]).for_each(Part::begin);
            let dies = victim.end().is_none();
            for part in parts {
                assert_eq!(part.end().expect("a report").1, whole.digest, "{name}");
            }
            assert_eq!(kept(&study), whole.fits, "{name}");
            dies
        });
        assert!(dies, "{name}: the victim came through");
    });
}
