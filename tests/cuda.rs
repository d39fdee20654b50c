//! Networks of `#[searchable]` on dfdx's `Cuda`, under the feature `cuda`.
//!
//! `cargo check --test cuda --features ci-check` asks the compiler, which needs neither a toolkit nor a device. Where
//! both are, `cargo test --test cuda --features cuda` runs the same networks on both devices and compares.

#![cfg(feature = "cuda")]

#[path = "../dropgrid-core/src/nn/layers/list.rs"]
mod list;

use dfdx::{
    nn::{BuildOnDevice, Module, ModuleMut, ToDevice, tensor_collection::TensorCollection},
    shapes::{Const, Rank1, Rank4},
    tensor::{Cpu, Cuda, NoneTape, OwnedTape, SampleTensor, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, Device, MeanTo},
};
use dropgrid::prelude::*;
use list::layers;

/// Layers of rows. Nothing drops, so that both devices give the same.
#[searchable]
struct Rows<#[grid(8, 16)] const HIDDEN: usize> {
    scale: Standardize<4>,
    hidden: (Linear<4, HIDDEN>, ReLU, WeightNorm<Linear<HIDDEN, 8>>, SiLU),
    #[fixed(0.0)]
    dropout: Dropout,
    noise: (AlphaDropout, GaussianDropout, GaussianNoise),
    output: (LayerNorm1D<8>, Linear<8, 3>),
}

/// Layers of images.
#[searchable(input = Rank3<2, 8, 8>)]
struct Images<#[grid(4, 8)] const CHANNELS: usize> {
    first: (Conv2D<2, CHANNELS, 3, 1, 1, 1, 2>, ReLU, MaxPool2D<2, 2>),
    #[fixed(0.0)]
    dropout: Dropout2D,
    second: (BatchNorm2D<CHANNELS>, Conv2D<CHANNELS, 4, 3, 2, 1>, AvgPool2D<2, 1, 1>),
    output: (Flatten2D, Linear<36, 3>),
}

/// The type that a declared layer is built as on the CPU.
type Built<L> = <L as BuildOnDevice<Cpu, f32>>::Built;

/// A network or a layer on device `D`.
type On<N, D> = <N as TensorCollection<f32, Cpu>>::To<f32, D>;

/// Compiles where a network has the traits on device `D` that a search needs on the CPU.
fn is_network<N, In, Out, D: Device<f32>>()
where
    N: Module<Tensor<In, f32, D, NoneTape>, Output = Tensor<Out, f32, D, NoneTape>, Error = D::Err>
        + ModuleMut<
            Tensor<In, f32, D, OwnedTape<f32, D>>,
            Output = Tensor<Out, f32, D, OwnedTape<f32, D>>,
            Error = D::Err,
        > + TensorCollection<f32, D>,
    In: dfdx::shapes::Shape,
    Out: dfdx::shapes::Shape,
{
}

/// Compiles where a layer, declared as `L` and built as `B`, can be built on device `D` and has both passes there.
fn is_layer<L, B, In, D: Device<f32>>()
where
    L: BuildOnDevice<D, f32>,
    B: Module<Tensor<In, f32, D, NoneTape>, Error = D::Err>
        + ModuleMut<Tensor<In, f32, D, OwnedTape<f32, D>>, Error = D::Err>,
    In: dfdx::shapes::Shape,
{
}

#[test]
fn networks_are_generic_over_the_device() {
    is_network::<On<RowsNet<8>, Cuda>, (usize, Const<4>), (usize, Const<3>), Cuda>();
    is_network::<On<RowsNet<16>, Cuda>, (usize, Const<4>), (usize, Const<3>), Cuda>();
    type Sample = (usize, Const<2>, Const<8>, Const<8>);
    is_network::<On<ImagesNet<4>, Cuda>, Sample, (usize, Const<3>), Cuda>();
    is_network::<On<ImagesNet<8>, Cuda>, Sample, (usize, Const<3>), Cuda>();
}

#[test]
fn every_layer_is_generic_over_the_device() {
    macro_rules! check {
        ($($name:literal: $layer:ty, [$($axis:literal),+];)+) => {$(
            is_layer::<$layer, On<Built<$layer>, Cuda>, (usize, $(Const<$axis>),+), Cuda>();
        )+};
    }
    layers!(check);
}

#[track_caller]
fn assert_close(ours: &[f32], theirs: &[f32]) {
    let difference = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    // Sums of a few hundred products in another order.
    assert!(ours.len() == theirs.len() && difference < 1e-4, "they differ by {difference}");
}

#[test]
fn both_devices_give_the_same() {
    let cuda = Cuda::default();
    let mut network = Images::builder().channels::<8>().dropout(0.0).build(1).expect("a network");
    let mut there: On<ImagesNet<8>, Cuda> = network.to_device(&cuda);
    let input: Tensor<Rank4<5, 2, 8, 8>, f32, Cpu> = Cpu::seed_from_u64(2).sample_normal();
    let input_there: Tensor<Rank4<5, 2, 8, 8>, f32, Cuda> = cuda.tensor_from_vec(input.as_vec(), Default::default());
    assert_close(&network.forward(input.clone()).as_vec(), &there.forward(input_there.clone()).as_vec());

    let out = network.forward_mut(input.leaky_trace());
    let out_there = there.forward_mut(input_there.leaky_trace());
    let (gradients, gradients_there) = (out.square().mean().backward(), out_there.square().mean().backward());
    assert_close(&gradients.get(&input).as_vec(), &gradients_there.get(&input_there).as_vec());
    assert_close(
        &gradients.get(&network.first.0.weight).as_vec(),
        &gradients_there.get(&there.first.0.weight).as_vec(),
    );
    let bias: Tensor<Rank1<8>, f32, Cpu> = gradients.get(&network.first.0.bias);
    assert_close(&bias.as_vec(), &gradients_there.get(&there.first.0.bias).as_vec());
}
