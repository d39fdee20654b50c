//! Budgets and an axis over the epochs in one study: each record knows which part of which training it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use dropgrid::{
    hook::FitInfo,
    limit::Stop,
    prelude::*,
    record::{Budget, Job, Record, Resource},
    report::{Overview, Results},
    search::Search,
    strategy::{Proposal, Strategy, View},
    study::{FitName, Records, Sqlite, StoredRecord, Study, StudyFile},
};

use crate::corners::corners;

#[searchable]
struct Ranged {
    hidden: (Linear<4, 8>, Tanh),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[uniform(2..=30)]
    epochs: usize,
}

/// Proposes these candidates with these budgets on every fold.
#[derive(Debug, Clone)]
struct Listed(Vec<(u64, RangedParams, Budget)>);

impl Strategy<RangedSpace> for Listed {
    fn count(&self, view: &View<'_, RangedSpace>) -> dropgrid::Result<Option<usize>> {
        Ok(Some(self.0.len() * view.folds.len()))
    }

    fn propose(&self, view: &View<'_, RangedSpace>) -> Proposal<RangedParams> {
        let jobs = self.0.iter().flat_map(|(candidate, params, budget)| {
            let job = |fold| Job { candidate: *candidate, params: params.clone(), fold, budget: *budget };
            (0..view.fold_count()).map(job)
        });
        Ok(jobs.collect())
    }
}

/// A search for these jobs, and the epochs that it trains.
fn search(jobs: &[(u64, RangedParams, Budget)]) -> (Search<Ranged, Listed, Accuracy>, Arc<AtomicUsize>) {
    let trained = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&trained);
    let hook = move |_: &FitInfo, _: &Epoch| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let recipe = Train::adam(0.02).batch_size(8);
    let search = Ranged::search(Listed(jobs.to_vec())).cv(KFold::new(2).shuffle()).scoring(Accuracy).train(recipe);
    (search.seed(3).progress(false).hook(hook), trained)
}

fn params(dropout: f64, epochs: usize) -> RangedParams {
    RangedParams { dropout, epochs }
}

/// Nine epochs of a candidate that has 27, and candidates with nine and with 27.
fn jobs() -> [(u64, RangedParams, Budget); 4] {
    let nine = Budget::epochs(9).expect("a budget");
    [
        (0, params(0.0, 27), nine),
        (1, params(0.0, 9), Budget::Full),
        (2, params(0.2, 27), nine),
        (2, params(0.2, 27), Budget::Full),
    ]
}

#[test]
fn a_part_of_a_training_is_never_read_as_the_whole_of_a_shorter_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (search, trained) = search(&jobs());
    let report = search.study(&path).cross_validate(&corners(60, 1.0)).expect("a report");
    assert_eq!(trained.load(Ordering::Relaxed), 2 * (9 + 27), "candidates 0 and 1 are one training");

    let study = StudyFile::open(&path).expect("a study");
    let found = study.candidates().iter().map(|candidate| {
        let budgets = candidate.records().filter(|record| record.fold == 0).map(|record| record.budget.to_string());
        (candidate.params.to_string(), candidate.epochs, budgets.collect::<Vec<_>>())
    });
    let found: Vec<(String, u32, Vec<String>)> = found.collect();
    let wanted = [
        ("dropout: 0.0, epochs: 9", 9, &["all"][..]),
        ("dropout: 0.0, epochs: 27", 27, &["9 epochs"]),
        ("dropout: 0.2, epochs: 27", 27, &["9 epochs", "all"]),
    ];
    let told = |(params, epochs, budgets): &(&str, u32, &[&str])| {
        ((*params).to_owned(), *epochs, budgets.iter().map(ToString::to_string).collect())
    };
    assert_eq!(found, wanted.iter().map(told).collect::<Vec<_>>());
    assert_eq!(study.candidates()[1].fits[0].resource.words(), "9 of 27 epochs");

    // The file ranks as the search does, and so does a glance at it.
    let results = Results::of_study(&study);
    let of_file =
        results.candidates().iter().map(|it| (it.params().to_string(), (it.rank(0), it.is_finalist(), it.mean(0))));
    let of_report = report.results().candidates().iter().map(|it| {
        let params = format!("dropout: {:?}, epochs: {}", it.params().dropout, it.params().epochs);
        (params, (it.rank(0), it.is_finalist(), it.mean(0)))
    });
    let (of_file, of_report): (BTreeMap<_, _>, BTreeMap<_, _>) = (of_file.collect(), of_report.collect());
    assert_eq!(of_file, of_report);
    let overview = Overview::open(&path).expect("a study");
    assert_eq!((overview.candidates, overview.done, overview.best_score), (3, 2, Some(report.best_score())));
}

