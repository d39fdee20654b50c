//! The outcomes of a training's candidates in bits, and an observer that collects them.

use dfdx::shapes::Rank1;

use crate::{
    data::{Classes, Dataset},
    record::{Curve, Epoch},
    train::{
        ErasedNetwork, FinishedCandidate, TrainingObserver, erased_network::Evaluate, evaluate::predict,
        tests::golden::weights,
    },
};

/// Keeps every state in memory, and offers one to continue from.
#[derive(Debug, Default)]
pub(super) struct StatesInMemory {
    pub(super) from: Option<(usize, Vec<u8>)>,
    /// Those after which the training went on.
    pub(super) states: Vec<(usize, Vec<u8>)>,
    pub(super) ends: Vec<(usize, Vec<u8>)>,
}

/// Keeps every state of a training, and the outcomes of its candidates.
pub(super) struct Observer<'a> {
    pub(super) kept: &'a mut StatesInMemory,
    pub(super) came: &'a mut Vec<Outcome>,
    pub(super) data: &'a Dataset<Classes<3>>,
    pub(super) rows: &'a [usize],
}

impl TrainingObserver<Rank1<3>> for Observer<'_> {
    fn finished(&mut self, network: &dyn ErasedNetwork<Rank1<3>>, candidates: &[FinishedCandidate<'_>], curve: &Curve) {
        let predictions = predictions(network, self.data, self.rows);
        let weights: Vec<u32> = weights(network).into_iter().map(f32::to_bits).collect();
        self.came.extend(candidates.iter().map(|one| Outcome {
            position: one.position,
            trained: one.trained,
            scored: one.scored,
            weights: weights.clone(),
            predictions: predictions.clone(),
            curve: bits(curve),
        }));
    }

    fn longest_state(&self, below: usize) -> Option<(usize, Vec<u8>)> {
        self.kept.from.clone().filter(|_| below == usize::MAX)
    }

    fn wants_state(&self, _epochs: usize, _ends: bool) -> bool {
        true
    }

    fn keep_state(&mut self, epochs: usize, bytes: Vec<u8>, ends: bool) {
        if ends {
            self.kept.ends.push((epochs, bytes.clone()));
        }
        self.kept.states.push((epochs, bytes));
    }
}

/// The outcome of one candidate, in bits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Outcome {
    pub(super) position: usize,
    pub(super) trained: usize,
    pub(super) scored: usize,
    pub(super) weights: Vec<u32>,
    pub(super) predictions: Vec<u64>,
    /// The training loss, the monitored quantity and the learning rate of each epoch.
    pub(super) curve: Vec<[Option<u64>; 3]>,
}

impl Outcome {
    pub(super) fn at(&self, position: usize) -> Self {
        Self { position, ..self.clone() }
    }
}

fn predictions(network: &dyn Evaluate, data: &Dataset<Classes<3>>, rows: &[usize]) -> Vec<u64> {
    let predictions = predict::<Classes<3>>(network, data.features(), rows, None).expect("finite");
    predictions.into_iter().map(f64::to_bits).collect()
}

/// The bits of a curve, whose epochs are numbered from 1.
fn bits(curve: &Curve) -> Vec<[Option<u64>; 3]> {
    assert!(curve.epochs.iter().map(|epoch| epoch.number).eq(1..=curve.epochs.len()));
    let of = |epoch: &Epoch| [Some(epoch.train_loss), epoch.monitored, Some(epoch.lr)];
    curve.epochs.iter().map(|epoch| of(epoch).map(|number| number.map(f64::to_bits))).collect()
}
