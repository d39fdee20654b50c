//! The type parameters of recurrent layers: cell, output and directions.

use std::fmt;

use dfdx::{
    shapes::{Const, ConstDim, Dtype},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul, TrySub},
};

use super::super::{tensor_ops::Rows, times::Times};
use crate::kernel::recurrent::Cell;

/// The cell of a recurrent layer, which computes one step.
pub trait RecurrentCell: fmt::Debug + Clone + Copy + Default + Send + Sync + 'static {
    /// The axis of the gates of `H` units.
    type Gates<const H: usize>: ConstDim;

    /// The kernel's cell.
    #[doc(hidden)]
    const CELL: Cell;

    /// Computes the hidden state and the cell state after a step with tensor operations, for any device. `by_input` and
    /// `by_state` are the parts of each gate that depend on the input and on the previous hidden state. `before` is the
    /// previous hidden state and cell state.
    ///
    /// # Errors
    /// Fails with the error of the device.
    #[doc(hidden)]
    #[allow(clippy::type_complexity, reason = "two matrices")]
    fn step<E: Dtype, D: Device<E>, T: Tape<E, D>>(
        by_input: Vec<Tensor<Rows, E, D, T>>,
        by_state: Vec<Tensor<Rows, E, D, T>>,
        before: [Tensor<Rows, E, D, T>; 2],
    ) -> Result<[Tensor<Rows, E, D, T>; 2], D::Err>;
}

/// The cell of an [`Lstm`](super::Lstm).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LstmCell;

/// The cell of a [`Gru`](super::Gru).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GatedUnit;

impl RecurrentCell for LstmCell {
    type Gates<const H: usize> = Times<H, 4>;

    const CELL: Cell = Cell::Lstm;

    fn step<E: Dtype, D: Device<E>, T: Tape<E, D>>(
        by_input: Vec<Tensor<Rows, E, D, T>>,
        by_state: Vec<Tensor<Rows, E, D, T>>,
        [_, cell]: [Tensor<Rows, E, D, T>; 2],
    ) -> Result<[Tensor<Rows, E, D, T>; 2], D::Err> {
        let mut gates = by_input.into_iter().zip(by_state).map(|(input, state)| input.try_add(state));
        let mut gate = || gates.next().expect("four gates");
        let (i, f, g, o) =
            (gate()?.try_sigmoid()?, gate()?.try_sigmoid()?, gate()?.try_tanh()?, gate()?.try_sigmoid()?);
        let cell = f.try_mul(cell)?.try_add(i.try_mul(g)?)?;
        let state = o.try_mul(cell.retaped::<T>().try_tanh()?)?;
        Ok([state, cell])
    }
}

impl RecurrentCell for GatedUnit {
    type Gates<const H: usize> = Times<H, 3>;

    const CELL: Cell = Cell::Gru;

    fn step<E: Dtype, D: Device<E>, T: Tape<E, D>>(
        by_input: Vec<Tensor<Rows, E, D, T>>,
        by_state: Vec<Tensor<Rows, E, D, T>>,
        [state, cell]: [Tensor<Rows, E, D, T>; 2],
    ) -> Result<[Tensor<Rows, E, D, T>; 2], D::Err> {
        let mut gates = by_input.into_iter().zip(by_state);
        let mut gate = || gates.next().expect("three gates");
        let (by_input, by_state) = gate();
        let r = by_input.try_add(by_state)?.try_sigmoid()?;
        let (by_input, by_state) = gate();
        let z = by_input.try_add(by_state)?.try_sigmoid()?;
        let (by_input, by_state) = gate();
        let n = by_input.try_add(r.try_mul(by_state)?)?.try_tanh()?;
        // n + z (h - n) = (1 - z) n + z h
        let difference = state.try_sub(n.retaped::<T>())?;
        Ok([z.try_mul(difference)?.try_add(n)?, cell])
    }
}

/// The output of a recurrent layer: [`LastState`] or [`AllStates`].
pub trait States: fmt::Debug + Clone + Copy + Default + Send + Sync + 'static {
    /// True if the output is only the last state of each direction.
    const ONLY_LAST: bool;
}

/// Outputs the last state of each direction, as Keras' `return_sequences=False`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastState;

/// Outputs the states of all steps, as Keras' `return_sequences=True` and PyTorch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AllStates;

impl States for LastState {
    const ONLY_LAST: bool = true;
}

impl States for AllStates {
    const ONLY_LAST: bool = false;
}

/// The directions in which a recurrent layer reads: [`OneWay`] or [`Bidirectional`].
pub trait Directions: fmt::Debug + Clone + Copy + Default + Send + Sync + 'static {
    /// The axis of the states of `H` units in all directions.
    type Width<const H: usize>: ConstDim;

    /// The number of directions.
    const COUNT: usize;
}

/// Reads from the first step to the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OneWay;

/// Reads from the first step to the last and, with separate weights, from the last to the first ([Schuster and Paliwal
/// 1997](https://doi.org/10.1109/78.650093)). The output concatenates the states of both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bidirectional;

impl Directions for OneWay {
    type Width<const H: usize> = Const<H>;

    const COUNT: usize = 1;
}

impl Directions for Bidirectional {
    type Width<const H: usize> = Times<H, 2>;

    const COUNT: usize = 2;
}
