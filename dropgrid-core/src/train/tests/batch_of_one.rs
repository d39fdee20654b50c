//! Batches of one row through a batch normalization, on both implementations of the step.

use dfdx::{
    nn::{BuildOnDevice, builders, modules},
    shapes::Rank1,
    tensor::{AsArray, Cpu},
};

use super::golden::classes;
use crate::{
    data::{Classes, Fit},
    nn::{InputShape, Linear, builder, program},
    recipe::Train,
    seed::{Purpose, Seed},
    train::{
        loss::Criterion,
        step::{ProgramStep, TapeStep, TrainStep},
    },
};

type Net = (Linear<4, 8, f32, Cpu>, modules::BatchNorm1D<8, f32, Cpu>, Linear<8, 3, f32, Cpu>);

impl InputShape for Net {
    type Sample = Rank1<4>;
}

#[test]
fn a_batch_of_one_row_leaves_the_same_statistics_on_both_paths() {
    type Declared = (builder::Linear<4, 8>, builders::BatchNorm1D<8>, builder::Linear<8, 3>);
    let (data, recipe) = (classes(), Train::sgd(0.1));
    let rows: Vec<usize> = (0..10).collect();
    let view = Fit::new(&data, &rows);
    let train = |train_step: &dyn Fn(&Net) -> Box<dyn TrainStep<Net, Classes<3>>>| {
        let mut network = Declared::build_on_device(&Cpu::seed_from_u64(1));
        let mut train_step = train_step(&network);
        let mut criterion = Criterion::new(&view, &recipe).expect("a loss");
        for (batch, rows) in rows.chunks(3).enumerate() {
            let key = Seed(0).key(Purpose::Noise).batch(batch as u32);
            train_step.step(&mut network, &mut criterion, rows, key).expect("a step");
        }
        train_step.store(&mut network);
        (network.1.running_mean.array(), network.1.running_var.array())
    };
    let lowered = train(&|network| Box::new(ProgramStep::new(program(network), &recipe, &view).expect("memory")));
    let taped = train(&|network| Box::new(TapeStep::new(network, &recipe, &view).expect("memory")));
    for (a, b) in lowered.0.iter().zip(&taped.0).chain(lowered.1.iter().zip(&taped.1)) {
        // Numbers about 1 in single precision, after four steps.
        assert!((a - b).abs() < 1e-5, "{lowered:?}, {taped:?}");
    }
}
