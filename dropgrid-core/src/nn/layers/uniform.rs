//! The initialisation of weights and biases.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::Tensor,
    tensor_ops::Device,
};
use num_traits::Float;
use rand_distr::{Uniform, uniform::SampleUniform};

/// Fills a tensor with uniform random numbers in ±1 / √terms, as dfdx and PyTorch do. Each output of the layer is a sum
/// of `terms` products. Without terms, the tensor stays 0.
pub(super) fn fill_uniform<S: Shape, E: Dtype + Float + SampleUniform, D: Device<E>>(
    tensor: &mut Tensor<S, E, D>,
    terms: usize,
) -> Result<(), D::Err> {
    if terms == 0 {
        return Ok(());
    }
    let bound = E::ONE / Float::sqrt(E::from_usize(terms).unwrap_or(E::ONE));
    tensor.try_fill_with_distr(Uniform::new(-bound, bound))
}
