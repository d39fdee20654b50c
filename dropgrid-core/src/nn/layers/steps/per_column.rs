//! Different layers for different columns.

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection},
    },
    shapes::{Axis, Dtype},
    tensor::Tape,
    tensor_ops::{Device, TryConcatAlong},
};

use crate::{
    error::{DataError, Error, Result},
    graph::{Edge, Graph},
    nn::{ColumnCells, ColumnLayer, LowerColumns, contract::SettingTable, tensor::cpu_f32::TensorResult},
    program::{Program, Transform, Value},
};

pub(in crate::nn) mod builder {
    /// The declaration of layers for different columns.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PerColumn<Layers>(std::marker::PhantomData<Layers>);
}

/// Applies a different layer to each column or group of columns of a field and concatenates the outputs, as
/// scikit-learn's
/// [`ColumnTransformer`](https://scikit-learn.org/stable/modules/generated/sklearn.compose.ColumnTransformer.html). It
/// has up to six layers. The first layer takes the first columns, the next layer takes the columns after them.
///
/// Write `#[columns(sex, deck)] codes: PerColumn<(OneHot<2>, OneHot<8>)>`. Each layer is a step or a chain of steps,
/// which may end in an [`Embed`](crate::nn::Embed): `PerColumn<(OneHot<2>, (Impute<1, OwnCategory<8>>, Embed<9, 4>))>`.
/// Steps for all columns may come before it: `(Impute<2, MostFrequent>, PerColumn<(OneHot<2>, OneHot<8>)>)`.
///
/// Cells: as for each layer.
///
/// Shapes: the columns of all layers to the outputs of all layers.
#[derive(Debug, Clone)]
pub struct PerColumn<Layers> {
    /// The layers.
    pub layers: Layers,
}

impl<L: BuildOnDevice<D, E>, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::PerColumn<L>
where
    PerColumn<L::Built>: TensorCollection<E, D, To<E, D> = PerColumn<L::Built>>,
{
    type Built = PerColumn<L::Built>;
}

impl<L: TensorCollection<E, D>, E: Dtype, D: Device<E>> TensorCollection<E, D> for PerColumn<L> {
    type To<E2: Dtype, D2: Device<E2>> = PerColumn<L::To<E2, D2>>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let layers = Self::module("layers", |it| &it.layers, |it| &mut it.layers);
        visitor.visit_fields(layers, |layers| PerColumn { layers })
    }
}

/// Selects `columns` columns from `first` on.
fn part(rows: &[f64], width: usize, first: usize, columns: usize) -> Vec<f64> {
    rows.chunks_exact(width.max(1)).flat_map(|row| &row[first..first + columns]).copied().collect()
}

/// Adapts the error of a layer whose columns begin at `first`.
fn with_offset(error: Error, first: usize) -> Error {
    match error {
        Error::Data(DataError::NoValue { column }) => Error::Data(DataError::NoValue { column: first + column }),
        error => error,
    }
}

/// The transforms of the layers, each applied to its columns of a row.
#[derive(Debug)]
struct SideBySide {
    /// The number of columns and the transforms of each layer.
    layers: Vec<(usize, Vec<Box<dyn Transform>>)>,
    /// Scratch memory for the cells of one layer, reused for the next row. A thread that finds it taken allocates its
    /// own.
    part: Mutex<Vec<f64>>,
}

impl SideBySide {
    fn new(layers: Vec<(usize, Vec<Box<dyn Transform>>)>) -> Self {
        Self { layers, part: Mutex::default() }
    }

