//! Code of the user's own that fails inside a search: nothing that was trained is lost, and the error says what failed.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use dfdx::{
    shapes::{Axis, Rank0},
    tensor_ops::SumTo,
};
use dropgrid::{
    data::Labels,
    error::ScoringError,
    hook::{Batch, FitEnd, Hook},
    metric::{Needs, Scored},
    report::{MetricInfo, Refit, Results},
    seed::Seed,
    split::{Folds, Rows, Splitter},
};

use super::*;

/// Panics at a call, the first is 1.
#[derive(Debug, Clone)]
struct Fuse(Arc<AtomicUsize>, usize);

impl Fuse {
    fn at(call: usize) -> Self {
        Self(Arc::default(), call)
    }

    fn burn(&self) {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) + 1 != self.1, "burnt out");
    }
}

fn burnt() -> Failure {
    Failure::Panicked { message: "burnt out".to_owned() }
}

/// The last of six fits failed, and the other five have the bits of a search in which none did.
fn assert_all_but_the_last(report: &Report<Net, Classes<3>, ()>) {
    let calm = search().cross_validate(&data()).expect("a report");
    assert_eq!(report.results().failures().collect::<Vec<_>>(), [&burnt()]);
    for (at, candidate) in report.results().candidates().iter().enumerate() {
        for (fold, record) in candidate.records().iter().enumerate() {
            let is_last = (at, fold) == (1, 2);
            assert_eq!(record.outcome.is_err(), is_last, "candidate {at}, fold {fold}");
            assert!(is_last || record.outcome == calm.results().candidates()[at].records()[fold].outcome);
        }
    }
    assert_eq!(report.best_params(), &NetParams { dropout: 0.0 });
}

#[test]
fn a_refit_rule_that_panics_leaves_the_report() {
    let calm = search().cross_validate(&data()).expect("a report");
    let check = |error: Error| {
        assert!(matches!(&error, Error::RefitRuleFailed { failure, .. } if *failure == burnt()), "{error}");
        assert_eq!(error.to_string(), "the refit rule failed: panicked: burnt out");
        assert_eq!(kept(&error).digest(), calm.digest());
        assert_eq!(kept(&error).best_params(), calm.best_params());
    };
    let closure = |_: &Results<NetParams>| -> usize { panic!("burnt out") };
    check(search().refit(closure).fit(&data()).expect_err("a panic"));
    let complexity = |_: &NetParams| -> f64 { panic!("burnt out") };
    check(search().refit(OneStandardError::simplest(complexity)).fit(&data()).expect_err("a panic"));
    check(search().refit(OneStandardDeviation::simplest(complexity)).fit(&data()).expect_err("a panic"));
}

/// A rule that chooses by metrics of which the search has one at least.
struct NeedsTwoMetrics;

impl Refit<NetParams> for NeedsTwoMetrics {
    fn check(&self, metrics: &[MetricInfo]) -> dropgrid::Result<()> {
        let value = metrics.len().to_string();
        if metrics.len() < 2 { Err(Error::Setting { setting: "metrics", value, expected: "two" }) } else { Ok(()) }
    }

    fn choose(&self, _: &Results<NetParams>, best: usize, _: &mut dyn FnMut(&NetParams) -> usize) -> usize {
        best
    }
}

#[test]
fn a_refit_rule_checks_its_settings_before_any_training() {
    fn refused(rule: impl Refit<NetParams> + 'static) -> Error {
        let epochs = Arc::new(AtomicUsize::new(0));
        let counts = Arc::clone(&epochs);
        let count = move |_: &FitInfo, _: &Epoch| {
            counts.fetch_add(1, Ordering::Relaxed);
        };
        let error = search().refit(rule).hook(count).fit(&data()).expect_err("a wrong setting");
        assert_eq!(epochs.load(Ordering::Relaxed), 0, "{error}");
        error
    }
    let misspelt = refused(Knee::of(["acuracy"]));
    assert!(matches!(&misspelt, Error::Scoring(ScoringError::UnknownMetric { name, .. }) if name == "acuracy"));
    assert_eq!(
        misspelt.to_string(),
        "no metric is called `acuracy`, did you mean `accuracy`? the metrics are accuracy"
    );
    let none: [Objective; 0] = [];
    assert_eq!(refused(Knee::of(none)).to_string(), "objectives is none, expected at least one objective");
    assert_eq!(refused(FreshRepeats::of_top(1)).to_string(), "top is 1, expected at least 2");
    assert_eq!(refused(FreshRepeats::of_top(2).repeats(0)).to_string(), "repeats is 0, expected at least 1");
    assert_eq!(refused(NeedsTwoMetrics).to_string(), "metrics is 1, expected two");
    search().refit(Knee::of([Objective::metric("accuracy"), Objective::parameters()])).fit(&data()).expect("a report");
}

/// A method of [`Hook`].
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Start,
    Batch,
    Epoch,
    End,
}

/// Panics in one of its methods in the last fit.
struct Fragile(Place);

impl Fragile {
    fn called(&self, place: Place, fit: &FitInfo) {
        assert!(self.0 != place || fit.fold != Some(2) || !fit.candidates.contains(&1), "burnt out");
    }
}

impl Hook for Fragile {
    fn fit_start(&self, fit: &FitInfo) {
        self.called(Place::Start, fit);
    }

    fn batch_end(&self, fit: &FitInfo, _: &Batch) {
        self.called(Place::Batch, fit);
    }

    fn epoch_end(&self, fit: &FitInfo, _: &Epoch) {
        self.called(Place::Epoch, fit);
    }

