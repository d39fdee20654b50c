//! The curve of a training, against the batches that its hooks see.

use std::sync::{Arc, Mutex};

use super::{
    golden::{ROWS, classes},
    networks::known,
};
use crate::{
    data::Fit,
    hook::{Batch, FitInfo, Hook, Hooks},
    limit::Clock,
    recipe::{Schedule, Train},
    record::{Curve, Epoch},
    seed::Seed,
    train::{Course, HookContext, StopCondition, Views, network::TapedNetwork, step::TapeBackend, train_epochs},
};

#[derive(Clone, Default)]
struct Batches(Arc<Mutex<Vec<Batch>>>);

impl Hook for Batches {
    fn batch_end(&self, _fit: &FitInfo, batch: &Batch) {
        self.0.lock().expect("no panic").push(*batch);
    }
}

fn curve(hooks: &Hooks, recipe: &Train) -> Curve {
    let (data, rows) = (classes(), (0..ROWS).collect::<Vec<_>>());
    let views = Views { fit: Fit::new(&data, &rows), validation: None, curve_metrics: &[] };
    let hook_context = HookContext { hooks, fit: FitInfo::default(), has_rules: hooks.has_rules() };
    let mut curve = Curve::default();
    let course = Course {
        recipe,
        seed: Seed(3),
        fold: 0,
        stop_conditions: &[StopCondition::of(recipe)],
        clock: &Clock::default(),
        hook_context: &hook_context,
        trajectory: "",
    };
    train_epochs(&mut TapedNetwork(known()), &views, course, &TapeBackend, &mut curve, &mut ()).expect("a training");
    curve
}

/// The loss is the mean over rows, so that the short last batch counts by its rows; the learning rate is that of the
/// last step, which a schedule by step changes within an epoch.
#[test]
fn an_epoch_has_the_mean_loss_of_its_rows_and_the_learning_rate_of_its_last_step() {
    let recipe = Train::sgd(0.5).epochs(3).batch_size(15).schedule(Schedule::cosine().by_step());
    let (batches, mut hooks) = (Batches::default(), Hooks::default());
    hooks.add(batches.clone());
    let found = curve(&hooks, &recipe);
    let batches = batches.0.lock().expect("no panic").clone();
    let expected = batches.chunks(3).enumerate().map(|(at, batches)| {
        assert_eq!([15, 15, 8], [0, 1, 2].map(|batch| batches[batch].rows));
        assert!(batches[2].lr < batches[0].lr);
        let loss: f64 = batches.iter().map(|batch| f64::from(batch.loss) * batch.rows as f64).sum();
        Epoch { number: at + 1, train_loss: loss / 38.0, lr: batches[2].lr, ..Epoch::default() }
    });
    let expected = Curve { epochs: expected.collect() };
    assert_eq!(expected.epochs.len(), 3);
    assert_eq!(found, expected);
    assert_eq!(curve(&Hooks::default(), &recipe), expected, "without hooks");
}
