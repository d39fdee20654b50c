//! Summaries of out-of-fold predictions for plots.

use dropgrid_view::{CalibrationBin, Confusion, Predictions as PredictionsView, Residuals, Roc};

use super::cross_val_predict::OutOfFoldPredictions;
use crate::{
    data::{Binary, Classes, Dataset, Regression},
    record::CURVES,
    train::TrainTarget,
};

/// The number of bins of a calibration curve. All have the same width.
const BINS: usize = 10;
/// The largest number of rows whose residuals are kept. They are spread evenly over all rows.
const ROWS: usize = 2000;

/// Returns the true targets of all rows, in their order.
fn truth<T: TrainTarget>(data: &Dataset<T>) -> Vec<<T::Kind as crate::data::Truth>::Item> {
    data.targets().truth(&(0..data.len()).collect::<Vec<_>>())
}

impl<const N: usize> OutOfFoldPredictions<Classes<N>> {
    /// Returns the confusion matrix, the receiver operating characteristic of each class against all others (of at most
    /// 20 classes) and the calibration curve of the predictions, for [`Report::with_predictions`]. `data` are the
    /// predicted rows.
    ///
    /// The calibration uses the probability of each row's predicted class.
    ///
    /// [`Report::with_predictions`]: crate::report::Report::with_predictions
    pub fn view(&self, data: &Dataset<Classes<N>>) -> PredictionsView {
        let (truth, predicted) = (truth(data), self.predictions().classes());
        let probabilities = self.predictions().probabilities();
        PredictionsView {
            rows: truth.len(),
            confusion: Some(confusion(N, data.targets().names(), &truth, &predicted)),
            roc: curves(N, data.targets().names(), &truth, &probabilities),
            calibration: calibration(sure(&probabilities, &predicted, &truth)),
            ..PredictionsView::default()
        }
    }
}

impl OutOfFoldPredictions<Binary> {
    /// Returns the confusion matrix, the receiver operating characteristic and the calibration curve of the
    /// predictions, for [`Report::with_predictions`](crate::report::Report::with_predictions). `data` are the predicted
    /// rows.
    ///
    /// The calibration uses the probability of each row's predicted class.
    pub fn view(&self, data: &Dataset<Binary>) -> PredictionsView {
        let (truth, predicted) = (truth(data), self.predictions().classes());
        let probabilities = self.predictions().probabilities();
        PredictionsView {
            rows: truth.len(),
            confusion: Some(confusion(2, data.targets().names(), &truth, &predicted)),
            roc: curves(2, data.targets().names(), &truth, &probabilities),
            calibration: calibration(sure(&probabilities, &predicted, &truth)),
            ..PredictionsView::default()
        }
    }
}

impl<const M: usize> OutOfFoldPredictions<Regression<M>> {
    /// Returns the true and the predicted values of the first target, for
    /// [`Report::with_predictions`](crate::report::Report::with_predictions). `data` are the predicted rows.
    pub fn view(&self, data: &Dataset<Regression<M>>) -> PredictionsView {
        let (truth, predicted) = (truth(data), self.predictions().values());
        let firsts =
            truth.iter().copied().step_by(M.max(1)).zip(predicted.iter().filter_map(|row| row.first().copied()));
        let pairs: Vec<(f64, f64)> = firsts.collect();
        let every = pairs.len().div_ceil(ROWS).max(1);
        let (rows, points) = (pairs.len(), pairs.into_iter().step_by(every).collect());
        let residuals = Some(Residuals { target: "target".to_owned(), points });
        PredictionsView { rows, residuals, ..PredictionsView::default() }
    }
}

fn name(names: Option<&[String]>, class: usize) -> String {
    names.and_then(|names| names.get(class).cloned()).unwrap_or_else(|| class.to_string())
}

/// Computes the ROC curve of each class against all others; of two classes that of the second one alone, of more than
/// [`CURVES`] none.
fn curves(count: usize, names: Option<&[String]>, truth: &[usize], probabilities: &[impl AsRef<[f64]>]) -> Vec<Roc> {
    let classes = match count {
        2 => 1..2,
        3..=CURVES => 0..count,
        _ => 0..0,
    };
    let scored = |class: usize| {
        let rows = probabilities.iter().zip(truth);
        rows.filter_map(|(row, &truth)| Some((*row.as_ref().get(class)?, truth == class))).collect()
    };
    classes.filter_map(|class| roc(name(names, class), scored(class))).collect()
}

