//! The results of a study's file.

use super::{ErrorScore, Results};
use crate::{
    record::{FoldInfo, MetricInfo},
    study::{Archive, Untyped},
};

impl Results<Untyped> {
    /// The results of the candidates of a study that are done on all folds, in the order of their values. There are as
    /// many `metrics` as the study has; their names and directions may be known better than the study tells.
    ///
    /// Where the study does not say what folds weigh and failed fits count as, folds weigh the same and failed fits are
    /// no number.
    ///
    /// # Panics
    /// Where there are more or fewer metrics than the study has.
    pub fn of_study(study: &Archive, metrics: Vec<MetricInfo>) -> Self {
        assert_eq!(metrics.len(), study.metrics().len(), "not one info a metric");
        let count = study.folds();
        let unknown = || vec![FoldInfo { train: 0, test: 0, weight: 1.0 }; count];
        let folds = study.legend().map_or_else(unknown, |legend| legend.folds.clone());
        let error_score = study.legend().and_then(|legend| legend.error_score);
        let candidates = study.tried().iter().filter(|tried| study.is_done(tried)).map(|tried| {
            // Folds of an earlier, larger search stay in the file.
            (tried.params.clone(), tried.records.iter().take(count).cloned().collect())
        });
        Self::new(candidates, metrics, folds, error_score.map_or(ErrorScore::Nan, ErrorScore::Value))
    }
}
