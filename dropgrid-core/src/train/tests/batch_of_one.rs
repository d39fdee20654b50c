//! Batches of one row through a batch normalization, on both implementations of the step.

use dfdx::shapes::Rank1;

use super::{golden::classes, networks::normal};
use crate::{
    data::{Classes, Fit},
    recipe::Train,
    seed::{Purpose, Seed},
    train::{
        erased_network::ErasedNetwork,
        loss::Criterion,
        network::{LoweredNetwork, TapedNetwork},
        state_dict::StateDict,
        step::{ProgramBackend, TapeBackend, TrainingBackend},
    },
};

#[test]
fn a_batch_of_one_row_leaves_the_same_statistics_on_both_paths() {
    let (data, recipe) = (classes(), Train::sgd(0.1));
    let rows: Vec<usize> = (0..10).collect();
    let view = Fit::new(&data, &rows);
    let network = || {
        let mut network = normal();
        network.2.p = 0.0;
        network
    };
    let train = |network: &mut dyn ErasedNetwork<Rank1<3>>, backend: &dyn TrainingBackend<Classes<3>>| {
        let mut train_step = backend.begin(network, &recipe, &view).expect("memory");
        let mut criterion = Criterion::new(&view, &recipe).expect("a loss");
        for (batch, rows) in rows.chunks(3).enumerate() {
            let key = Seed(0).key(Purpose::Noise).batch(batch as u32);
            train_step.step(network, &mut criterion, rows, key).expect("a step");
        }
        train_step.store(network);
        let statistics = StateDict::of(network).tensors.into_iter().filter(|tensor| !tensor.trainable);
        statistics.flat_map(|tensor| tensor.numbers).collect::<Vec<f32>>()
    };
    let lowered = train(&mut LoweredNetwork::new(network()), &ProgramBackend);
    let taped = train(&mut TapedNetwork(network()), &TapeBackend);
    assert_eq!((lowered.len(), taped.len()), (16, 16), "means and variances");
    for (a, b) in lowered.iter().zip(&taped) {
        // Numbers about 1 in single precision, after four steps.
        assert!((a - b).abs() < 1e-5, "{lowered:?}, {taped:?}");
    }
}
