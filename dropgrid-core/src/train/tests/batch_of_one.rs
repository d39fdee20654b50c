//! Batches of one row through a batch normalization, on both implementations of the step.

use dfdx::tensor::AsArray;

use super::{
    golden::classes,
    networks::{Normal, normal},
};
use crate::{
    data::{Classes, Fit},
    nn::program,
    recipe::Train,
    seed::{Purpose, Seed},
    train::{
        ProgramBackend, TapeBackend,
        loss::Criterion,
        step::{TrainStep, TrainingBackend},
    },
};

#[test]
fn a_batch_of_one_row_leaves_the_same_statistics_on_both_paths() {
    let (data, recipe) = (classes(), Train::sgd(0.1));
    let rows: Vec<usize> = (0..10).collect();
    let view = Fit::new(&data, &rows);
    let train = |train_step: &dyn Fn(&Normal) -> Box<dyn TrainStep<Normal, Classes<3>>>| {
        let mut network = normal();
        network.2.p = 0.0;
        let mut train_step = train_step(&network);
        let mut criterion = Criterion::new(&view, &recipe).expect("a loss");
        for (batch, rows) in rows.chunks(3).enumerate() {
            let key = Seed(0).key(Purpose::Noise).batch(batch as u32);
            train_step.step(&mut network, &mut criterion, rows, key).expect("a step");
        }
        train_step.store(&mut network);
        (network.1.running_mean.array(), network.1.running_var.array())
    };
    let lowered = train(&|network| Box::new(ProgramBackend(program).begin(network, &recipe, &view).expect("memory")));
    let taped = train(&|network| Box::new(TapeBackend.begin(network, &recipe, &view).expect("memory")));
    for (a, b) in lowered.0.iter().zip(&taped.0).chain(lowered.1.iter().zip(&taped.1)) {
        // Numbers about 1 in single precision, after four steps.
        assert!((a - b).abs() < 1e-5, "{lowered:?}, {taped:?}");
    }
}