fn confusion(count: usize, names: Option<&[String]>, truth: &[usize], predicted: &[usize]) -> Confusion {
    let mut counts = vec![vec![0; count]; count];
    for (&truth, &predicted) in truth.iter().zip(predicted) {
        if let Some(cell) = counts.get_mut(truth).and_then(|row: &mut Vec<u64>| row.get_mut(predicted)) {
            *cell += 1;
        }
    }
    Confusion { classes: (0..count).map(|class| name(names, class)).collect(), counts }
}

/// Returns the probability of each row's predicted class, and whether the prediction was right.
fn sure<'a>(
    probabilities: &'a [impl AsRef<[f64]>],
    predicted: &'a [usize],
    truth: &'a [usize],
) -> impl Iterator<Item = (f64, bool)> + 'a {
    let row = |((row, &predicted), &truth): ((&'a _, &usize), &usize)| {
        let row: &[f64] = AsRef::as_ref(row);
        (row.get(predicted).copied().unwrap_or(f64::NAN), predicted == truth)
    };
    probabilities.iter().zip(predicted).zip(truth).map(row)
}

/// Groups the rows by their predicted probability, in bins of the same width.
fn calibration(rows: impl Iterator<Item = (f64, bool)>) -> Vec<CalibrationBin> {
    let mut sums = [(0.0, 0_usize, 0_usize); BINS];
    for (probability, is_right) in rows.filter(|(probability, _)| (0.0..=1.0).contains(probability)) {
        let bin = (0..BINS).rev().find(|&bin| probability * BINS as f64 >= bin as f64).unwrap_or(0);
        let (sum, right, rows) = sums[bin];
        sums[bin] = (sum + probability, right + usize::from(is_right), rows + 1);
    }
    let filled = sums.into_iter().filter(|&(.., rows)| rows > 0);
    let bin = |(sum, right, rows): (f64, usize, usize)| CalibrationBin {
        predicted: sum / rows as f64,
        observed: right as f64 / rows as f64,
        rows,
    };
    filled.map(bin).collect()
}

