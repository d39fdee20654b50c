//! The weights of rows in a loss.

use super::TrainTarget;
use crate::{
    data::{Fit, batches::width},
    recipe::{ClassWeight, PosWeight, Train},
};

/// The weight of each row of the data: its sample weight times the weight of its class.
pub(super) struct RowWeights<'a> {
    labels: &'a [usize],
    /// The weight of each class. Empty if all are 1.
    classes: Vec<f64>,
    samples: Option<&'a [f64]>,
}

impl<'a> RowWeights<'a> {
    /// Computes the weights that `recipe` sets, balanced on the rows of `view`.
    pub(super) fn new<T: TrainTarget>(view: &Fit<'a, T>, recipe: &Train) -> Self {
        let data = view.data();
        let samples = if recipe.sample_weights { data.weights() } else { None };
        let labels = data.targets().strata().unwrap_or_default();
        let mut weights = Self { labels, classes: Vec::new(), samples };
        weights.classes = match &recipe.class_weight {
            ClassWeight::Uniform => Vec::new(),
            ClassWeight::Given(classes) => classes.clone(),
            ClassWeight::Balanced => weights.balanced(data.targets().width(), view.rows()),
        };
        weights
    }

    /// Returns balanced class weights as in scikit-learn's `compute_class_weight("balanced", ...)`. A class without
    /// rows has the weight 0.
    fn balanced(&self, classes: usize, rows: &[usize]) -> Vec<f64> {
        let mut sums = vec![0.0; classes];
        for &row in rows {
            sums[self.labels[row]] += self.sample(row);
        }
        let present = sums.iter().filter(|&&sum| sum > 0.0).count();
        let each = sums.iter().sum::<f64>() / present as f64;
        sums.into_iter().map(|sum| if sum > 0.0 { each / sum } else { 0.0 }).collect()
    }

    /// Returns the weight of the positive class relative to a weight of 1 for the negative class, for each output.
    pub(super) fn pos_weights<T: TrainTarget>(&self, view: &Fit<'a, T>, weight: &PosWeight) -> Vec<f64> {
        let outputs = width::<T::Output>();
        match weight {
            PosWeight::Same(weight) => vec![*weight; outputs],
            PosWeight::Given(weights) => weights.clone(),
            PosWeight::Balanced => {
                let (mut encoded, mut sums) = (vec![0.0; outputs], vec![[0.0; 2]; outputs]);
                for &row in view.rows() {
                    view.data().targets().encode(&[row], &mut encoded);
                    for (sums, &encoded) in sums.iter_mut().zip(&encoded) {
                        sums[usize::from(encoded > 0.5)] += self.sample(row);
                    }
                }
                sums.into_iter().map(|[no, yes]| if no > 0.0 && yes > 0.0 { no / yes } else { 1.0 }).collect()
            }
        }
    }

    /// Returns true if every row has the weight 1.
    pub(super) fn is_uniform(&self) -> bool {
        self.classes.is_empty() && self.samples.is_none()
    }

    /// Returns the weight of each of `classes` classes.
    pub(super) fn of_classes(&self, classes: usize) -> Vec<f64> {
        if self.classes.is_empty() { vec![1.0; classes] } else { self.classes.clone() }
    }

    /// Returns the class of a row.
    pub(super) fn label(&self, row: usize) -> usize {
        self.labels[row]
    }

    /// Returns the sample weight of a row.
    pub(super) fn sample(&self, row: usize) -> f64 {
        self.samples.map_or(1.0, |weights| weights[row])
    }

    /// Returns the weight of a row.
    pub(super) fn of(&self, row: usize) -> f64 {
        let class = if self.classes.is_empty() { 1.0 } else { self.classes[self.labels[row]] };
        self.sample(row) * class
    }

    /// Returns the sum of the weights of rows.
    pub(super) fn of_all(&self, rows: &[usize]) -> f64 {
        if self.is_uniform() { rows.len() as f64 } else { rows.iter().map(|&row| self.of(row)).sum() }
    }

    /// Returns one over the sum of the weights of rows. It is 0 if the sum is 0, so that these rows do not contribute,
    /// and NaN if the sum is not finite.
    pub(super) fn share(&self, rows: &[usize]) -> f64 {
        match self.of_all(rows) {
            0.0 => 0.0,
            sum if sum.is_finite() => 1.0 / sum,
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Classes, Dataset, MultiLabel};

    fn data(weights: [f64; 6]) -> Dataset<Classes<4>> {
        let targets = Classes::new(vec![0, 0, 0, 1, 3, 2]).expect("labels");
        Dataset::new([[0.0]; 6], targets).and_then(|data| data.with_weights(weights)).expect("data")
    }

    /// scikit-learn's `compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 1])` is [2/3, 2], also with
    /// `sample_weight=[1, 2, 0, 1]`.
    #[test]
    fn classes_are_balanced_on_the_training_rows() {
        let balanced = Train::default().class_weight(ClassWeight::Balanced);
        let data = data([1.0, 2.0, 0.0, 1.0, 9.0, 9.0]);
        let of = |recipe: &Train, rows: &[usize]| RowWeights::new(&Fit::new(&data, rows), recipe).of_classes(4);
        assert_eq!(of(&balanced, &[0, 1, 2, 3]), [2.0 / 3.0, 2.0, 0.0, 0.0]);
        assert_eq!(of(&balanced.clone().sample_weights(true), &[0, 1, 2, 3]), [2.0 / 3.0, 2.0, 0.0, 0.0]);
        assert_eq!(of(&balanced, &[0, 3, 4, 5]), [1.0; 4]);
        assert_eq!(of(&Train::default(), &[0, 1]), [1.0; 4]);
    }

    #[test]
    fn yes_and_no_are_balanced_where_there_are_both() {
        let flags = [[true, true, false], [false, true, false], [false, true, true], [false, true, false]];
        let targets = MultiLabel::new(flags).expect("flags");
        let data = Dataset::new([[0.0]; 4], targets).and_then(|data| data.with_weights([2.0, 1.0, 1.0, 0.0]));
        let data = data.expect("data");
        let of = |recipe: &Train, rows: &[usize]| {
            let view = Fit::new(&data, rows);
            RowWeights::new(&view, recipe).pos_weights(&view, &PosWeight::Balanced)
        };
        assert_eq!(of(&Train::default(), &[0, 1, 2, 3]), [3.0, 1.0, 3.0]);
        assert_eq!(of(&Train::default(), &[0, 1]), [1.0; 3]);
        assert_eq!(of(&Train::default().sample_weights(true), &[0, 1, 2, 3]), [1.0, 1.0, 3.0]);
    }
}
