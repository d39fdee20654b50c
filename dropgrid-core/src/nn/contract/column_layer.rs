//! Layers that take columns of the data: steps, and chains of steps with an optional trained layer at the end.

use dfdx::{
    shapes::Dtype,
    tensor::{Cpu, PutTape, Tape},
    tensor_ops::Device,
};

use super::{
    cells::{Cells, ColumnCells},
    setting_table::SettingTable,
    step::{Step, transformed},
};
use crate::{
    error::Result,
    graph::{Edge, Element, Graph},
    nn::tensor::cpu_f32::TensorResult,
    program::{Program, Transform, Value},
};

/// A layer for a field with `#[columns(..)]`, built on the device `D` in `E`.
///
/// It is a [`Step`] or a tuple of up to six steps. The last layer of the tuple may be an [`Embed`](crate::nn::Embed) or
/// a [`PerColumn`](crate::nn::PerColumn), which applies a different layer to each column.
///
/// A chain whose layers do not fit each other does not compile:
/// ```
/// # use dfdx::{nn::BuildOnDevice, tensor::Cpu};
/// # use dropgrid_core::nn::{Cells, ColumnLayer, builder::{Embed, Impute, OneHot, OwnCategory, Standardize}};
/// const fn takes<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> Cells {
///     L::Built::TAKES.of(0)
/// }
/// const NUMBERS: Cells = takes::<(Impute<2>, Standardize<2>)>();
/// const DECKS: Cells = takes::<(Impute<1, OwnCategory<8>>, Embed<9, 4>)>();
/// assert_eq!([NUMBERS, DECKS], [Cells::NUMBER.or_missing(), Cells::category(8).or_missing()]);
/// ```
/// ```compile_fail,E0080
/// # use dfdx::{nn::BuildOnDevice, tensor::Cpu};
/// # use dropgrid_core::nn::{Cells, ColumnLayer, builder::{Embed, Impute, OneHot, OwnCategory, Standardize}};
/// # const fn takes<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> Cells {
/// #     L::Built::TAKES.of(0)
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
    /// The number of columns of the input.
    const COLUMNS: usize;
    /// The number of outputs for each row.
    const WIDTH: usize;
    /// The number of outputs of the steps for each row, before a trained layer at the end.
    #[doc(hidden)]
    const PREPARED: usize;
    /// The cells that the layer accepts. Every output is then a number.
    const TAKES: ColumnCells;
    /// The named settings of the steps.
    #[doc(hidden)]
    const SETTINGS: &'static SettingTable = &SettingTable::joined(&[]);

    /// Fits the steps in order, each on the output of the step before it. `cells` are rows of
    /// [`COLUMNS`](Self::COLUMNS) cells, row-major. A missing cell is NaN, an unknown category -1.
    ///
    /// # Errors
    /// Fails with the errors of [`Step::fit`].
    fn fit_columns(&mut self, cells: &[f64]) -> Result<()>;

    /// Sets one of [`SETTINGS`](Self::SETTINGS) by name.
    #[doc(hidden)]
    fn set_by_name(&mut self, setting: &str, value: f64) {
        let _ = (setting, value);
    }

    /// Checks the settings of the steps. A value that fills missing cells must be a category of the next layer.
    #[doc(hidden)]
    fn settings_fault(&self) -> Option<(String, &'static str)> {
        None
    }

    /// Appends the transforms of the steps, in order.
    #[doc(hidden)]
    fn transforms(&self, to: &mut Vec<Box<dyn Transform>>);

    /// Computes the output from the output of the steps. `prepared` holds rows of [`PREPARED`](Self::PREPARED) numbers.
    /// Shape (rows, [`WIDTH`](Self::WIDTH)).
    ///
    /// # Errors
    /// Fails with the error of the device.
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

    /// Computes the output for rows of [`COLUMNS`](Self::COLUMNS) cells. Shape (rows, [`WIDTH`](Self::WIDTH)).
    /// Gradients flow only into a trained layer at the end.
    ///
    /// # Errors
    /// Fails with the error of the device.
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

/// A [`ColumnLayer`] that can be lowered to a [`Program`] and exported.
pub trait LowerColumns: ColumnLayer<f32, Cpu> {
    /// Appends the operations of the trained layer, whose input is the output of the steps.
    #[doc(hidden)]
    fn lower_prepared(&self, _program: &mut Program, prepared: Value) -> Value {
        prepared
    }

    /// Appends the operators of the trained layer, whose input is the output of the steps in double precision.
    #[doc(hidden)]
    fn export_prepared(&self, graph: &mut Graph, prepared: Edge) -> Edge {
        graph.cast(prepared, Element::Float)
    }

    /// Appends the operators of the layer. `cells` are in double precision and include the origins.
    fn export_columns(&self, graph: &mut Graph, cells: Edge) -> Edge {
        let mut transforms = Vec::new();
        self.transforms(&mut transforms);
        let prepared = transforms.export(graph, cells);
        self.export_prepared(graph, prepared)
    }

    /// Appends the operations of the layer. Cell `i` of a row is `origins[i] + input[positions[i]]`; missing origins
    /// are 0.
    ///
    /// # Panics
    /// Panics if a position is outside `input`.
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
    const TAKES: ColumnCells = ColumnCells::Each(S::TAKES.then(S::GIVES, Cells::NUMBER));
    const SETTINGS: &'static SettingTable = &SettingTable::joined(&[S::SETTINGS]);

    fn set_by_name(&mut self, setting: &str, value: f64) {
        self.set(setting, value);
    }

    fn settings_fault(&self) -> Option<(String, &'static str)> {
        self.fault()
    }

    fn fit_columns(&mut self, cells: &[f64]) -> Result<()> {
        self.fit(cells)
    }

    fn transforms(&self, to: &mut Vec<Box<dyn Transform>>) {
        to.push(self.transform());
    }
}

impl<S: Step> LowerColumns for S {}
