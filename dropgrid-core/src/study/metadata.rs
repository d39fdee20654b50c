//! The metadata of a study: how its scores are read.

use std::{collections::BTreeMap, num::NonZeroU32};

use serde_json::{Value, json};

use crate::{
    metric::Direction,
    record::{Budget, FoldInfo, MetricInfo, Resource, Share},
};

/// The names and directions of the metrics, the weights of the folds, and what else it takes to read the scores of a study,
/// as the last search wrote it.
///
/// They are no part of the [identity](super::Identity): the same records can be read with other metadata, and each search
/// writes its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Metadata {
    /// The metrics, the deciding one first.
    pub metrics: Vec<MetricInfo>,
    /// The folds.
    pub folds: Vec<FoldInfo>,
    /// The score that a failed fit counts as; `None` where it counts as no number.
    pub error_score: Option<f64>,
    /// Fits that the search runs if nothing ends it; `None` where its strategy does not know.
    pub fits: Option<usize>,
    /// The epochs of whole trainings: those of the recipe, or the values of the axis `epochs`. A fit of other epochs had a
    /// part of the training only, as candidates do that a strategy drops.
    pub epochs: Vec<u32>,
}

/// Rows that a fold may have: the sum of all folds' is a number, too.
const MOST: usize = 1 << 40;

const METRICS: &str = "metrics";
const FOLDS: &str = "folds";
const ERROR_SCORE: &str = "error score";
const FITS: &str = "fits";
const EPOCHS: &str = "epochs";

impl Metadata {
    /// True of the resource of a whole training: all rows, and as many epochs as a candidate has at most.
    pub fn is_whole(&self, resource: &Resource) -> bool {
        let has_all_epochs = resource.spread.is_none_or(|spread| spread == resource.epochs);
        resource.rows == Share::ALL && has_all_epochs && self.epochs.contains(&resource.epochs)
    }

    /// The epochs of the whole training that a resource is a part of, and the part. Resources that are no part of a
    /// training of the last search are parts of trainings of their own.
    pub(crate) fn part(&self, resource: &Resource) -> (u32, Budget) {
        let Resource { rows, spread, epochs } = *resource;
        let is_listed = self.epochs.contains(&epochs);
        let above = || self.epochs.iter().copied().filter(|&whole| whole > epochs).min();
        let whole = match spread {
            Some(spread) => spread,
            None if rows != Share::ALL || is_listed => epochs,
            None => above().unwrap_or(epochs),
        };
        let part = match (self.is_whole(resource), NonZeroU32::new(epochs)) {
            (false, _) if rows != Share::ALL => Budget::Rows(rows),
            (false, Some(epochs)) => Budget::Epochs(epochs),
            _ => Budget::Full,
        };
        (whole, part)
    }

    /// The resource in words: `5 of 20 epochs` where whole trainings have 20.
    pub fn words(&self, resource: &Resource) -> String {
        let whole = if let [whole] = self.epochs[..] { Some(whole) } else { None };
        Resource { spread: resource.spread.or(whole), ..*resource }.words()
    }

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
            .map(|fold| json!({ "repeat": fold.repeat, "train": fold.train, "test": fold.test, "weight bits": fold.weight.to_bits() }))
            .collect();
        [
            (METRICS, metrics.to_string()),
            (FOLDS, folds.to_string()),
            (ERROR_SCORE, json!(self.error_score.map(f64::to_bits)).to_string()),
            (FITS, json!(self.fits).to_string()),
            (EPOCHS, json!(self.epochs).to_string()),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
    }

    /// The metadata of such names and texts; `None` where none was written like this.
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
            let repeat = u32::try_from(fold["repeat"].as_u64()?).ok()?;
            Some(FoldInfo { repeat, train: rows("train")?, test: rows("test")?, weight })
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
            epochs: serde_json::from_value(value(EPOCHS)?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_are_read_as_they_were_written() {
        let metrics = [("accuracy", Direction::Maximize), ("cost, in \"€\"", Direction::Minimize)];
        let metrics = metrics.map(|(name, direction)| MetricInfo { name: name.to_owned(), direction });
        let folds = vec![FoldInfo { repeat: 0, train: 40, test: 20, weight: 0.1 + 0.2 }];
        let metadata = Metadata {
            metrics: metrics.into(),
            folds,
            error_score: Some(f64::NEG_INFINITY),
            fits: Some(6),
            epochs: vec![5, 20],
        };
        let plain = Metadata { error_score: None, fits: None, epochs: Vec::new(), ..metadata.clone() };
        for metadata in [metadata, plain] {
            let mut written = metadata.to_rows();
            assert_eq!(Metadata::from_rows(&written), Some(metadata));
            written.insert(METRICS.to_owned(), "[{\"name\":\"accuracy\",\"direction\":\"up\"}]".to_owned());
            assert_eq!(Metadata::from_rows(&written), None);
        }
        assert_eq!(Metadata::from_rows(&BTreeMap::new()), None);
    }

    #[test]
    fn a_whole_training_has_all_rows_and_epochs() {
        let metadata = |epochs: &[u32]| Metadata {
            metrics: Vec::new(),
            folds: Vec::new(),
            error_score: None,
            fits: None,
            epochs: epochs.to_vec(),
        };
        let told = |epochs: &[u32], text: &str| {
            let resource = text.parse().expect("a resource");
            (metadata(epochs).is_whole(&resource), metadata(epochs).words(&resource))
        };
        for (epochs, text, whole, words) in [
            (&[20][..], "20", true, "20 epochs"),
            (&[20], "5", false, "5 of 20 epochs"),
            (&[20], "20/20", true, "20 epochs"),
            (&[20], "20@0.5", false, "20 epochs on 0.5 of the rows"),
            (&[5, 20], "5", true, "5 epochs"),
            (&[5, 20], "5/20", false, "5 of 20 epochs"),
            (&[5, 20], "1", false, "1 epoch"),
        ] {
            assert_eq!(told(epochs, text), (whole, words.to_owned()), "{text} of {epochs:?}");
        }
    }
}
