//! By what a study knows a search again: its parts by their names, data and folds as digests.

use std::{any::type_name, fmt::Write};

use sha2::{Digest, Sha256};

use super::plan::Plan;
use crate::{
    data::{Dataset, Target, Truth},
    error::Result,
    model::{Model, Network, Visitor, Weights},
    nn::is_depthwise,
    recipe::Train,
    space::{Space, architectures, every_value},
    split::{Bond, Folds, Rows, Split},
    strategy::Strategy,
    study::Identity,
    train::Objective,
};

/// Changes with any release whose training gives other bits, so that a study does not mix them.
const ARITHMETIC: u32 = 1;
/// The same for training by RMSprop alone, whose form was TensorFlow's in 1.
const RMSPROP: u32 = 2;
/// The same for convolutions of each channel by itself, which were products of matrices in 1.
const DEPTHWISE: u32 = 2;

impl<M: Model, S: Strategy<M::Space>, K: Truth> Plan<'_, M, S, K> {
    /// Everything that this search's scores on `data` depend on.
    pub(super) fn identity<T: Objective<Kind = K>>(&self, data: &Dataset<T>, folds: &Folds) -> Identity {
        let metrics: Vec<String> = self.metrics.iter().map(|metric| metric.identity()).collect();
        let axes = self.space.axes().into_iter().map(|axis| format!("{} in {}", axis.name, axis.values));
        let identity = Identity::new()
            .with("model", format!("{} {{ {} }}", M::NAME, M::LAYERS))
            .with("space", axes.collect::<Vec<_>>().join("; "))
            .with("metrics", metrics.join(", "))
            .with("data", of_data(data))
            .with("folds", of_folds(&folds.splits))
            .with("recipe", self.settings.recipe.identity())
            .with("train scores", if self.settings.train_scores { "yes" } else { "no" })
            .with("seed", self.seed.0.to_string())
            .with("arithmetic", self.arithmetic::<T>());
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        // Parts only where they are asked for, so that other studies are what they were.
        let identity = match self.settings.hooks.rules().join(", ") {
            none if none.is_empty() => identity,
            rules => identity.with("stop rules", rules),
        };
        let identity =
            if self.any(Train::watches) { identity.watching(Bond::of(rows, &folds.splits)) } else { identity };
        match self.settings.retry.redraws() {
            0 => identity,
            redraws => identity.with("redraws", redraws.to_string()),
        }
    }

    /// Whether the recipe of a candidate is so.
    fn any(&self, is: impl Fn(&Train) -> bool) -> bool {
        let candidates = every_value(self.space);
        let mut candidates = candidates.iter().chain(self.strategy.listed());
        candidates.any(|params| is(&M::train(params, self.settings.recipe.clone())))
    }

    fn arithmetic<T: Objective>(&self) -> String {
        let mut parts = vec![ARITHMETIC.to_string()];
        if self.any(|recipe| recipe.optimizer.is_rmsprop()) {
            parts.push(format!("RMSprop {RMSPROP}"));
        }
        let firsts: Vec<M::Params> = architectures(self.space).filter_map(|of_one| of_one.first()).collect();
        // What was not compiled trains nothing.
        if firsts.iter().chain(self.strategy.listed()).any(|params| M::visit(params, IsDepthwise).unwrap_or(false)) {
            parts.push(format!("depthwise convolutions {DEPTHWISE}"));
        }
        if T::ARITHMETIC > 1 {
            parts.push(format!("loss {}", T::ARITHMETIC));
        }
        parts.join(", ")
    }
}

/// Whether a network has a convolution of each channel by itself, by its type: nothing is built for it. One within a
/// layer of one's own shows only where it is in that layer's type.
struct IsDepthwise;

impl<M: Model> Visitor<M> for IsDepthwise {
    type Value = bool;

    fn visit<N: Network<Output = M::Output>>(self, _: impl FnOnce(&Weights) -> Result<N>) -> bool {
        is_depthwise(type_name::<N>())
    }
}

/// Of every bit of the features, the targets, the groups and the weights.
fn of_data<T: Target>(data: &Dataset<T>) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &mut dyn Iterator<Item = [u8; 8]>| {
        let mut count = 0_u64;
        for bytes in bytes {
            hash.update(bytes);
            count += 1;
        }
        hash.update(count.to_le_bytes());
    };
    let features = data.features();
    part(&mut [features.len(), features.width()].into_iter().map(|size| (size as u64).to_le_bytes()));
    part(&mut features.values().iter().map(|value| u64::from(value.to_bits()).to_le_bytes()));
    part(&mut data.groups().unwrap_or_default().iter().map(|&group| (group as u64).to_le_bytes()));
    part(&mut data.weights().unwrap_or_default().iter().map(|weight| weight.to_bits().to_le_bytes()));
    let rows: Vec<usize> = (0..data.len()).collect();
    // Numbers print with as many digits as it takes to tell them apart.
    hash.update(format!("{:?}", data.targets().truth(&rows)));
    format!("{} rows of {}, {}", features.len(), features.width(), hex(hash))
}

/// One digest a fold, so that it shows whether folds begin with others.
fn of_folds(splits: &[Split]) -> String {
    let digests = splits.iter().map(|split| {
        let mut hash = Sha256::new();
        for part in [&split.train, &split.test] {
            hash.update((part.len() as u64).to_le_bytes());
            for row in part {
                hash.update((row as u64).to_le_bytes());
            }
        }
        hex(hash)
    });
    digests.collect::<Vec<_>>().join(" ")
}

/// The first 64 bits.
fn hex(hash: Sha256) -> String {
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
