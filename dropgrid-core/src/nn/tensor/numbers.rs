//! The numbers of a tensor and their addresses.

use dfdx::{
    shapes::{HasShape, Shape},
    tensor::{Cpu, Tensor},
};

/// Returns the numbers of a tensor, row-major.
///
/// dfdx copies numbers either one by one by index, or all at once in memory order. The latter is much faster. It is
/// correct if the strides are row-major.
pub(crate) fn numbers<S: Shape>(tensor: &Tensor<S, f32, Cpu>) -> Vec<f32> {
    let shape = tensor.shape();
    let sizes = shape.concrete();
    if shape.num_elements() == 0 || S::NUM_DIMS == 0 {
        return tensor.as_vec();
    }
    let strides = shape.strides();
    let is_row_major = (0..S::NUM_DIMS).filter(|&axis| sizes[axis] > 1).all(|axis| {
        let mut next = S::Concrete::default();
        next[axis] = 1;
        address(tensor, next) == address(tensor, S::Concrete::default()) + strides[axis] * size_of::<f32>()
    });
    if !is_row_major {
        return tensor.as_vec();
    }
    let mut numbers = vec![0.0; shape.num_elements()];
    tensor.copy_into(&mut numbers);
    numbers
}

/// Returns the memory address of an element.
pub(crate) fn address<S: Shape>(tensor: &Tensor<S, f32, Cpu>, index: S::Concrete) -> usize {
    (&raw const tensor[index]).addr()
}

#[cfg(test)]
mod tests {
    use dfdx::{
        shapes::{Rank1, Rank2},
        tensor::{Cpu, Tensor, TensorFrom},
        tensor_ops::{BroadcastTo, PermuteTo},
    };

    use super::*;

    #[test]
    fn numbers_are_in_the_order_of_the_shape() {
        let cpu = Cpu::default();
        let tensor: Tensor<Rank2<2, 3>, f32, Cpu> = cpu.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(numbers(&tensor), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let transposed: Tensor<Rank2<3, 2>, f32, Cpu> = tensor.permute();
        assert_eq!(numbers(&transposed), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        let row: Tensor<Rank1<2>, f32, Cpu> = cpu.tensor([7.0, 8.0]);
        let rows: Tensor<Rank2<2, 2>, f32, Cpu> = row.broadcast::<_, dfdx::shapes::Axis<0>>();
        assert_eq!(numbers(&rows), [7.0, 8.0, 7.0, 8.0]);
    }
}
