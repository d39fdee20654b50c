//! The out-of-fold predictions of a candidate as a picture needs them.

use dropgrid_view::{CalibrationBin, Confusion, Predictions, Residuals, Roc, SearchView};

use crate::{
    record::{Counts, OutcomeSummary},
    report::CvResults,
};

const NOT_KEPT: &str = "There are no pictures of predictions: a record keeps a summary of them where the truth is a class or \
                        numbers, and the records of the best candidate have none. \
                        `report.with_predictions(\u{2026})` gives the page those of `cross_val_predict`.";
const UNREADABLE: &str = "There are no pictures of predictions: the summaries in the records of the best candidate are of \
                          different kinds, or of another release.";

impl CvResults {
    /// Gives the view the predictions of its best candidate for the rows that the folds scored: those that were given,
    /// or what its records have of them. Where there are none, the view says why.
    pub(super) fn add_predictions(&self, view: &mut SearchView) {
        let best = view.best.map(|best| self.candidates()[best].records());
        let of_records = || {
            let told = best?.iter().map(|record| record.details.outcomes.as_ref()?.read());
            of_folds(&told.collect::<Option<Vec<OutcomeSummary>>>()?, self.classes())
        };
        view.predictions = self.provenance.predictions.clone().or_else(of_records);
        view.predictions_missing = best.filter(|_| view.predictions.is_none()).map(|records| {
            if records.iter().all(|record| record.details.outcomes.is_some()) {
                UNREADABLE.to_owned()
            } else {
                NOT_KEPT.to_owned()
            }
        });
    }
}

/// Those of all folds; `None` where these tell of different things.
fn of_folds(folds: &[OutcomeSummary], names: &[String]) -> Option<Predictions> {
    match folds.first()? {
        OutcomeSummary::Classes(first) => {
            let mut all = Counts::none(first.classes);
            for fold in folds {
                let OutcomeSummary::Classes(counts) = fold else { return None };
                (counts.classes == all.classes).then(|| all.add(counts))?;
            }
            Some(of_classes(&all, names))
        }
        OutcomeSummary::Numbers { .. } => {
            let (mut rows, mut points) = (0_usize, Vec::new());
            for fold in folds {
                let OutcomeSummary::Numbers { rows: of_fold, pairs } = fold else { return None };
                rows = rows.saturating_add(*of_fold);
                points.extend_from_slice(pairs);
            }
            let residuals = Some(Residuals { target: "target".to_owned(), points });
            Some(Predictions { rows, residuals, ..Predictions::default() })
        }
    }
}

fn of_classes(all: &Counts, names: &[String]) -> Predictions {
    let name = |class: usize| names.get(class).cloned().unwrap_or_else(|| class.to_string());
    let confusion = (!all.confusion.is_empty()).then(|| Confusion {
        classes: (0..all.classes).map(name).collect(),
        counts: all.confusion.chunks(all.classes).map(<[u64]>::to_vec).collect(),
    });
    let bin = |&(sum, right, rows): &(f64, u64, u64)| CalibrationBin {
        predicted: sum / rows as f64,
        observed: right as f64 / rows as f64,
        rows: rows as usize,
    };
    let calibration = all.calibration.iter().filter(|bin| bin.2 > 0).map(bin).collect();
    // Of two classes there is the curve of the second one alone.
    let classes = if all.classes == 2 { 1..2 } else { 0..all.classes };
    let curve = |(class, [negatives, positives]): (usize, &[Vec<u64>; 2])| roc(name(class), negatives, positives);
    let roc = classes.zip(&all.thresholds).filter_map(curve).collect();
    Predictions { rows: all.rows as usize, confusion, roc, calibration, residuals: None }
}

/// The rates at the bounds of bins of rows; `None` where the class has all rows or none.
fn roc(class: String, negatives: &[u64], positives: &[u64]) -> Option<Roc> {
    let sum = |counts: &[u64]| counts.iter().copied().fold(0, u64::saturating_add);
    let (all_negative, all_positive) = (sum(negatives), sum(positives));
    if all_negative == 0 || all_positive == 0 {
        return None;
    }
    let (mut alarms, mut hits, mut area) = (0_u64, 0_u64, 0.0);
    let mut points = vec![(0.0, 0.0)];
    let bins = negatives.iter().zip(positives).rev().filter(|(negative, positive)| **negative > 0 || **positive > 0);
    for (negative, positive) in bins {
        // Rows of one bin count half.
        area += *negative as f64 * f64::midpoint(hits as f64, hits.saturating_add(*positive) as f64);
        (alarms, hits) = (alarms.saturating_add(*negative), hits.saturating_add(*positive));
        points.push((alarms as f64 / all_negative as f64, hits as f64 / all_positive as f64));
    }
    let area = area / (all_negative as f64 * all_positive as f64);
    Some(Roc { class, points, area, bins: Some(negatives.len()) })
}
