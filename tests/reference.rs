//! One fold of a search, against the same training written by hand on dfdx.

use dfdx::{
    losses::cross_entropy_with_logits_loss,
    nn::{Module, ModuleMut, ZeroGrads},
    optim::{Adam, AdamConfig, Optimizer},
    shapes::{Const, Rank2},
    tensor::{AsArray, Cpu, Tensor, TensorFromVec, Trace},
    tensor_ops::Backward,
};
use dropgrid::{
    model::Weights,
    prelude::*,
    seed::{Purpose, Seed},
};

#[searchable]
struct Mlp {
    hidden: (Linear<3, 8>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<8, 2>,
}

const ROWS: usize = 23;
const EPOCHS: u32 = 4;
const BATCH: usize = 6;
const SEED: u64 = 5;

fn row(row: usize) -> [f32; 3] {
    [0, 1, 2].map(|column| ((row * 7 + column * 11) % 13) as f32 / 13.0)
}

fn label(row: usize) -> usize {
    usize::from(row * 5 % 7 > 3)
}

#[test]
fn a_fold_is_the_training_that_it_says_it_is() {
    let data =
        Dataset::new((0..ROWS).map(row), Classes::<2>::new((0..ROWS).map(label).collect::<Vec<_>>()).expect("labels"))
            .expect("data");
    let report = Mlp::search(Grid)
        .cv(KFold::new(2))
        .scoring((Accuracy, LogLoss))
        .train(Train::adam(1e-2).epochs(EPOCHS as usize).batch_size(BATCH))
        .seed(SEED)
        .workers(2)
        .fit(&data)
        .expect("a report");

    // KFold(2) of 23 rows scores the first 12, then the last 11.
    for (fold, test) in [(0, 0..12), (1, 12..ROWS)] {
        let train: Vec<usize> = (0..ROWS).filter(|row| !test.contains(row)).collect();
        let (accuracy, log_loss) = by_hand(fold, &train, &test.collect::<Vec<_>>());
        assert_eq!(report.best().scores(0)[fold as usize], accuracy);
        // The reference computes the log of a softmax in another order: a few ulps of f64.
        assert!((report.best().scores(1)[fold as usize] - log_loss).abs() < 1e-12);
    }
}

fn by_hand(fold: u32, train: &[usize], test: &[usize]) -> (f64, f64) {
    let mut network = Mlp::builder().dropout(0.25).build_with(&Weights::of_fold(Seed(SEED), fold)).expect("a network");
    let config = AdamConfig { lr: 1e-2, betas: [0.9, 0.999], eps: 1e-8, weight_decay: None };
    let mut adam = Adam::new(&network, config);
    let mut gradients = network.alloc_grads();
    for epoch in 0..EPOCHS {
        let mut order = train.to_vec();
        Seed(SEED).key(Purpose::BatchOrder).fold(fold).epoch(epoch).shuffle(&mut order);
        for (batch, rows) in order.chunks(BATCH).enumerate() {
            let key = Seed(SEED).key(Purpose::Noise).fold(fold).epoch(epoch).batch(batch as u32);
            let cpu = Cpu::seed_from_u64(key.value());
            let input: Tensor<(usize, Const<3>), f32, _> =
                cpu.tensor_from_vec(rows.iter().flat_map(|&at| row(at)).collect(), (rows.len(), Const));
            let wanted: Vec<f32> =
                rows.iter().flat_map(|&at| [f32::from(label(at) == 0), f32::from(label(at) == 1)]).collect();
            let wanted = cpu.tensor_from_vec(wanted, (rows.len(), Const::<2>));
            let loss = cross_entropy_with_logits_loss(network.forward_mut(input.trace(gradients)), wanted);
            gradients = loss.backward();
            adam.update(&mut network, &gradients).expect("every tensor has a gradient");
            network.zero_grads(&mut gradients);
        }
    }
    let (mut right, mut loss) = (0, 0.0);
    for &at in test {
        let input: Tensor<Rank2<1, 3>, f32, _> = Cpu::default().tensor_from_vec(row(at).to_vec(), (Const, Const));
        let [a, b] = network.forward(input).array()[0].map(f64::from);
        right += usize::from(usize::from(b > a) == label(at));
        let (own, other) = if label(at) == 0 { (a, b) } else { (b, a) };
        loss += (1.0 + (other - own).exp()).ln();
    }
    (right as f64 / test.len() as f64, loss / test.len() as f64)
}
