//! Normal random numbers with the same bits on every machine.

use dfdx::shapes::Dtype;
use rand_distr::{Distribution, Standard};

use crate::graph::normal_quantile;

/// Returns the standard normal distribution. A sample is the quantile of a uniform draw of 32 bits, so its magnitude is
/// at most 6.4.
pub(super) fn standard_normal<E: Dtype>() -> impl Distribution<E> {
    Standard.map(|bits: u32| {
        let share = (f64::from(bits) + 0.5) / 4_294_967_296.0;
        E::from_f64(normal_quantile(share)).unwrap_or_default()
    })
}
