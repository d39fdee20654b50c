//! The weights of one direction of one recurrent layer.

use dfdx::{
    nn::tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    shapes::{Const, ConstDim, Dtype},
    tensor::{Cpu, Storage, Tensor},
    tensor_ops::Device,
};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use super::kind::RecurrentCell;
use crate::{
    graph::DirectionNumbers,
    nn::{contract::lower::parameter, layers::uniform::fill_uniform, tensor::numbers::numbers},
    program::{Direction, Program},
};

/// The weights of one direction of one recurrent layer, with the names, shapes and order of PyTorch.
///
/// `In` is the axis of the inputs. All weights are initialised uniformly in ±1 / sqrt(`H`).
#[derive(Debug, Clone)]
pub struct DirectionWeights<Cell: RecurrentCell, In: ConstDim, const H: usize, E: Dtype, D: Storage<E>> {
    /// Shape (gates `H`, inputs).
    pub weight_ih: Tensor<(Cell::Gates<H>, In), E, D>,
    /// Shape (gates `H`, `H`).
    pub weight_hh: Tensor<(Cell::Gates<H>, Const<H>), E, D>,
    /// Shape (gates `H`).
    pub bias_ih: Tensor<(Cell::Gates<H>,), E, D>,
    /// Shape (gates `H`).
    pub bias_hh: Tensor<(Cell::Gates<H>,), E, D>,
}

impl<Cell: RecurrentCell, In: ConstDim, const H: usize, E: Dtype + Float + SampleUniform, D: Device<E>>
    TensorCollection<E, D> for DirectionWeights<Cell, In, H, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = DirectionWeights<Cell, In, H, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let by_input = TensorOptions::reset_with(|tensor| fill_uniform(tensor, H));
        let by_state = TensorOptions::reset_with(|tensor| fill_uniform(tensor, H));
        let bias = || TensorOptions::reset_with(|tensor| fill_uniform(tensor, H));
        visitor.visit_fields(
            (
                Self::tensor("weight_ih", |it| &it.weight_ih, |it| &mut it.weight_ih, by_input),
                Self::tensor("weight_hh", |it| &it.weight_hh, |it| &mut it.weight_hh, by_state),
                Self::tensor("bias_ih", |it| &it.bias_ih, |it| &mut it.bias_ih, bias()),
                Self::tensor("bias_hh", |it| &it.bias_hh, |it| &mut it.bias_hh, bias()),
            ),
            |(weight_ih, weight_hh, bias_ih, bias_hh)| DirectionWeights { weight_ih, weight_hh, bias_ih, bias_hh },
        )
    }
}

impl<Cell: RecurrentCell, In: ConstDim, const H: usize> DirectionWeights<Cell, In, H, f32, Cpu> {
    /// Returns the weights as numbers, for the export.
    pub(super) fn numbers(&self) -> DirectionNumbers {
        [numbers(&self.weight_ih), numbers(&self.weight_hh), numbers(&self.bias_ih), numbers(&self.bias_hh)]
    }

    /// Adds the weights to a program.
    pub(super) fn parameters(&self, program: &mut Program) -> Direction {
        [
            parameter(program, &self.weight_ih),
            parameter(program, &self.weight_hh),
            parameter(program, &self.bias_ih),
            parameter(program, &self.bias_hh),
        ]
    }
}
