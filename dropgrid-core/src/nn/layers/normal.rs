//! Normal draws with the same bits on every machine.

use dfdx::shapes::Dtype;
use rand_distr::{Distribution, Standard};

use crate::graph::normal_quantile;

/// The normal distribution of mean 0 and standard deviation 1: the quantile of a uniform draw of 32 bits, which is at
/// most 6.4 standard deviations.
pub(super) fn standard_normal<E: Dtype>() -> impl Distribution<E> {
    Standard.map(|bits: u32| {
        let share = (f64::from(bits) + 0.5) / 4_294_967_296.0;
        E::from_f64(normal_quantile(share)).unwrap_or_default()
    })
}
