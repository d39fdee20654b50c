//! The metrics that a search computes, the first of which decides.

use super::{Accuracy, Metric, R2, SubsetAccuracy};
use crate::data::{Flags, Labels, Truth, Values};

/// A metric of a kind of truth, whatever its type.
pub type MetricOf<K> = Box<dyn Metric<Kind = K>>;

/// One metric or a tuple of them; the first decides which candidate is best.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not score {K}",
    label = "not a metric of this data's targets",
    note = "use a metric whose `Kind` is `{K}`, or a tuple of up to six of them",
    note = "of `Labels`: `Accuracy`, `LogLoss`, `F1::averaged(Averaging::Macro)`; of `Values`: `R2`, `MeanSquaredError`; of `Flags`: `SubsetAccuracy`, `F1::samples()`",
    note = "dropout is off in a score: to score the mean of passes with dropout on, ask for it by name, `.mc_scoring(McDropout(20))` beside `.scoring(..)`"
)]
pub trait Scoring<K: Truth> {
    /// The metrics, the deciding one first.
    fn metrics(self) -> Vec<MetricOf<K>>;
}

#[diagnostic::do_not_recommend]
impl<K: Truth, M: Metric<Kind = K>> Scoring<K> for M {
    fn metrics(self) -> Vec<MetricOf<K>> {
        vec![Box::new(self)]
    }
}

/// The usual metric of the targets, as scikit-learn's estimators score themselves: accuracy for classes, the share of
/// rows whose flags are all right for flags, R² for numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Default;

impl Scoring<Labels> for Default {
    fn metrics(self) -> Vec<MetricOf<Labels>> {
        vec![Box::new(Accuracy)]
    }
}

impl Scoring<Flags> for Default {
    fn metrics(self) -> Vec<MetricOf<Flags>> {
        vec![Box::new(SubsetAccuracy)]
    }
}

impl Scoring<Values> for Default {
    fn metrics(self) -> Vec<MetricOf<Values>> {
        vec![Box::new(R2)]
    }
}

macro_rules! tuple {
    ($($name:ident),+) => {
        impl<K: Truth, $($name: Metric<Kind = K>),+> Scoring<K> for ($($name,)+) {
            #[allow(non_snake_case)]
            fn metrics(self) -> Vec<MetricOf<K>> {
                let ($($name,)+) = self;
                vec![$(Box::new($name)),+]
            }
        }
    };
}

tuple!(A);
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);
tuple!(A, B, C, D, E, F);
