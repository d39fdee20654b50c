//! How long the winner is trained on all rows, where its trainings decided by themselves.

use crate::{model::Model, record::Record, search::Search, strategy::Strategy};

/// How long [`fit`](Search::fit) trains the chosen candidate on all rows, where the trainings on the folds ended by
/// themselves: by [early stopping](crate::recipe::EarlyStopping) or by a [rule](Search::stop_when).
///
/// Where they had a fixed number of epochs, so has the training on all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RefitEpochs {
    /// For as many epochs as the folds' scored networks were trained, the mean of them rounded, and on every row: what
    /// the folds found out is used, and nothing is set aside. A schedule runs as it did on the folds, so one that is
    /// spread over the recipe's epochs does not get to its end.
    ///
    /// A [plateau schedule](crate::recipe::Schedule::reduce_on_plateau) has to look at something: with it, rows are set
    /// aside to be watched here too.
    #[default]
    MeanOfFolds,
    /// Until it ends by itself: rows are set aside to be watched, as on the folds, and rules are asked.
    StopAgain,
}

impl RefitEpochs {
    /// The epochs of a candidate with these records; none where its training decides.
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

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// How long the chosen candidate is trained on all rows, where the trainings on the folds ended by themselves: the
    /// [mean](RefitEpochs::MeanOfFolds) of what they came to, unless said otherwise.
    pub fn refit_epochs(mut self, refit_epochs: RefitEpochs) -> Self {
        self.settings.refit_epochs = refit_epochs;
        self
    }
}
