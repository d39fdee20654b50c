//! By what the scores of a study are read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    metric::Direction,
    record::{FoldInfo, MetricInfo},
};

/// The key to the scores of a study, as the last search wrote it: names and directions of the metrics, weights of the folds,
/// and the score of a failed fit.
///
/// It is no part of the [identity](super::Identity): the same records can be read by another legend, and the last search
/// leaves its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Legend {
    /// The metrics, the deciding one first.
    pub metrics: Vec<MetricInfo>,
    /// The folds.
    pub folds: Vec<FoldInfo>,
    /// The score that a failed fit counts as; `None` where it counts as no number.
    pub error_score: Option<f64>,
    /// Fits that the search runs if nothing ends it; `None` where its strategy does not know.
    pub fits: Option<usize>,
}

/// Rows that a fold may have: the sum of all folds' is a number, too.
const MOST: usize = 1 << 40;

const METRICS: &str = "metrics";
const FOLDS: &str = "folds";
const ERROR_SCORE: &str = "error score";
const FITS: &str = "fits";

impl Legend {
    /// Names and JSON texts; numbers that must keep their bits are written as bits.
    pub(super) fn to_rows(&self) -> BTreeMap<String, String> {
        let direction = |direction| match direction {
            Direction::Maximize => "maximize",
            Direction::Minimize => "minimize",
        };
        let metrics = self.metrics.iter();
        let metrics: Value =
            metrics.map(|metric| json!({ "name": metric.name, "direction": direction(metric.direction) })).collect();
        let folds = self.folds.iter();
        let folds: Value = folds
            .map(|fold| json!({ "train": fold.train, "test": fold.test, "weight bits": fold.weight.to_bits() }))
            .collect();
        [
            (METRICS, metrics.to_string()),
            (FOLDS, folds.to_string()),
            (ERROR_SCORE, json!(self.error_score.map(f64::to_bits)).to_string()),
            (FITS, json!(self.fits).to_string()),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
    }

    /// The legend; `None` for rows that none was written as.
    pub(super) fn from_rows(rows: &BTreeMap<String, String>) -> Option<Self> {
        let value = |name| serde_json::from_str::<Value>(rows.get(name)?).ok();
        let whole = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        let metric = |metric: &Value| {
            let direction = match metric["direction"].as_str()? {
                "maximize" => Direction::Maximize,
                "minimize" => Direction::Minimize,
                _ => return None,
            };
            Some(MetricInfo { name: metric["name"].as_str()?.to_owned(), direction })
        };
        let fold = |fold: &Value| {
            let weight = f64::from_bits(fold["weight bits"].as_u64()?);
            let rows = |name: &str| whole(&fold[name]).filter(|&rows| rows <= MOST);
            Some(FoldInfo { train: rows("train")?, test: rows("test")?, weight })
        };
        let metrics: Vec<MetricInfo> = value(METRICS)?.as_array()?.iter().map(metric).collect::<Option<_>>()?;
        Some(Self {
            // One of them decides.
            metrics: Some(metrics).filter(|metrics| !metrics.is_empty())?,
            folds: value(FOLDS)?.as_array()?.iter().map(fold).collect::<Option<_>>()?,
            error_score: match value(ERROR_SCORE)? {
                Value::Null => None,
                bits => Some(f64::from_bits(bits.as_u64()?)),
            },
            fits: match value(FITS)? {
                Value::Null => None,
                fits => Some(whole(&fits)?),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_is_read_as_it_was_written() {
        let metrics = [("accuracy", Direction::Maximize), ("cost, in \"€\"", Direction::Minimize)];
        let metrics = metrics.map(|(name, direction)| MetricInfo { name: name.to_owned(), direction });
        let folds = vec![FoldInfo { train: 40, test: 20, weight: 0.1 + 0.2 }];
        let legend = Legend { metrics: metrics.into(), folds, error_score: Some(f64::NEG_INFINITY), fits: Some(6) };
        let plain = Legend { error_score: None, fits: None, ..legend.clone() };
        for legend in [legend, plain] {
            let mut written = legend.to_rows();
            assert_eq!(Legend::from_rows(&written), Some(legend));
            written.insert(METRICS.to_owned(), "[{\"name\":\"accuracy\",\"direction\":\"up\"}]".to_owned());
            assert_eq!(Legend::from_rows(&written), None);
        }
        assert_eq!(Legend::from_rows(&BTreeMap::new()), None);
    }
}
