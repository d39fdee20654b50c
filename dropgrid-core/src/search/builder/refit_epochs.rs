//! The number of epochs of the winner's training on all rows.

use crate::{model::Model, record::Record, search::Search};

/// The number of epochs for which [`fit`](Search::fit) trains the winner on all rows, if its fits on the folds ended
/// early: by [early stopping](crate::recipe::EarlyStopping) or by a [rule](Search::stop_when).
///
/// If the folds were trained for a fixed number of epochs, the training on all rows has the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RefitEpochs {
    /// The rounded mean of the epochs of the networks that were scored on the folds. The training uses every row and
    /// sets none aside for validation. A schedule runs as it did on the folds, so a schedule that is spread over the
    /// recipe's epochs stops before its end.
    ///
    /// A [plateau schedule](crate::recipe::Schedule::reduce_on_plateau) needs a validation score. With it, rows are set
    /// aside here too.
    #[default]
    MeanOfFolds,
    /// Early stopping or a rule decides again. Rows are set aside for validation, as on the folds.
    StopAgain,
}

impl RefitEpochs {
    /// Returns the number of epochs for a candidate with these records. `None` means that early stopping or a rule
    /// decides.
    pub(in crate::search) fn of(self, records: &[Record]) -> Option<usize> {
        let scored =
            || records.iter().filter_map(|record| record.details.epochs.map(|epochs| f64::from(epochs.scored)));
        match (self, scored().count()) {
            (Self::StopAgain, _) | (_, 0) => None,
            #[allow(clippy::cast_sign_loss, reason = "a mean of counts")]
            (Self::MeanOfFolds, count) => Some((scored().sum::<f64>() / count as f64).round().max(1.0) as usize),
        }
    }
}

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Sets the number of epochs of the winner's training on all rows, if its fits on the folds ended early. The
    /// default is the [mean](RefitEpochs::MeanOfFolds) of the folds.
    pub fn refit_epochs(mut self, refit_epochs: RefitEpochs) -> Self {
        self.settings.refit_epochs = refit_epochs;
        self
    }
}