#[test]
fn as_many_epochs_are_one_training_whatever_they_are_a_part_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let all = jobs();
    let (first, trained) = search(&[all[0].clone(), all[2].clone(), all[3].clone()]);
    first.study(&path).cross_validate(&corners(60, 1.0)).expect("a report");
    assert_eq!(trained.load(Ordering::Relaxed), 2 * (9 + 27));
    let (second, trained) = search(&all);
    let report = second.study(&path).cross_validate(&corners(60, 1.0)).expect("a report");
    assert_eq!(
        trained.load(Ordering::Relaxed),
        0,
        "the nine epochs of the candidate with 27 are those of the other one"
    );
    let (alone, _) = search(&all);
    assert_eq!(report.digest(), alone.cross_validate(&corners(60, 1.0)).expect("a report").digest());
    assert_eq!(StudyFile::open(&path).expect("a study").fits(), 8, "each has its record");
}

/// Another process records one of two fits that are one training, before this one has claimed them.
#[test]
fn of_a_group_that_another_process_has_partly_recorded_the_rest_is_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let jobs = [(0, params(0.0, 9)), (1, params(0.2, 9)), (2, params(0.2, 27))];
    let (search, _) = search(&jobs.map(|(number, params)| (number, params, Budget::Full)));
    let (study, trained) = (path.clone(), Arc::new(Mutex::new(BTreeSet::new())));
    let seen = Arc::clone(&trained);
    let hook = move |fit: &FitInfo, _: &Epoch| {
        let mut seen = seen.lock().expect("no panic");
        if seen.is_empty() {
            let job = Job { candidate: 0, params: (), fold: 0, budget: Budget::Full };
            let record = Record::new(&job, Ok(vec![0.125]));
            let name = FitName { params: "{\"dropout\":0.2}".to_owned(), fold: 0, resource: Resource::full(9) };
            let mut other = Sqlite::open(&study).expect("the study");
            other.add(&[StoredRecord { name, record }], &[], &[]).expect("written");
        }
        seen.insert((fit.fold.expect("a fold"), fit.candidates.clone()));
    };
    let report = search.workers(1).study(&path).hook(hook).cross_validate(&corners(60, 1.0)).expect("a report");
    let trained: Vec<(u32, Vec<u64>)> = trained.lock().expect("no panic").iter().cloned().collect();
    assert_eq!(trained, [(0, vec![0]), (0, vec![2]), (1, vec![0]), (1, vec![1, 2])]);
    let candidates = report.results().candidates();
    let scores = candidates.iter().find(|it| *it.params() == params(0.2, 9)).expect("a candidate").scores(0);
    assert_eq!(scores[0], 0.125, "the record of the other process is the one that counts");
    assert_eq!(StudyFile::open(&path).expect("a study").fits(), 6);
}

/// The candidates with 27 epochs that get nine of them first.
fn rung(candidates: u64) -> Vec<(u64, RangedParams, Budget)> {
    let nine = Budget::epochs(9).expect("a budget");
    (0..candidates).map(|number| (number, params(0.01 * number as f64, 27), nine)).collect()
}

#[test]
fn checkpoints_that_no_job_waits_for_are_bounded_and_cost_no_bits() {
    let data = corners(60, 1.0);
    let whole: Vec<_> = rung(6).into_iter().map(|(number, params, _)| (number, params, Budget::Full)).collect();
    let alone = search(&whole).0.cross_validate(&data).expect("a report");
    let folder = tempfile::tempdir().expect("a folder");
    // One state has the weights, Adam's two moments, in single precision, and some more.
    let state = 3 * 4 * (4 * 8 + 8 + 8 * 3 + 3);
    for (name, bound, is_gone) in [("none", 0, true), ("some", 5 * state, true), ("all", 1 << 20, false)] {
        let path = folder.path().join(name);
        let study = || Study::at(&path).checkpoints_within(bound);
        // A search that is asked to end after its rung has not done all: its states are those that a later one goes on
        // from.
        let stop = Stop::new();
        let ask = stop.clone();
        let rung = [rung(6), vec![(6, params(0.19, 27), Budget::Full)]].concat();
        let hook = move |fit: &FitInfo, epoch: &Epoch| {
            if fit.candidates == [6] && epoch.number == 20 {
                ask.request(Duration::ZERO);
            }
        };
        let _ = search(&rung).0.workers(1).study(study()).stop(&stop).hook(hook).cross_validate(&data);
        let states = StudyFile::open(&path).expect("a study").info().states;
        assert!(states.bytes <= bound, "{name}: {} bytes", states.bytes);
        assert_eq!(states.count < 12, is_gone, "{name}: {} states", states.count);
        let (search, trained) = search(&whole);
        let report = search.study(study()).cross_validate(&data).expect("a report");
        assert_eq!(report.digest(), alone.digest(), "{name}");
        let again = trained.load(Ordering::Relaxed) - 12 * (27 - 9);
        assert_eq!(again, 9 * (12 - states.count), "{name}: trainings without a state begin anew");
    }
}
