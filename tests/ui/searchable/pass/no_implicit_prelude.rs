#![no_implicit_prelude]
#![deny(warnings, missing_docs)]
//! A crate in which nothing has its usual name.

use ::dropgrid::prelude::{BatchNorm1D, Dropout, Linear, Optimizer, ReLU, Residual, Tanh, searchable};

/// Not the usual one.
#[derive(Debug)]
pub struct Result;
/// Not the usual one.
#[derive(Debug)]
pub struct Option;
/// Not the usual one.
#[derive(Debug)]
pub struct Vec;
/// Not the usual one.
#[derive(Debug)]
pub struct String;
/// Not the usual one.
#[derive(Debug)]
#[allow(non_snake_case)]
pub struct Ok;
/// Not the usual one.
#[derive(Debug)]
pub struct Some;
/// Not the usual one.
#[derive(Debug)]
pub struct None;
/// Not the usual one.
pub trait Clone {}
/// Not the usual one.
pub trait Into {}
/// Not the usual one.
pub trait Default {}

/// Everything at once.
#[searchable(forbid = HIDDEN == 8 && dropout > 0.1, tests)]
pub struct Mlp<#[grid(8, 16)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    /// The first layer.
    hidden: (Linear<2, HIDDEN>, Act),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    #[grid(momentum: 0.05, 0.1)]
    norm: BatchNorm1D<HIDDEN>,
    body: Residual<Linear<HIDDEN, HIDDEN>>,
    #[set(p = rate / 2.0)]
    late: Dropout,
    output: Linear<HIDDEN, 3>,
    #[uniform(0.1..0.2)]
    rate: f64,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[grid(0.0..=0.9, step = 0.3)]
    momentum: f64,
    #[train]
    #[grid(log(1e-4..=1e-1), points = 4)]
    lr: f64,
}

#[::core::prelude::v1::test]
fn main() {
    let _ = Mlp::space();
    let _ = <Mlp as ::dropgrid::model::Model>::describe();
}