    fn fit_end(&self, fit: &FitInfo, _: &FitEnd<'_>) {
        self.called(Place::End, fit);
    }
}

#[test]
fn a_hook_that_panics_fails_its_fit_alone() {
    for place in [Place::Start, Place::Batch, Place::Epoch, Place::End] {
        assert_all_but_the_last(&search().hook(Fragile(place)).cross_validate(&data()).expect("a report"));
    }
}

#[test]
fn a_rule_that_panics_fails_its_fit_alone() {
    // Six fits of three epochs.
    let fuse = Fuse::at(18);
    let rule = move |_: &[Epoch]| {
        fuse.burn();
        false
    };
    assert_all_but_the_last(&search().stop_when("never", rule).cross_validate(&data()).expect("a report"));
}

#[test]
fn a_loss_that_panics_fails_its_fit_alone() {
    let entropy = |fuse: Option<Fuse>| {
        CustomLoss::<Classes<3>>::new("entropy", move |output, truth| {
            fuse.iter().for_each(Fuse::burn);
            (output.log_softmax::<Axis<1>>() * truth).sum::<Rank0, _>() / -60.0
        })
    };
    // Six fits of three epochs of one batch.
    let report = search().loss(entropy(Some(Fuse::at(18)))).cross_validate(&data()).expect("a report");
    assert_eq!(report.results().failures().collect::<Vec<_>>(), [&burnt()]);
    let calm = search().loss(entropy(None)).cross_validate(&data()).expect("a report");
    assert_eq!(report.best().records(), report.results().candidates()[0].records());
    let outcomes = |report: &Report<Net, Classes<3>, ()>| {
        let records = report.results().candidates().iter().flat_map(|candidate| candidate.records());
        records.take(5).map(|record| record.outcome.clone()).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(&report), outcomes(&calm));
}

/// A share of right rows that panics at a call.
fn fragile_metric(fuse: Fuse) -> impl dropgrid::metric::Scoring<Labels> {
    CustomMetric::new("right", Direction::Maximize, Needs::Labels, move |scored: &Scored<'_, Labels>| {
        fuse.burn();
        let rows = scored.truth().iter().zip(scored.predicted()?);
        Ok(rows.filter(|(truth, predicted)| truth == predicted).count() as f64)
    })
}

#[test]
fn a_metric_that_panics_fails_its_fit_alone() {
    let report = search().scoring(fragile_metric(Fuse::at(6))).cross_validate(&data()).expect("a report");
    assert_eq!(report.results().failures().collect::<Vec<_>>(), [&burnt()]);
    assert_eq!(report.results().fits(), 6);
}

#[test]
fn a_metric_that_panics_on_an_outer_fold_leaves_its_search() {
    // The seventh call, after six fits, scores the winner on the outer fold.
    let search = || search().scoring(fragile_metric(Fuse::at(7)));
    let error = search().nested_cross_validate(KFold::new(2), &data()).err().expect("a panic");
    let Error::OuterFoldFailed { fold: 0, failure, .. } = &error else { panic!("{error}") };
    assert_eq!(*failure, burnt());
    assert_eq!(kept(&error).results().fits(), 6);
    assert_eq!(kept(&error).results().failures().count(), 0);
}

/// Panics before it has made a fold.
#[derive(Debug)]
struct FragileSplitter;

impl Splitter for FragileSplitter {
    fn split(&self, _: Rows<'_>, _: Seed) -> dropgrid::Result<Folds> {
        panic!("burnt out")
    }
}

#[test]
fn a_splitter_that_panics_does_so_before_any_training() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("net.study");
    let report = search().study(&study).cross_validate(&data()).expect("a report");
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = {
        let begun = begun.clone();
        move |_: &FitInfo, _: &Epoch| {
            begun.fetch_add(1, Ordering::Relaxed);
        }
    };
    let broken = || search().cv(FragileSplitter).hook(counted).study(&study).cross_validate(&data()).map(drop);
    assert!(catch_unwind(AssertUnwindSafe(broken)).is_err());
    assert_eq!(begun.load(Ordering::Relaxed), 0);
    assert_eq!(search().study(&study).cross_validate(&data()).expect("a report").digest(), report.digest());
}

/// A name and a message of the user's own are not obeyed by the terminal that a report is printed on.
#[test]
fn a_report_shows_names_and_messages_without_obeying_them() {
    let hostile = "\u{1b}[2J\u{7}\u{202e}\nforged";
    let metric = CustomMetric::new(hostile, Direction::Maximize, Needs::Labels, |scored: &Scored<'_, Labels>| {
        Ok(scored.truth().len() as f64)
    });
    let hook =
        move |fit: &FitInfo, _: &Epoch| assert!(fit.fold != Some(2) || !fit.candidates.contains(&1), "{hostile}");
    let report = search().scoring(metric).hook(hook).cross_validate(&data()).expect("a report");
    let said = report.to_string();
    assert!(said.contains("mean \\u{1b}[2J\\u{7}\\u{202e}\\nforged"), "{said}");
    assert!(said.contains("panicked: \\u{1b}[2J\\u{7}\\u{202e}\\nforged"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']) && !said.lines().any(|line| line.starts_with("forged")));
    let curve = Net::search(Only(NetParams { dropout: 0.2 })).cv(KFold::new(3)).train(recipe()).progress(false);
    let metric = CustomMetric::new(hostile, Direction::Maximize, Needs::Labels, |scored: &Scored<'_, Labels>| {
        Ok(scored.truth().len() as f64)
    });
    let said = curve.scoring(metric).permutation_test_score(2, &data()).expect("a test").to_string();
    assert!(said.starts_with("\\u{1b}[2J"), "{said}");
}
