//! The initial values of weights and biases.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::Tensor,
    tensor_ops::Device,
};
use num_traits::Float;
use rand_distr::{Uniform, uniform::SampleUniform};

/// Fills a tensor of a layer whose outputs are sums of `terms` products with uniform draws from ±1 / √terms, as dfdx
/// and PyTorch do. A tensor of a layer without terms stays 0.
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
