//! Chains of steps that take columns of the data. A chain is a tuple of up to six layers.

use dfdx::{shapes::Dtype, tensor::Tape, tensor_ops::Device};

use super::{
    cells::{CellKind, ColumnCells},
    column_layer::{ColumnLayer, LowerColumns},
    setting_table::SettingTable,
    step::{Step, transformed},
};
use crate::{
    error::{DataError, Error, Result},
    graph::{Edge, Graph},
    nn::tensor::cpu_f32::TensorResult,
    program::{Program, Transform, Value},
};

/// Returns the output width of a step after checking that the next layer takes this many columns.
const fn checked_width(width: usize, columns: usize) -> usize {
    assert!(width == columns, "a step gives another number of columns than the layer after it takes");
    columns
}

/// Checks the value that fills missing cells. It must be the code of a category if the next layer takes categories.
fn constant_fault(value: Option<f64>, columns: usize, next: ColumnCells) -> Option<(String, &'static str)> {
    let value = value?;
    let is_code = |column| match next.of(column).kind {
        CellKind::Category(count) => value >= 0.0 && value < count as f64 && value.fract() == 0.0,
        CellKind::Number | CellKind::Any => true,
    };
    let rule = "the position of a category: a whole number from 0 and below the number of categories that the next layer takes";
    (!(0..columns).all(is_code)).then(|| (format!("value is {value}"), rule))
}

/// Adapts the error of a step in a chain. `keeps` is true if the step's columns are those of the chain; otherwise the
/// error cannot name the column.
fn in_chain(error: Error, keeps: bool) -> Error {
    match error {
        Error::Data(DataError::NoValue { .. }) if !keeps => Error::Data(DataError::NoValueInChain),
        error => error,
    }
}

/// Implements the traits of a chain of steps whose last layer is `$last`.
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
            const TAKES: ColumnCells = chain!(@takes $($step)* $last);
            const SETTINGS: &'static SettingTable =
                &SettingTable::joined(&[$($step::SETTINGS,)* $last::SETTINGS.as_slice()]);

            fn set_by_name(&mut self, setting: &str, value: f64) {
                $(
                    if SettingTable::has($step::SETTINGS, setting) {
                        return self.$at.set(setting, value);
                    }
                )*
                self.$end.set_by_name(setting, value);
            }

            fn settings_fault(&self) -> Option<(String, &'static str)> {
                chain!(@faults self; $($step $at)*; $last);
                self.$end.settings_fault()
            }

            fn fit_columns(&mut self, cells: &[f64]) -> Result<()> {
                let keeps = true;
                $(
                    self.$at.fit(cells).map_err(|error| in_chain(error, keeps))?;
                    let cells = &transformed(&*self.$at.transform(), $step::COLUMNS, cells);
                    let keeps = keeps && $step::COLUMNS == $step::WIDTH;
                )*
                self.$end.fit_columns(cells).map_err(|error| in_chain(error, keeps))
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

            fn export_prepared(&self, graph: &mut Graph, prepared: Edge) -> Edge {
                self.$end.export_prepared(graph, prepared)
            }
        }
    };
    (@check $first:ident $next:ident $($rest:ident)*) => {
        checked_width($first::WIDTH, $next::COLUMNS);
        chain!(@check $next $($rest)*);
    };
    (@check $last:ident) => {};
    (@takes $first:ident $($rest:ident)+) => {
        ColumnCells::Before {
            takes: $first::TAKES,
            gives: $first::GIVES,
            width: $first::WIDTH,
            keeps: $first::COLUMNS == $first::WIDTH,
            next: &chain!(@takes $($rest)+),
        }
    };
    (@faults $self:ident; $step:ident $at:tt $($steps:ident $places:tt)*; $last:ident) => {
        if let Some(fault) = $self.$at.fault() {
            return Some(fault);
        }
        if let Some(fault) = constant_fault($self.$at.constant(), $step::WIDTH, chain!(@takes $($steps)* $last)) {
            return Some(fault);
        }
        chain!(@faults $self; $($steps $places)*; $last);
    };
    (@faults $self:ident;; $last:ident) => {};
    (@takes $last:ident) => { $last::TAKES };
}

chain!(; A 0; A);
chain!(A 0; B 1; A);
chain!(A 0 B 1; C 2; A);
chain!(A 0 B 1 C 2; F 3; A);
chain!(A 0 B 1 C 2 F 3; G 4; A);
chain!(A 0 B 1 C 2 F 3 G 4; H 5; A);
