//! The transform of targets, fitted on the rows of a training.

use serde::{Deserialize, Serialize};

use super::TrainTarget;
#[cfg(feature = "onnx")]
use crate::graph::{Edge, Graph};
use crate::{
    data::{Dataset, Fit, Moments, Truth},
    recipe::{TargetTransform, Train},
};

/// The fitted transform of regression targets: (f(y) - shift) / scale, where f is a logarithm or the identity. Each
/// output has its own shift and scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetScaler {
    transform: TargetTransform,
    shift: Vec<f64>,
    scale: Vec<f64>,
}

impl TargetScaler {
    /// Fits the transform of `recipe` on the rows of `view`. Returns `None` if the recipe has no transform, or if the
    /// targets are not numbers, which a search rejects before any training.
    pub(crate) fn new<T: TrainTarget>(recipe: &Train, view: &Fit<'_, T>) -> Option<Self> {
        let transform = recipe.target_transform;
        if transform == TargetTransform::None {
            return None;
        }
        let truth = view.data().targets().truth(view.rows());
        let numbers: Vec<f64> = T::Kind::numbers(&truth)?.iter().map(|&y| forward(transform, y)).collect();
        let width = numbers.len() / view.len();
        let rows = numbers.chunks_exact(width);
        let (shift, scale) = match transform {
            TargetTransform::None | TargetTransform::Log | TargetTransform::Log1p => {
                (vec![0.0; width], vec![1.0; width])
            }
            TargetTransform::MinMax => range(rows, width),
            TargetTransform::Standardize | TargetTransform::LogStandardize | TargetTransform::Log1pStandardize => {
                let moments = Moments::of(rows);
                let scale = moments.scale(None).collect();
                (moments.mean, scale)
            }
        };
        Some(Self { transform, shift, scale })
    }

    /// Transforms targets to the units in which the loss is computed.
    pub(super) fn apply<T: TrainTarget>(&self, data: &Dataset<T>) -> Option<T> {
        let rows: Vec<usize> = (0..data.len()).collect();
        let truth = data.targets().truth(&rows);
        let numbers = T::Kind::numbers(&truth)?.iter().zip(self.statistics());
        let numbers = numbers.map(|(&y, (shift, scale))| (forward(self.transform, y) - shift) / scale);
        data.targets().with_numbers(numbers.collect())
    }

    /// Transforms predictions back to the units of the data, in place.
    pub(in crate::train) fn invert(&self, predictions: &mut [f64]) {
        for (prediction, (shift, scale)) in predictions.iter_mut().zip(self.statistics()) {
            let y = *prediction * scale + shift;
            *prediction = match self.transform {
                TargetTransform::Log | TargetTransform::LogStandardize => libm::exp(y),
                TargetTransform::Log1p | TargetTransform::Log1pStandardize => libm::expm1(y),
                TargetTransform::None | TargetTransform::Standardize | TargetTransform::MinMax => y,
            };
        }
    }

    /// Appends the operators that transform predictions in double precision back to the units of the data.
    #[cfg(feature = "onnx")]
    pub(in crate::train) fn export(&self, graph: &mut Graph, predictions: Edge) -> Edge {
        let scale = graph.doubles("target_scale", &[self.scale.len()], &self.scale);
        let y = graph.multiply(predictions, scale);
        let shift = graph.doubles("target_shift", &[self.shift.len()], &self.shift);
        let y = graph.add(y, shift);
        match self.transform {
            TargetTransform::Log | TargetTransform::LogStandardize => graph.apply_like("Exp", &[y]),
            TargetTransform::Log1p | TargetTransform::Log1pStandardize => graph.expm1(y),
            TargetTransform::None | TargetTransform::Standardize | TargetTransform::MinMax => y,
        }
    }

