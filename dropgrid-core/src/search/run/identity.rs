//! The identity of a search: everything that its scores depend on, as named texts. Data and folds are included as
//! digests.

use sha2::{Digest, Sha256};

use crate::{
    data::{Dataset, Target, Truth},
    error::Result,
    kernel,
    model::{Model, architecture, network, short_name},
    recipe::Train,
    search::{
        bound::BoundSearch,
        key::Hyperparameters,
        prior::{hex, identity as of_priors},
    },
    space::{Space, architectures, every_value},
    split::{Folds, HoldoutBy, Rows, Split},
    study::Identity,
    train::TrainTarget,
};

/// The version of the arithmetic. A release whose training gives other bits increments it, so that no study mixes the
/// two.
const ARITHMETIC: u32 = 1;

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Returns the identity of this search on `data`.
    ///
    /// # Errors
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
    pub(in crate::search) fn identity<T: TrainTarget<Kind = K>>(
        &self,
        data: &Dataset<T>,
        folds: &Folds,
    ) -> Result<Identity> {
        let metrics: Vec<String> = self.metrics.iter().map(|metric| metric.identity()).collect();
        // The number of epochs is part of each fit's name instead.
        let epochs = Hyperparameters::of::<M>().epochs();
        let axes = self.space.axes().into_iter().filter(|axis| Some(axis.name) != epochs);
        let axes = axes.map(|axis| format!("{} in {}", axis.name, axis.values));
        // A processor with fused multiply-add rounds once, another processor twice.
        let products = if kernel::is_fused() { "fused" } else { "unfused" };
        let identity = Identity::new()
            .with("model", M::NAME)
            .with("space", axes.collect::<Vec<_>>().join("; "))
            .with("metrics", metrics.join(", "))
            .with("data", of_data(data))
            .with("targets", short_name::<T>())
            .with("folds", of_folds(&folds.splits, self.settings.repeats))
            .with("recipe", self.settings.recipe.identity())
            .with("train scores", if self.settings.train_scores { "yes" } else { "no" })
            .with("seed", self.seed.0.to_string())
            .with("arithmetic", format!("{ARITHMETIC}, {products} products"));
        let rows = Rows { len: data.len(), strata: data.targets().strata(), groups: data.groups() };
        // Optional parts are written only if the search has them, so searches without them match studies of releases
        // without the setting.
        let rules = self.settings.hooks.rules().join(", ");
        let (priors, redraws) = (&self.settings.priors, self.settings.retry.redraws());
        let identity = identity
            .with_some("stop rules", (!rules.is_empty()).then_some(rules))
            .with_some("curve scores", self.settings.curve_scores.then_some("yes"))
            .with_some("warm start", of_priors(priors))
            .with_some("redraws", (redraws > 0).then(|| redraws.to_string()));
        let identity = match data.targets().names() {
            Some(names) => identity.with_classes(names),
            None => identity,
        };
        let identity = if self.any(Train::needs_validation) {
            identity.watching(HoldoutBy::of(rows, &folds.splits).for_spans(data.spans()))
        } else {
            identity
        };
        self.networks(identity)
    }

    /// Adds the network of each architecture to the identity.
    fn networks(&self, mut identity: Identity) -> Result<Identity> {
        let axes = self.space.axes();
        let firsts: Vec<M::Params> = architectures(self.space).filter_map(|of_one| of_one.first()).collect();
        for params in firsts.iter().chain(self.strategy.listed()) {
            let name = architecture(&axes, params);
            if !identity.has_network(name.as_deref()) {
                identity = identity.with_network(name.as_deref(), &network::<M>(params)?);
            }
        }
        Ok(identity)
    }

    /// Returns true if `is` holds for the recipe of some candidate.
    fn any(&self, is: impl Fn(&Train) -> bool) -> bool {
        let candidates = every_value(self.space);
        let mut candidates = candidates.iter().chain(self.strategy.listed());
        candidates.any(|params| is(&M::recipe(params, self.settings.recipe.clone())))
    }
}

/// Returns a digest of every bit of the features, the targets, the groups and the weights.
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
    part(&mut features.inputs().iter().map(|value| u64::from(value.to_bits()).to_le_bytes()));
    if let Some(origins) = features.origins() {
        part(&mut origins.iter().map(|origin| origin.to_bits().to_le_bytes()));
    }
    part(&mut data.groups().unwrap_or_default().iter().map(|&group| (group as u64).to_le_bytes()));
    part(&mut data.weights().unwrap_or_default().iter().map(|weight| weight.to_bits().to_le_bytes()));
    let rows: Vec<usize> = (0..data.len()).collect();
    // Floating-point numbers print with enough digits to distinguish them.
    hash.update(format!("{:?}", data.targets().truth(&rows)));
    if let Some(kinds) = features.kinds() {
        hash.update(format!("{kinds:?}"));
    }
    format!("{} rows of {}, {}", features.len(), features.width(), hex(hash))
}

/// Returns one digest per fold, so that a comparison shows added folds. The folds of all repeats but the first carry
/// the number of their repeat.
fn of_folds(splits: &[Split], repeats: usize) -> String {
    let folds = splits.len() / repeats;
    let digests = splits.iter().enumerate().map(|(at, split)| {
        let mut hash = Sha256::new();
        if at >= folds {
            hash.update(((at / folds) as u64).to_le_bytes());
        }
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
