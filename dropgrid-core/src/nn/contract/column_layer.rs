//! Layers that take columns of the data: steps, chains of steps, and what is trained at the end of a chain.

use dfdx::{
    shapes::Dtype,
    tensor::{Cpu, PutTape, Tape},
    tensor_ops::Device,
};

use super::{
    cells::Cells,
    step::{Step, transformed},
};
use crate::{
    error::Result,
    nn::tensor::cpu_f32::TensorResult,
    program::{Program, Transform, Value},
};

/// A layer that may stand in a field with `#[columns(..)]`, built on the device `D` in `E`: a [`Step`], a chain of steps as a
/// tuple of up to six, or one that ends in an [`Embed`](crate::nn::Embed).
///
/// Layers of a chain that do not fit each other do not compile:
/// ```
/// # use dfdx::{nn::BuildOnDevice, tensor::Cpu};
/// # use dropgrid_core::nn::{Cells, ColumnLayer, builder::{Embed, Impute, OneHot, OwnCategory, Standardize}};
/// const fn takes<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> Cells {
///     L::Built::TAKES
/// }
/// const NUMBERS: Cells = takes::<(Impute<2>, Standardize<2>)>();
/// const DECKS: Cells = takes::<(Impute<1, OwnCategory<8>>, Embed<9, 4>)>();
/// assert_eq!([NUMBERS, DECKS], [Cells::NUMBER.or_missing(), Cells::category(8).or_missing()]);
/// ```
/// ```compile_fail,E0080
/// # use dfdx::{nn::BuildOnDevice, tensor::Cpu};
/// # use dropgrid_core::nn::{Cells, ColumnLayer, builder::{Embed, Impute, OneHot, OwnCategory, Standardize}};
/// # const fn takes<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> Cells {
/// #     L::Built::TAKES
/// # }
/// // The missing cells are a ninth category.
/// const DECKS: Cells = takes::<(Impute<1, OwnCategory<8>>, Embed<8, 4>)>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take columns of the data",
    label = "not a step such as `Impute`, a tuple of steps, or an `Embed`",
    note = "write other layers as a field of their own, after the fields with `#[columns(..)]`",
    note = "for a layer of your own, implement `dropgrid::nn::Step`"
)]
pub trait ColumnLayer<E: Dtype, D: Device<E>> {
    /// Columns that it takes.
    const COLUMNS: usize;
    /// Numbers that it gives for each row.
    const WIDTH: usize;
    /// Numbers that its steps give for each row, the trained layer at the end aside.
    #[doc(hidden)]
    const PREPARED: usize;
    /// The cells that it takes, so that each number that it gives is one.
    const TAKES: Cells;

    /// Fits step after step on rows of [`COLUMNS`](Self::COLUMNS) cells, row-major, each on what the one before it gives. A
    /// missing cell is NaN, an unknown category -1.
    ///
    /// # Errors
    /// Those of [`Step::fit`].
    fn fit_columns(&mut self, cells: &[f64]) -> Result<()>;

    /// Appends the functions of the steps, from the first on.
    #[doc(hidden)]
    fn transforms(&self, to: &mut Vec<Box<dyn Transform>>);

    /// The output for rows of numbers that the steps gave.
    ///
    /// # Errors
    /// Those of the device.
    #[doc(hidden)]
    fn forward_prepared<T: Tape<E, D>>(
        &self,
        prepared: &[f64],
        device: &D,
        tape: T,
    ) -> TensorResult<(usize, usize), E, D, T> {
        let numbers = prepared.iter().map(|number| E::from_f64(*number).unwrap_or_default()).collect();
        let rows = prepared.len() / Self::PREPARED.max(1);
        Ok(device.try_tensor_from_vec(numbers, (rows, Self::PREPARED))?.put_tape(tape))
    }

    /// Rows of [`WIDTH`](Self::WIDTH) numbers. Only a trained layer at the end has a derivative on the tape.
    ///
    /// # Errors
    /// Those of the device.
    fn forward_columns<T: Tape<E, D>>(
        &self,
        cells: &[f64],
        device: &D,
        tape: T,
    ) -> TensorResult<(usize, usize), E, D, T> {
        let mut transforms = Vec::new();
        self.transforms(&mut transforms);
        self.forward_prepared(&transformed(&transforms, Self::COLUMNS, cells), device, tape)
    }
}