    /// Describes statistics that no training could have computed, for targets of `width` numbers. Returns `None` if
    /// they are possible.
    pub(in crate::train) fn fault(&self, width: usize) -> Option<String> {
        let Self { transform, shift, scale } = self;
        if *transform == TargetTransform::None || shift.len() != width || scale.len() != width {
            let found = (shift.len(), scale.len());
            return Some(format!(
                "its target transform `{transform}` has {} shifts and {} scales, expected {width} of each",
                found.0, found.1
            ));
        }
        let odd = scale.iter().find(|&&scale| scale <= 0.0)?;
        Some(format!("a scale of its target transform is {odd}, expected a number above 0"))
    }

    /// Iterates over the shift and the scale of each number, row after row.
    fn statistics(&self) -> impl Iterator<Item = (f64, f64)> {
        self.shift.iter().copied().zip(self.scale.iter().copied()).cycle()
    }
}

/// Computes f, the part of a transform without statistics.
fn forward(transform: TargetTransform, y: f64) -> f64 {
    match transform {
        TargetTransform::Log | TargetTransform::LogStandardize => libm::log(y),
        TargetTransform::Log1p | TargetTransform::Log1pStandardize => libm::log1p(y),
        TargetTransform::None | TargetTransform::Standardize | TargetTransform::MinMax => y,
    }
}

/// Returns the minimum and the range of each column. A range below ten times the epsilon of `f64` counts as 1, as in
/// scikit-learn.
fn range<'a>(rows: impl Iterator<Item = &'a [f64]>, width: usize) -> (Vec<f64>, Vec<f64>) {
    let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); width];
    for row in rows {
        ends.iter_mut().zip(row).for_each(|((low, high), &y)| (*low, *high) = (low.min(y), high.max(y)));
    }
    let range = |(low, high): (f64, f64)| if high - low < 10.0 * f64::EPSILON { 1.0 } else { high - low };
    ends.into_iter().map(|ends| (ends.0, range(ends))).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Regression;

    fn transform(name: &str) -> TargetTransform {
        serde_json::from_value(name.into()).expect("a transform")
    }

    fn rows(numbers: &[f64]) -> Regression<2> {
        Regression::new(numbers.as_chunks::<2>().0.iter().copied()).expect("targets")
    }

    #[track_caller]
    fn assert_close(case: &str, found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            // Both have an error of a few roundings in `f64`, relative to the spread, which is 1 here.
            let is_close = (found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0);
            assert!(is_close, "{case}: {found}, expected {wanted}");
        }
    }

    /// The first six rows are the training rows. Other rows do not count.
    #[test]
    fn targets_are_transformed_as_scikit_learn_transforms_them() {
        let golden: Vec<&str> = include_str!("../../../../tests/golden/target_transforms.txt").lines().collect();
        assert_eq!(golden.len(), 72);
        for case in golden.chunks(4) {
            let (name, targets) = case[0].split_once(' ').expect("a name");
            let numbers =
                |line: &str| -> Vec<f64> { line.split(' ').map(|number| number.parse().expect("a number")).collect() };
            let targets = numbers(targets);
            let data = Dataset::new(vec![[0.0]; targets.len() / 2], rows(&targets)).expect("data");
            let fitted: Vec<usize> = (0..6).collect();
            let recipe = Train::default().target_transform(transform(name));
            let scaler = TargetScaler::new(&recipe, &Fit::new(&data, &fitted)).expect("a transform");
            let seen = scaler.apply(&data).expect("numbers");
            assert_close(name, &seen.values()[..12], &numbers(case[1]));
            let mut predictions = numbers(case[2]);
            scaler.invert(&mut predictions);
            let wanted = numbers(case[3]);
            assert_close(name, &predictions, &wanted);
            // The inverse restores the targets, also of rows that the transform was not fitted on.
            let mut back = seen.values().to_vec();
            scaler.invert(&mut back);
            assert_close(name, &back, &targets);
            assert!(scaler.fault(2).is_none() && scaler.fault(1).is_some());
        }
    }
}
