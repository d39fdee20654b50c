//! Strategies that choose by earlier scores, on surfaces that are known.

mod by_fold;
mod contract;
mod finite;
mod regret;

use dropgrid::{
    space::Space,
    strategy::{CandidateSource, Trials},
    testing::check_strategy,
};

use super::*;
use crate::one_by_one::{equal_folds, run, with_view};

/// Two ranges of real numbers.
#[searchable]
pub(super) struct Plane {
    #[set(p = (x + y) / 100.0 + 0.1)]
    tied: Dropout,
    output: Linear<4, 3>,
    #[uniform(-5.0..10.0)]
    x: f64,
    #[uniform(0.0..15.0)]
    y: f64,
}

/// An axis of every kind.
#[searchable(forbid = kind == 'c' && width == 64)]
pub(super) struct Mixed {
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    #[set(p = (width as f64 + f64::from(depth)) / 200.0 + if kind == 'a' { 0.1 } else { 0.0 })]
    tied: Dropout,
    output: Linear<4, 3>,
    #[grid(16, 32, 64, 128)]
    width: usize,
    #[grid('a', 'b', 'c')]
    kind: char,
    #[uniform(1..=20)]
    depth: u32,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// An axis that only one of two choices has.
#[searchable]
pub(super) struct Conditional {
    output: Linear<4, 3>,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[uniform(0.0..1.0)]
    momentum: f64,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// Whole numbers and a list: 5 * 2 candidates, of which 2 are forbidden.
#[searchable(forbid = depth == 2)]
pub(super) struct Whole {
    #[set(p = f64::from(depth) / 20.0 + if wide { 0.1 } else { 0.0 })]
    tied: Dropout,
    output: Linear<4, 3>,
    #[uniform(1..=5)]
    depth: u32,
    #[grid(false, true)]
    wide: bool,
}

/// Branin's function, whose least value is 0.397887.
fn branin(params: &PlaneParams) -> f64 {
    use std::f64::consts::PI;
    let (x, y) = (params.x, params.y);
    let a = y - 5.1 / (4.0 * PI * PI) * x * x + 5.0 / PI * x - 6.0;
    a * a + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * x.cos() + 10.0
}
const LEAST_OF_BRANIN: f64 = 0.397_887;

/// A loss with its least value 0 at width 64, kind b, depth 12, lr 3e-3, dropout 0.2.
fn mixed(params: &MixedParams) -> f64 {
    let octaves = (params.width as f64 / 64.0).log2();
    let kind = match params.kind {
        'a' => 0.4,
        'b' => 0.0,
        _ => 0.7,
    };
    let decades = (params.lr / 3e-3).log10();
    0.2 * octaves * octaves
        + kind
        + (f64::from(params.depth) - 12.0).powi(2) / 100.0
        + decades * decades
        + 8.0 * (params.dropout - 0.2).powi(2)
}

fn conditional(params: &ConditionalParams) -> f64 {
    let decades = (params.lr / 1e-2).log10();
    decades * decades + params.momentum.map_or(0.5, |momentum| 2.0 * (momentum - 0.9).powi(2))
}

/// Noise of a fold, the same for the same candidate: about `width` in either direction.
fn noise(text: &str, fold: u32, width: f64) -> f64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (text, fold).hash(&mut hasher);
    width * (hasher.finish() % 2001) as f64 / 1000.0 - width
}

#[searchable]
struct Ranged {
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}
