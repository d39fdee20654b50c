//! Grouping of categories that a network cannot learn from its training rows.

use std::marker::PhantomPinned;

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection, TensorOptions},
    },
    shapes::{Dtype, Rank1},
    tensor::{Storage, Tensor},
    tensor_ops::Device,
};

use super::codes::{UNKNOWN, check, code};
use crate::{
    error,
    graph::{Edge, Graph},
    nn::{Cells, Range, Step, tensor::double},
    program::Transform,
};

pub(in crate::nn) mod builder {
    /// The declaration of a step that groups the infrequent ones of `C` categories.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct GroupInfrequent<const C: usize>;
}

/// Groups the infrequent, the unknown and the missing categories of a column in a category of their own, with the code
/// `C`. The other categories keep their codes. The next layer takes `C` + 1 categories.
///
/// - A category is infrequent if fewer than `min_frequency` training rows have it. The default is 1: a category that
///   does not occur in the training rows. `#[grid(min_frequency: 1.0, 5.0)]` searches the setting. With 0 no category is
///   infrequent.
/// - The rows are those that a fold trains on, so a category that occurs only in scored rows is predicted in the same way
///   as one that nobody knew. Weights of rows do not count.
/// - A trained layer learns the vector of the group from the training rows that are in it. If there is none, an
///   [`Embed`](crate::nn::Embed) keeps the initial vector, so set `min_frequency` above 1 where no cell is missing.
/// - To keep missing cells apart, impute them before: `(Impute<1, OwnCategory<8>>, GroupInfrequent<9>, Embed<10, 4>)`.
/// - Before fitting, every category is frequent.
///
/// The groups are those of scikit-learn's
/// [`OneHotEncoder`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.OneHotEncoder.html) with
/// `min_frequency` and `handle_unknown='infrequent_if_exist'`. There, a group that no training row is in does not exist,
/// and codes have no holes; here the width is part of the type.
///
/// Cells: the codes of `C` categories, also missing and unknown ones. The output is the code of one of `C` + 1
/// categories.
///
/// Shapes: one column to one.
///
/// # Examples
/// ```
/// # use dfdx::{nn::DeviceBuildExt, tensor::Cpu};
/// # use dropgrid_core::nn::{Step, builder::GroupInfrequent};
/// let mut layer = Cpu::default().build_module::<GroupInfrequent<3>, f32>();
/// layer.set("min_frequency", 2.0);
/// layer.fit(&[0.0, 0.0, 1.0, 2.0, 2.0])?;
/// let codes = [0.0, 1.0, 2.0, -1.0, f64::NAN].map(|cell| {
///     let mut row = vec![cell];
///     layer.transform().apply(&mut row);
///     row[0]
/// });
/// assert_eq!(codes, [0.0, 3.0, 2.0, 3.0, 3.0]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GroupInfrequent<const C: usize, E: Dtype, D: Storage<E>> {
    /// 1 for each category that keeps its code, else 0. Shape (C).
    pub frequent: Tensor<Rank1<C>, E, D>,
    /// The number of training rows from which a category is frequent.
    pub min_frequency: f64,
    /// Marks a layer that must be the first one, see `PositionIndependent`.
    _head: PhantomPinned,
}

impl<const C: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::GroupInfrequent<C> {
    type Built = GroupInfrequent<C, E, D>;
}

impl<const C: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for GroupInfrequent<C, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = GroupInfrequent<C, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let ones = TensorOptions::detached(Tensor::try_fill_with_ones);
        let least = ScalarOptions::from_default(1.0);
        visitor.visit_fields(
            (
                Self::tensor("frequent", |it| &it.frequent, |it| &mut it.frequent, ones),
                Self::scalar("min_frequency", |it| &it.min_frequency, |it| &mut it.min_frequency, least),
            ),
            |(frequent, min_frequency)| GroupInfrequent { frequent, min_frequency, _head: PhantomPinned },
        )
    }
}

impl<const C: usize, E: Dtype, D: Device<E>> Step for GroupInfrequent<C, E, D> {
    const COLUMNS: usize = 1;
    const WIDTH: usize = 1;
    const TAKES: Cells = Cells::category(C).or_missing().or_unknown();
    const GIVES: Cells = Cells::category(C + 1);
    const SETTINGS: &'static [(&'static str, Range)] = &[("min_frequency", Range::NON_NEGATIVE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.min_frequency = value;
    }

    fn fit(&mut self, cells: &[f64]) -> error::Result<()> {
        check::<C>(cells)?;
        let mut counts = [0_usize; C];
        cells.iter().filter_map(|cell| code::<C>(*cell)).for_each(|code| counts[code] += 1);
        let frequent = counts.map(|count| if count as f64 >= self.min_frequency { 1.0 } else { 0.0 });
        double::write_rounded(&mut self.frequent, &frequent);
        Ok(())
    }

    fn transform(&self) -> Box<dyn Transform> {
        let is_frequent = double::read_rounded(&self.frequent).iter().map(|flag| *flag != 0.0).collect();
        Box::new(Groups::<C> { is_frequent })
    }
}

/// The fitted transform: whether each category keeps its code.
#[derive(Debug)]
struct Groups<const C: usize> {
    is_frequent: Vec<bool>,
}

impl<const C: usize> Transform for Groups<C> {
    fn apply(&self, row: &mut Vec<f64>) {
        for cell in row {
            *cell = match code::<C>(*cell) {
                Some(code) if self.is_frequent[code] => *cell,
                None if !(cell.is_nan() || *cell == UNKNOWN) => f64::NAN,
                _ => C as f64,
            };
        }
    }

    fn export(&self, graph: &mut Graph, cells: Edge) -> Edge {
        graph.group(cells, &self.is_frequent)
    }
}
