//! Hooks look at trainings, and rules end them: what they are told, in which order, and what a fault in one of them is.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use dropgrid::{
    Error, Failure,
    hook::{Batch, FitEnd, FitInfo},
    prelude::*,
    record::Epochs,
};

use crate::corners;

#[searchable]
pub(super) struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(2, 6)]
    epochs: usize,
}

#[searchable]
struct Plain {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

pub(super) fn data() -> Dataset<Classes<3>> {
    corners::corners(90, 1.0)
}

/// What a hook was told of a training.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Start,
    Batch(Batch),
    Epoch(Epoch),
    End(usize, Option<Failure>),
}

type Key = (Option<u32>, Vec<u64>);

/// Writes down what it is told, by fold and candidates, since trainings run side by side.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Key, Told)>>>);

impl Log {
    fn add(&self, fit: &FitInfo, told: Told) {
        self.0.lock().expect("no panic").push(((fit.fold, fit.candidates.clone()), told));
    }

    fn keys(&self) -> Vec<Key> {
        let log = self.0.lock().expect("no panic");
        log.iter().filter(|(_, told)| *told == Told::Start).map(|(key, _)| key.clone()).collect()
    }

    fn of(&self, wanted: &Key) -> Vec<Told> {
        let log = self.0.lock().expect("no panic");
        log.iter().filter(|(key, _)| key == wanted).map(|(_, told)| told.clone()).collect()
    }
}

impl Hook for Log {
    fn fit_start(&self, fit: &FitInfo) {
        self.add(fit, Told::Start);
    }

    fn batch_end(&self, fit: &FitInfo, batch: &Batch) {
        self.add(fit, Told::Batch(*batch));
    }

    fn epoch_end(&self, fit: &FitInfo, epoch: &Epoch) {
        self.add(fit, Told::Epoch(epoch.clone()));
    }

    fn fit_end(&self, fit: &FitInfo, end: &FitEnd<'_>) {
        self.add(fit, Told::End(end.epochs, end.failure.cloned()));
    }
}

#[test]
fn a_hook_is_told_of_fits_epochs_and_batches_in_order_and_changes_nothing() {
    let log = Log::default();
    let search = || {
        let recipe = Train::adam(1e-2).batch_size(25).schedule(Schedule::step(1, 0.5));
        Mlp::search(Grid).cv(KFold::new(3)).scoring(LogLoss).train(recipe).workers(2)
    };
    let report = search().hook(log.clone()).fit(&data()).expect("a report");
    assert_eq!(report.digest(), search().fit(&data()).expect("a report").digest());

    let mut keys = log.keys();
    keys.sort();
    // Two trainings a fold, each of two candidates, and that of the winner on all rows.
    assert_eq!(keys.len(), 7);
    assert_eq!(keys[0], (None, vec![]));
    assert_eq!(keys[1], (Some(0), vec![0, 1]));
    assert_eq!(keys[6], (Some(2), vec![2, 3]));
    for key in &keys[1..] {
        let told = log.of(key);
        assert_eq!((&told[0], &told[told.len() - 1]), (&Told::Start, &Told::End(6, None)));
        // 60 rows are batches of 25, 25 and 10.
        for (at, epoch) in told[1..told.len() - 1].chunks(4).enumerate() {
            let [Told::Batch(a), Told::Batch(b), Told::Batch(c), Told::Epoch(epoch)] = epoch else {
                panic!("{epoch:?}");
            };
            assert_eq!([a, b, c].map(|batch| batch.rows), [25, 25, 10]);
            assert_eq!([a, b, c].map(|batch| (batch.epoch, batch.number)), [1, 2, 3].map(|number| (at + 1, number)));
            let sum: f64 = [a, b, c].iter().map(|batch| f64::from(batch.loss) * batch.rows as f64).sum();
            let lr = 1e-2 * (0..at).fold(1.0, |share, _| share * 0.5);
            let mut wanted = Epoch::new(at + 1, sum / 60.0);
            wanted.lr = lr;
            assert_eq!(*epoch, wanted);
            assert!([a, b, c].iter().all(|batch| batch.lr == lr));
        }
        assert_eq!(told.len(), 2 + 6 * 4);
    }
}

#[test]
fn a_hook_knows_what_a_training_is_of() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let look = move |fit: &FitInfo, epoch: &Epoch| {
        if fit.fold == Some(0) && epoch.number == 1 {
            let text: Vec<String> = fit.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            log.lock().expect("no panic").push((text.join(" "), fit.epochs, fit.rows, fit.monitor.clone()));
        }
        assert!(fit.monitor.is_some() == epoch.monitored.is_some());
    };
    let recipe =
        Train::adam(1e-2).early_stopping(EarlyStopping::patience(9)).monitor(Accuracy).validation_fraction(0.25);
    Mlp::search(Grid).cv(KFold::new(3)).train(recipe).hook(look).cross_validate(&data()).expect("a report");
    let mut seen = seen.lock().expect("no panic").clone();
    seen.sort();
    let accuracy = || Some("accuracy".to_owned());
    assert_eq!(
        seen,
        [
            ("dropout=0.0 epochs=6".to_owned(), 6, 45, accuracy()),
            ("dropout=0.3 epochs=6".to_owned(), 6, 45, accuracy())
        ]
    );
}

/// Panics in fold 1, at one of four moments.
struct Panics(usize);

impl Panics {
    fn at(&self, moment: usize, fit: &FitInfo) {
        assert!(fit.fold != Some(1) || moment != self.0, "moment {moment}");
    }
}

