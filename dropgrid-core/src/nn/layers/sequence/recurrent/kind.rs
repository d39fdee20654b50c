//! The kinds of recurrent layers: their cells, their outputs and their directions.

use std::fmt;

use dfdx::{
    shapes::{Const, ConstDim, Dtype},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, TryAdd, TryMul, TrySub},
};

use super::super::{tensor_ops::Rows, times::Times};
use crate::kernel::recurrent::Cell;

/// The function of a step of a recurrent layer.
pub trait RecurrentCell: fmt::Debug + Clone + Copy + Default + Send + Sync + 'static {
    /// The gates of `H` units, as an axis.
    type Gates<const H: usize>: ConstDim;

    /// The function on slices.
    #[doc(hidden)]
    const CELL: Cell;

    /// The state and the cell after a step, by the tensor operations of any device: given the gates by input, the gates
    /// by state, and the state and the cell before.
    ///
    /// # Errors
    /// Those of the device.
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
        // n + z (h - n), which is (1 - z) n + z h.
        let difference = state.try_sub(n.retaped::<T>())?;
        Ok([z.try_mul(difference)?.try_add(n)?, cell])
    }
}

/// The output of a recurrent layer: [`LastState`] or [`AllStates`].
pub trait States: fmt::Debug + Clone + Copy + Default + Send + Sync + 'static {
    /// True where the output is the last state of each direction.
    const ONLY_LAST: bool;
}

/// The state after the last step that a direction reads: Keras' `return_sequences=False`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastState;

/// The states after all steps: Keras' `return_sequences=True`, and what PyTorch gives.
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
    /// The states of `H` units in all directions, as an axis.
    type Width<const H: usize>: ConstDim;

    /// The number of directions.
    const COUNT: usize;
}

/// From the first step to the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OneWay;

/// From the first step to the last, and by other weights from the last to the first, with the states side by side
/// ([Schuster and Paliwal 1997](https://doi.org/10.1109/78.650093)).
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