/// A [`ColumnLayer`] as operations of a [`Program`].
pub trait LowerColumns: ColumnLayer<f32, Cpu> {
    /// Appends the operations after the steps, given the numbers that they gave.
    #[doc(hidden)]
    fn lower_prepared(&self, _program: &mut Program, prepared: Value) -> Value {
        prepared
    }

    /// Appends the operations of the layer. The cells of a row are `origins[i] + input[positions[i]]`; missing origins are 0.
    ///
    /// # Panics
    /// Where `input` has no such position.
    fn lower_columns(&self, program: &mut Program, input: Value, positions: &[usize], origins: &[f64]) -> Value {
        let mut transforms = Vec::new();
        self.transforms(&mut transforms);
        let prepared = program.prepare(input, positions, origins, transforms, Self::PREPARED);
        self.lower_prepared(program, prepared)
    }
}

impl<E: Dtype, D: Device<E>, S: Step> ColumnLayer<E, D> for S {
    const COLUMNS: usize = S::COLUMNS;
    const WIDTH: usize = S::WIDTH;
    const PREPARED: usize = S::WIDTH;
    const TAKES: Cells = S::TAKES.then(S::GIVES, Cells::NUMBER);

    fn fit_columns(&mut self, cells: &[f64]) -> Result<()> {
        self.fit(cells)
    }

    fn transforms(&self, to: &mut Vec<Box<dyn Transform>>) {
        to.push(self.transform());
    }
}

impl<S: Step> LowerColumns for S {}

/// The width that a step hands on, after a check that what follows takes so many columns.
const fn handed(width: usize, columns: usize) -> usize {
    assert!(width == columns, "a step gives another number of columns than the layer after it takes");
    columns
}

/// Implements the traits of a chain of steps that ends in a layer `$last`.
macro_rules! chain {
    ($($step:ident $at:tt)*; $last:ident $end:tt; $first:ident) => {
        impl<Num: Dtype, Dev: Device<Num>, $($step: Step,)* $last: ColumnLayer<Num, Dev>> ColumnLayer<Num, Dev>
            for ($($step,)* $last,)
        {
            const COLUMNS: usize = $first::COLUMNS;
            const WIDTH: usize = {
                chain!(@check $($step)* $last);
                $last::WIDTH
            };
            const PREPARED: usize = $last::PREPARED;
            const TAKES: Cells = chain!(@takes $($step)* $last);

            fn fit_columns(&mut self, cells: &[f64]) -> Result<()> {
                $(
                    self.$at.fit(cells)?;
                    let cells = &transformed(&*self.$at.transform(), $step::COLUMNS, cells);
                )*
                self.$end.fit_columns(cells)
            }

            fn transforms(&self, to: &mut Vec<Box<dyn Transform>>) {
                $(to.push(self.$at.transform());)*
                self.$end.transforms(to);
            }

            fn forward_prepared<T: Tape<Num, Dev>>(
                &self,
                prepared: &[f64],
                device: &Dev,
                tape: T,
            ) -> TensorResult<(usize, usize), Num, Dev, T> {
                self.$end.forward_prepared(prepared, device, tape)
            }
        }

        impl<$($step: Step,)* $last: LowerColumns> LowerColumns for ($($step,)* $last,) {
            fn lower_prepared(&self, program: &mut Program, prepared: Value) -> Value {
                self.$end.lower_prepared(program, prepared)
            }
        }
    };
    (@check $first:ident $next:ident $($rest:ident)*) => {
        handed($first::WIDTH, $next::COLUMNS);
        chain!(@check $next $($rest)*);
    };
    (@check $last:ident) => {};
    (@takes $first:ident $($rest:ident)+) => { $first::TAKES.then($first::GIVES, chain!(@takes $($rest)+)) };
    (@takes $last:ident) => { $last::TAKES };
}

chain!(; A 0; A);
chain!(A 0; B 1; A);
chain!(A 0 B 1; C 2; A);
chain!(A 0 B 1 C 2; F 3; A);
chain!(A 0 B 1 C 2 F 3; G 4; A);
chain!(A 0 B 1 C 2 F 3 G 4; H 5; A);