    /// Locks the scratch memory. It is not locked while transforms are applied.
    fn part(&self) -> MutexGuard<'_, Vec<f64>> {
        self.part.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transform for SideBySide {
    fn apply(&self, row: &mut Vec<f64>) {
        let mut part = mem::take(&mut *self.part());
        // The outputs are appended after the cells, since later layers still read the cells.
        let cells = row.len();
        let mut first = 0;
        for (columns, transforms) in &self.layers {
            part.clear();
            part.extend_from_slice(&row[first..first + columns]);
            transforms.apply(&mut part);
            row.extend_from_slice(&part);
            first += columns;
        }
        row.drain(..cells);
        *self.part() = part;
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        let (mut first, mut parts) = (0, Vec::new());
        for (columns, transforms) in &self.layers {
            let positions: Vec<usize> = (first..first + columns).collect();
            let own = graph.select(cells, &positions);
            parts.push(transforms.export(graph, own));
            first += columns;
        }
        graph.concat(&parts)
    }
}

/// Implements the traits for this number of layers.
macro_rules! side_by_side {
    ($($layer:ident $at:tt),+; $first:ident $zero:tt $($rest:ident $next:tt)*) => {
        impl<Num: Dtype, Dev: Device<Num>, $($layer: ColumnLayer<Num, Dev>),+> ColumnLayer<Num, Dev>
            for PerColumn<($($layer,)+)>
        {
            const COLUMNS: usize = 0 $(+ $layer::COLUMNS)+;
            const WIDTH: usize = 0 $(+ $layer::WIDTH)+;
            const PREPARED: usize = 0 $(+ $layer::PREPARED)+;
            const TAKES: ColumnCells = ColumnCells::Parts(&[$(($layer::COLUMNS, $layer::TAKES)),+]);
            const SETTINGS: &'static SettingTable = &SettingTable::joined(&[$($layer::SETTINGS.as_slice()),+]);

            fn fit_columns(&mut self, cells: &[f64]) -> Result<()> {
                let mut first = 0;
                $(
                    let own = part(cells, Self::COLUMNS, first, $layer::COLUMNS);
                    self.layers.$at.fit_columns(&own).map_err(|error| with_offset(error, first))?;
                    first += $layer::COLUMNS;
                )+
                let _ = first;
                Ok(())
            }

            fn set_by_name(&mut self, setting: &str, value: f64) {
                $(
                    if $layer::SETTINGS.as_slice().iter().any(|(name, _)| *name == setting) {
                        return self.layers.$at.set_by_name(setting, value);
                    }
                )+
            }

            fn settings_fault(&self) -> Option<(String, &'static str)> {
                None$(.or_else(|| self.layers.$at.settings_fault()))+
            }

            fn transforms(&self, to: &mut Vec<Box<dyn Transform>>) {
                let mut parts = Vec::new();
                $(
                    let mut own = Vec::new();
                    self.layers.$at.transforms(&mut own);
                    parts.push(($layer::COLUMNS, own));
                )+
                to.push(Box::new(SideBySide::new(parts)));
            }

            fn forward_prepared<T: Tape<Num, Dev>>(
                &self,
                prepared: &[f64],
                device: &Dev,
                tape: T,
            ) -> TensorResult<(usize, usize), Num, Dev, T> {
                let rows = |first: usize, columns: usize| part(prepared, Self::PREPARED, first, columns);
                let first = $first::PREPARED;
                let all = self.layers.$zero.forward_prepared(&rows(0, first), device, tape)?;
                $(
                    let own = rows(first, $rest::PREPARED);
                    let other = self.layers.$next.forward_prepared(&own, device, T::default())?;
                    let all = (all, other).try_concat_along(Axis::<1>)?;
                    let first = first + $rest::PREPARED;
                )*
                let _ = first;
                Ok(all)
            }
        }

        impl<$($layer: LowerColumns),+> LowerColumns for PerColumn<($($layer,)+)> {
            fn lower_prepared(&self, program: &mut Program, prepared: Value) -> Value {
                let (mut first, mut parts) = (0, Vec::new());
                $(
                    let places: Vec<usize> = (first..first + $layer::PREPARED).collect();
                    let own = program.prepare(prepared, &places, &[], Vec::<Box<dyn Transform>>::new(), $layer::PREPARED);
                    parts.push(self.layers.$at.lower_prepared(program, own));
                    first += $layer::PREPARED;
                )+
                let _ = first;
                program.concat(&parts)
            }

            fn export_prepared(&self, graph: &mut Graph, prepared: Edge) -> Edge {
                let (mut first, mut parts) = (0, Vec::new());
                $(
                    let places: Vec<usize> = (first..first + $layer::PREPARED).collect();
                    let own = graph.select(prepared, &places);
                    parts.push(self.layers.$at.export_prepared(graph, own));
                    first += $layer::PREPARED;
                )+
                let _ = first;
                graph.concat(&parts)
            }
        }
    };
}

side_by_side!(A 0; A 0);
side_by_side!(A 0, B 1; A 0 B 1);
side_by_side!(A 0, B 1, C 2; A 0 B 1 C 2);
side_by_side!(A 0, B 1, C 2, F 3; A 0 B 1 C 2 F 3);
side_by_side!(A 0, B 1, C 2, F 3, G 4; A 0 B 1 C 2 F 3 G 4);
side_by_side!(A 0, B 1, C 2, F 3, G 4, H 5; A 0 B 1 C 2 F 3 G 4 H 5);
