//! The metadata of a study, which are needed to interpret its scores.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use dropgrid_view::{Axis, Fact};

use super::{SearchEnd, codec::from_json};
use crate::{
    error::bits,
    record::{Constraint, FoldInfo, MetricInfo},
};

/// The metrics, the folds, and whatever else is needed to interpret the scores of a study, as written by the last
/// search.
///
/// Metadata are not part of the [identity](super::Identity): the same records can be read with other metadata, and each
/// search writes its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The metrics, the deciding one first.
    pub metrics: Vec<MetricInfo>,
    /// The folds.
    pub folds: Vec<FoldInfo>,
    /// The score of a failed fit; `None` if it is NaN.
    #[serde(with = "bits")]
    pub error_score: Option<f64>,
    /// The number of fits of a search that runs to its end; `None` if its strategy does not know it.
    pub fits: Option<usize>,
    /// The number of rows of the data; `None` if it is not known. Budgets can be shares of these rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// The hyperparameters and their possible values, for plots and for exports to other programs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub axes: Vec<Axis>,
    /// The hyperparameters whose values determine the architecture of a network, for the time that is left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub architecture: Vec<String>,
    /// The number of architectures; `None` if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architectures: Option<usize>,
    /// The bounds on metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// The source of the model's declaration; `None` if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// The name of the quantity that trainings monitor; `None` if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitored: Option<String>,
    /// Facts about the last search for its page: seed, strategy, data, recipe, releases and machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// The warnings about the data of the last search, each a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The end of the last search; `None` if it has not come to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<SearchEnd>,
}

/// The largest number of rows that a fold may have. The sum over all folds then still fits an integer.
const MOST: usize = 1 << 40;

impl Metadata {
    /// Metadata of these metrics and folds, and nothing else.
    pub fn new(metrics: Vec<MetricInfo>, folds: Vec<FoldInfo>) -> Self {
        Self { metrics, folds, ..Self::default() }
    }

    /// Returns the fields as names and JSON texts.
    pub(super) fn to_rows(&self) -> BTreeMap<String, String> {
        let fields = serde_json::to_value(self).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
        fields.into_iter().map(|(name, value)| (name, value.to_string())).collect()
    }

    /// Parses metadata from names and texts; `None` if they are not valid.
    pub(super) fn from_rows(rows: &BTreeMap<String, String>) -> Option<Self> {
        let field = |(name, text): (&String, &String)| Some((name.clone(), from_json::<Value>(text)?));
        let fields: Map<String, Value> = rows.iter().map(field).collect::<Option<_>>()?;
        let metadata: Self = serde_json::from_value(fields.into()).ok()?;
        let is_counted = metadata.folds.iter().all(|fold| fold.train.max(fold.test) <= MOST);
        let folds = metadata.folds.iter().take_while(|fold| fold.repeat == 0).count();
        let mut numbered = metadata.folds.iter().enumerate();
        // Every repeat has the same number of folds.
        let are_repeats = metadata.folds.len().checked_rem(folds).unwrap_or(metadata.folds.len()) == 0
            && numbered.all(|(at, fold)| fold.repeat as usize == at / folds);
        let are_of_metrics = metadata.constraints.iter().all(|of| of.metric < metadata.metrics.len());
        // At least one metric is needed, since one of them decides.
        (are_repeats && are_of_metrics && is_counted && !metadata.metrics.is_empty()).then_some(metadata)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use dropgrid_view::Domain;

    use super::*;
    use crate::metric::Direction;

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
            rows: Some(60),
            axes: vec![Axis {
                name: "lr".to_owned(),
                domain: Domain::Range { low: 0.1 + 0.2, high: 1.0, log: true, whole: false },
            }],
            architecture: vec!["hidden".to_owned()],
            architectures: Some(3),
            constraints: vec![Constraint {
                metric: 1,
                name: "cost".to_owned(),
                lower: Bound::Unbounded,
                upper: Bound::Excluded(0.1 + 0.2),
            }],
            declaration: Some("struct Net {\n    a: \"A\",\n}".to_owned()),
            monitored: Some("validation loss".to_owned()),
            facts: vec![Fact { name: "made by".to_owned(), text: "dropgrid\n\"2 cores\"".to_owned() }],
            warnings: vec!["column `a` is constant".to_owned()],
            end: Some(SearchEnd {
                digest: "f973".to_owned(),
                seconds: 0.1 + 0.2,
                stopped: Some("asked: 3 of 6 fits are done".to_owned()),
                planned: Some(6),
                correction: Some("0.91 corrected".to_owned()),
                warnings: vec!["the training of the best on all rows failed: panicked: no \"memory\"".to_owned()],
                chosen: Some((20, "{\"dropout\":0.1}".to_owned())),
                choice: Some("Chosen on fresh repeats.".to_owned()),
            }),
        };
        let plain = Metadata {
            error_score: None,
            fits: None,
            rows: None,
            axes: Vec::new(),
            architecture: Vec::new(),
            architectures: None,
            constraints: Vec::new(),
            declaration: None,
            monitored: None,
            facts: Vec::new(),
            warnings: Vec::new(),
            end: None,
            ..metadata.clone()
        };
        for metadata in [metadata, plain] {
            let mut written = metadata.to_rows();
            assert_eq!(Metadata::from_rows(&written), Some(metadata));
            written.insert("metrics".to_owned(), "[{\"name\":\"accuracy\",\"direction\":\"up\"}]".to_owned());
            assert_eq!(Metadata::from_rows(&written), None);
        }
        assert_eq!(Metadata::from_rows(&BTreeMap::new()), None);
    }
}