impl Hook for Panics {
    fn fit_start(&self, fit: &FitInfo) {
        self.at(0, fit);
    }
    fn batch_end(&self, fit: &FitInfo, _: &Batch) {
        self.at(1, fit);
    }
    fn epoch_end(&self, fit: &FitInfo, _: &Epoch) {
        self.at(2, fit);
    }
    fn fit_end(&self, fit: &FitInfo, _: &FitEnd<'_>) {
        self.at(3, fit);
    }
}

#[test]
fn a_panic_in_a_hook_is_a_failed_fit() {
    for moment in 0..4 {
        let log = Log::default();
        let report = Mlp::search(Grid).cv(KFold::new(3)).hook(log.clone()).hook(Panics(moment));
        let report = report.error_score(ErrorScore::Value(0.0)).cross_validate(&data()).expect("a report");
        let why = Failure::Panicked { message: format!("moment {moment}") };
        // Fold 1 of each candidate; at the end of a training, of those that end with it.
        let failed = if moment < 3 { 4 } else { 2 };
        assert_eq!(report.results().failures().collect::<Vec<_>>(), vec![&why; failed]);
        let told = log.of(&(Some(1), vec![0, 1]));
        let told_of = if moment < 3 { Some(why) } else { None };
        assert!(matches!(&told[told.len() - 1], Told::End(_, failure) if *failure == told_of), "{told:?}");
    }
    let error = Plain::search(Grid)
        .cv(KFold::new(3))
        .hook(|fit: &FitInfo, _: &Epoch| assert!(fit.fold.is_some(), "all rows"))
        .fit(&data())
        .expect_err("the training on all rows");
    assert!(matches!(error, Error::RefitFailed { failure: Failure::Panicked { .. }, .. }), "{error}");
}

#[test]
fn a_rule_ends_trainings_and_the_result_says_so() {
    let ends = |epochs: &[Epoch]| epochs.len() == 4;
    let search = || Mlp::search(Grid).cv(KFold::new(3)).scoring(LogLoss).stop_when("four epochs", ends);
    let report = search().workers(2).cross_validate(&data()).expect("a report");
    for candidate in report.results().candidates() {
        for record in candidate.records() {
            let (epochs, by) = match candidate.params().epochs {
                2 => (2, None),
                _ => (4, Some("four epochs")),
            };
            assert_eq!(record.details.epochs, Some(Epochs::new(epochs, epochs, by.is_some())));
            assert_eq!(record.details.stopped_by.as_deref(), by);
        }
        // The same bits as a training of so many epochs, and as by itself.
        let alone =
            search().space(Mlp::space().dropout([candidate.params().dropout]).epochs([candidate.params().epochs]));
        let alone = alone.workers(1).cross_validate(&data()).expect("a report");
        assert_eq!(alone.results().candidates()[0].scores(0), candidate.scores(0));
        let plain =
            Mlp::search(Only(MlpParams { epochs: candidate.params().epochs.min(4), ..candidate.params().clone() }));
        let plain = plain.cv(KFold::new(3)).scoring(LogLoss).cross_validate(&data()).expect("a report");
        assert_eq!(plain.results().candidates()[0].scores(0), candidate.scores(0));
    }
    assert!(report.to_string().contains("6 of 12 fits were ended by rules: 6 x four epochs"), "{report}");
}

#[test]
fn a_rule_sees_the_epochs_so_far_and_goes_with_early_stopping() {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let log = Arc::clone(&seen);
    let rule = move |epochs: &[Epoch]| {
        assert!(epochs.iter().enumerate().all(|(at, epoch)| epoch.number == at + 1 && epoch.monitored.is_some()));
        log.lock().expect("no panic").insert(epochs.len());
        // Worse than twice as good as at the beginning, three times in a row.
        epochs.len() == 7
    };
    let recipe = Train::adam(1e-2).epochs(30).early_stopping(EarlyStopping::patience(20));
    let report = Plain::search(Grid).cv(KFold::new(3)).train(recipe).stop_when("seven", rule);
    let report = report.refit_epochs(RefitEpochs::StopAgain).fit(&data()).expect("a report");
    assert_eq!(*seen.lock().expect("no panic"), (1..=7).collect());
    for record in report.best().records() {
        let Epochs { trained, scored, by_rule, .. } = record.details.epochs.expect("told");
        assert!(trained == 7 && scored <= 7 && by_rule);
        assert_eq!(record.details.stopped_by.as_deref(), Some("seven"));
    }
}

#[test]
fn a_study_knows_a_rule_by_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.study");
    let search = |name: &str| {
        let search = Plain::search(Grid).cv(KFold::new(3)).study(path.as_path());
        if name.is_empty() { search } else { search.stop_when(name, |epochs: &[Epoch]| epochs.len() == 3) }
    };
    let first = search("three").cross_validate(&data()).expect("a report");
    let again = search("three").cross_validate(&data()).expect("the same study");
    assert_eq!(first.digest(), again.digest());
    let record = &again.best().records()[0];
    assert_eq!(
        (record.details.epochs.map(|epochs| epochs.trained), record.details.stopped_by.as_deref()),
        (Some(3), Some("three"))
    );
    for (other, differs) in [("four", "stop rules was three, is four"), ("", "stop rules was three, is nothing")] {
        let error = search(other).cross_validate(&data()).expect_err("another search");
        assert!(error.to_string().contains(differs), "{error}");
    }
}