/// Computes the ROC curve of a class over all thresholds; `None` if it has all rows or none.
fn roc(class: String, mut rows: Vec<(f64, bool)>) -> Option<Roc> {
    rows.retain(|(score, _)| !score.is_nan());
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let positives = rows.iter().filter(|(_, is_positive)| *is_positive).count();
    let negatives = rows.len() - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    let (mut hits, mut alarms, mut area) = (0_usize, 0_usize, 0.0);
    let mut points = vec![(0.0, 0.0)];
    for tied in rows.chunk_by(|a, b| a.0 == b.0) {
        let before = hits;
        let new = tied.iter().filter(|(_, is_positive)| *is_positive).count();
        (hits, alarms) = (hits + new, alarms + tied.len() - new);
        // Pairs of rows with the same score count half.
        area += (tied.len() - new) as f64 * f64::midpoint(before as f64, hits as f64);
        points.push((alarms as f64 / negatives as f64, hits as f64 / positives as f64));
    }
    Some(Roc { class, points, area: area / (positives as f64 * negatives as f64), bins: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::Labels,
        record::{OutcomeSummary, Outcomes},
    };

    #[test]
    fn the_area_is_that_of_the_metric() {
        // The scores and classes are those of the example of `RocAuc`.
        let (truth, scores) = ([0, 0, 1, 1, 1, 0], [0.1, 0.4, 0.35, 0.8, 0.4, 0.4]);
        let scored = scores.into_iter().zip(truth.map(|class| class == 1)).collect();
        let roc = roc("yes".to_owned(), scored).expect("two classes");
        assert!((roc.area - 6.0 / 9.0).abs() < 1e-12, "{}", roc.area);
        assert_eq!((roc.points[0], roc.points[roc.points.len() - 1]), ((0.0, 0.0), (1.0, 1.0)));
        assert_eq!(super::roc(String::new(), vec![(0.3, true)]), None);
    }

    /// Against scikit-learn's `roc_auc_score(multi_class="ovr", average=None)` and `roc_curve`.
    #[test]
    fn curves_of_classes_are_those_of_scikit_learn() {
        let table = include_str!("../../../../tests/golden/roc.txt");
        let cases = table.lines().skip(1);
        assert_eq!(cases.clone().count(), 20);
        for case in cases {
            let (classes, rest) = case.split_once('|').expect("classes");
            let parts: Vec<Vec<f64>> = rest
                .split('|')
                .map(|part| part.split_whitespace().map(|number| number.parse().expect("a number")).collect())
                .collect();
            let [probabilities, areas, curve] = &parts[..] else { panic!("{case}") };
            let truth: Vec<usize> = classes.split_whitespace().map(|class| class.parse().expect("a class")).collect();
            let rows: Vec<&[f64]> = probabilities.chunks(areas.len()).collect();
            let found = curves(areas.len(), None, &truth, &rows);
            assert_eq!(found.len(), areas.len());
            for (class, (found, area)) in found.iter().zip(areas).enumerate() {
                assert_eq!((found.class.as_str(), found.bins), (class.to_string().as_str(), None));
                // Both sum at most a hundred terms.
                assert!((found.area - area).abs() < 1e-12, "{} and {area}: {case}", found.area);
            }
            let last = found.last().expect("a curve").points.iter().flat_map(|&(false_rate, rate)| [false_rate, rate]);
            let last: Vec<f64> = last.collect();
            assert!(last.len() == curve.len() && last.iter().zip(curve).all(|(a, b)| (a - b).abs() < 1e-12), "{case}");
            // What a record keeps of the same rows has the area to the part of them that shares a bin.
            let kept = Outcomes::of::<Labels>(&truth, probabilities, areas.len(), 0.5).and_then(|it| it.read());
            let Some(OutcomeSummary::Classes(counts)) = kept else { panic!("{case}") };
            for ([negatives, positives], area) in counts.thresholds.iter().zip(areas) {
                let (all, mut below, mut found, mut tied) = (negatives.iter().sum::<u64>(), 0, 0.0, 0.0);
                for (&negative, &positive) in negatives.iter().zip(positives) {
                    found += positive as f64 * (below as f64 + negative as f64 / 2.0);
                    tied += positive as f64 * negative as f64 / 2.0;
                    below += negative;
                }
                let pairs = all as f64 * positives.iter().sum::<u64>() as f64;
                assert!((found - area * pairs).abs() <= tied + 1e-9, "{found} of {pairs} and {area}: {case}");
            }
            assert_eq!(counts.thresholds.len(), areas.len());
        }
    }

    #[test]
    fn no_class_has_a_curve_where_there_are_too_many() {
        let rows = vec![vec![1.0 / 21.0; 21]; 2];
        assert_eq!(curves(21, None, &[0, 20], &rows), []);
        // A class without rows has none, and of two classes the second one.
        let rows = [[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]];
        let names: Vec<String> = curves(3, None, &[0, 1], &rows).into_iter().map(|roc| roc.class).collect();
        assert_eq!(names, ["0", "1"]);
        assert_eq!(curves(2, Some(&["no".to_owned(), "yes".to_owned()]), &[0, 1], &rows)[0].class, "yes");
    }

    #[test]
    fn rows_are_counted_once() {
        let counted = confusion(2, Some(&["no".to_owned()]), &[0, 0, 1, 1, 1], &[0, 1, 1, 1, 0]);
        assert_eq!(
            (counted.counts, counted.classes),
            (vec![vec![1, 1], vec![1, 2]], vec!["no".to_owned(), "1".to_owned()])
        );
        // Two confident predictions of the negative class, one of them right, are in the last bin.
        let sure: Vec<_> = sure(&[[0.9, 0.1], [0.8, 0.2]], &[0, 0], &[0, 1]).collect();
        assert_eq!(sure, [(0.9, true), (0.8, false)]);
        let bins = calibration([(0.0, false), (0.05, true), (1.0, true), (f64::NAN, true)].into_iter());
        assert_eq!(bins.iter().map(|bin| (bin.rows, bin.observed)).collect::<Vec<_>>(), [(2, 0.5), (1, 1.0)]);
    }
}
