//! Statistics in double precision as tensors: each number is the sum of one and its rounding error.
//!
//! In single precision the sum has 48 binary digits.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{CopySlice, Tensor},
};

/// Writes numbers to a tensor, and their rounding errors to another.
pub(in crate::nn) fn write<S: Shape, E: Dtype, D: CopySlice<E>>(
    high: &mut Tensor<S, E, D>,
    low: &mut Tensor<S, E, D>,
    numbers: &[f64],
) {
    let rounded: Vec<E> = numbers.iter().map(|number| E::from_f64(*number).unwrap_or_default()).collect();
    let error = |(number, rounded): (&f64, &E)| E::from_f64(number - double(*rounded)).unwrap_or_default();
    let errors: Vec<E> = numbers.iter().zip(&rounded).map(error).collect();
    high.copy_from(&rounded);
    low.copy_from(&errors);
}

/// Writes numbers to a tensor.
pub(in crate::nn) fn write_rounded<S: Shape, E: Dtype, D: CopySlice<E>>(tensor: &mut Tensor<S, E, D>, numbers: &[f64]) {
    tensor.copy_from(&numbers.iter().map(|number| E::from_f64(*number).unwrap_or_default()).collect::<Vec<E>>());
}

/// The numbers of a tensor and their rounding errors of another, added.
pub(in crate::nn) fn read<S: Shape, E: Dtype, D: CopySlice<E>>(
    high: &Tensor<S, E, D>,
    low: &Tensor<S, E, D>,
) -> Vec<f64> {
    read_rounded(high).into_iter().zip(read_rounded(low)).map(|(high, low)| high + low).collect()
}

/// The numbers of a tensor.
pub(in crate::nn) fn read_rounded<S: Shape, E: Dtype, D: CopySlice<E>>(tensor: &Tensor<S, E, D>) -> Vec<f64> {
    tensor.as_vec().into_iter().map(double).collect()
}

/// A number in double precision.
fn double<E: Dtype>(number: E) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}
