//! The networks of the tests.

use dfdx::{
    nn::{BuildOnDevice, builders, modules},
    shapes::Rank1,
    tensor::Cpu,
};

use crate::nn::{Dropout, InputShape, Linear, builder};

/// Layers that a program runs, with dropout.
pub(super) type Known<const O: usize = 3> = (Linear<4, 8, f32, Cpu>, modules::Tanh, Dropout, Linear<8, O, f32, Cpu>);
/// The same with a batch normalization, whose statistics change without being trained.
pub(super) type Normal = (Linear<4, 8, f32, Cpu>, modules::BatchNorm1D<8, f32, Cpu>, Dropout, Linear<8, 3, f32, Cpu>);

impl<const O: usize> InputShape for Known<O> {
    type Sample = Rank1<4>;
}

impl InputShape for Normal {
    type Sample = Rank1<4>;
}

pub(super) fn known() -> Known {
    type Declared = (builder::Linear<4, 8>, builders::Tanh, Dropout, builder::Linear<8, 3>);
    let mut network = Declared::build_on_device(&Cpu::seed_from_u64(1));
    network.2.p = 0.3;
    network
}

pub(super) fn normal() -> Normal {
    type Declared = (builder::Linear<4, 8>, builders::BatchNorm1D<8>, Dropout, builder::Linear<8, 3>);
    let mut network = Declared::build_on_device(&Cpu::seed_from_u64(1));
    network.2.p = 0.3;
    network
}
