//! Statistics in double precision, stored as a sum of tensors: the rounded numbers and their rounding errors.

use dfdx::{
    nn::tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    shapes::{ConstShape, Dtype, Shape},
    tensor::{CopySlice, Storage, Tensor},
    tensor_ops::Device,
};

/// Writes numbers to one tensor and their rounding errors to another. In single precision, both together hold 48 bits.
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

/// Writes numbers to a tensor, rounded to its element type.
pub(in crate::nn) fn write_rounded<S: Shape, E: Dtype, D: CopySlice<E>>(tensor: &mut Tensor<S, E, D>, numbers: &[f64]) {
    tensor.copy_from(&numbers.iter().map(|number| E::from_f64(*number).unwrap_or_default()).collect::<Vec<E>>());
}

/// Reads the numbers of a tensor and adds their rounding errors from another.
pub(in crate::nn) fn read<S: Shape, E: Dtype, D: CopySlice<E>>(
    high: &Tensor<S, E, D>,
    low: &Tensor<S, E, D>,
) -> Vec<f64> {
    read_rounded(high).into_iter().zip(read_rounded(low)).map(|(high, low)| high + low).collect()
}

/// Reads the numbers of a tensor.
pub(in crate::nn) fn read_rounded<S: Shape, E: Dtype, D: CopySlice<E>>(tensor: &Tensor<S, E, D>) -> Vec<f64> {
    tensor.as_vec().into_iter().map(double).collect()
}

/// Converts a number to double precision.
fn double<E: Dtype>(number: E) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

/// Numbers of the shape `S` in double precision, stored as the sum of three tensors.
///
/// In single precision, the sum represents every double between 1e-30 and 3e38 exactly.
#[derive(Debug, Clone)]
pub struct Double<S: Shape, E: Dtype, D: Storage<E>> {
    /// The numbers, rounded to the element type.
    pub high: Tensor<S, E, D>,
    /// The rounding errors of `high`, rounded to the element type.
    pub middle: Tensor<S, E, D>,
    /// The rounding errors of `middle`.
    pub low: Tensor<S, E, D>,
}

impl<S: Shape, E: Dtype, D: CopySlice<E>> Double<S, E, D> {
    /// Returns the numbers, row-major.
    pub fn read(&self) -> Vec<f64> {
        // The first sum has at most 49 bits, so it is exact.
        read(&self.high, &self.middle).into_iter().zip(read_rounded(&self.low)).map(|(sum, low)| sum + low).collect()
    }

    /// Writes the numbers, row-major. Their number must be that of the shape.
    pub fn write(&mut self, numbers: &[f64]) {
        write(&mut self.high, &mut self.middle, numbers);
        let rests: Vec<f64> = numbers.iter().zip(read(&self.high, &self.middle)).map(|(a, b)| a - b).collect();
        write_rounded(&mut self.low, &rests);
    }
}

impl<S: ConstShape, E: Dtype, D: Device<E>> TensorCollection<E, D> for Double<S, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Double<S, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let zeros = || TensorOptions::detached(Tensor::try_fill_with_zeros);
        visitor.visit_fields(
            (
                Self::tensor("high", |it| &it.high, |it| &mut it.high, zeros()),
                Self::tensor("middle", |it| &it.middle, |it| &mut it.middle, zeros()),
                Self::tensor("low", |it| &it.low, |it| &mut it.low, zeros()),
            ),
            |(high, middle, low)| Double { high, middle, low },
        )
    }
}

#[cfg(test)]
mod tests {
    use dfdx::{nn::BuildModule, shapes::Rank1, tensor::Cpu};

    use super::*;

    #[test]
    fn every_digit_is_kept() {
        let numbers =
            [0.1, -1.0 / 3.0, 1_700_000_000_123.456_7, 1e-25 / 3.0, 3e38 / 7.0, 0.0, -5.0, 1.0 + f64::EPSILON];
        let mut double: Double<Rank1<8>, f32, Cpu> = BuildModule::build(&Cpu::default());
        assert_eq!(double.read(), [0.0; 8]);
        double.write(&numbers);
        assert_eq!(double.read(), numbers);
    }
}
