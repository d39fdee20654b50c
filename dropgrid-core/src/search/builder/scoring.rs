//! Settings of the cross-validation: folds, metrics, and the choice of the winner.

use crate::{
    model::Model,
    report::{Average, BbcCv, ErrorScore, Refit},
    search::Search,
    split::Splitter,
    strategy::Strategy,
    train::McDropout,
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Sets the splitter of the cross-validation. The default is five folds, stratified where there are classes.
    pub fn cv(mut self, splitter: impl Splitter + 'static) -> Self {
        self.settings.splitter = Some(Box::new(splitter));
        self
    }

    /// Trains each candidate on each fold so many times, each time with other draws: initial weights, the order of batches,
    /// dropout. The default is 1.
    ///
    /// The scores of a candidate then spread for two reasons, which the results tell apart: the rows of the folds
    /// ([`fold_std`](crate::report::CandidateScores::fold_std)) and the draws of the trainings
    /// ([`seed_std`](crate::report::CandidateScores::seed_std)). Each repeat has the same folds and the same validation rows. Folds are
    /// counted through all repeats: the second repeat of five folds has folds 5 to 9. A comparison of candidates takes the
    /// mean over the repeats of each fold, since repeats are no new rows.
    ///
    /// A [study](Self::study) of fewer repeats can be [extended](crate::study::Study::extend) to more. A search with 0
    /// repeats is [`Error::Setting`](crate::Error::Setting), and one with more folds than memory holds
    /// [`SplitError::TooManySplits`](crate::error::SplitError::TooManySplits). Out-of-fold predictions need every row to be scored once, and so
    /// one repeat.
    pub fn repeats(mut self, repeats: usize) -> Self {
        self.settings.repeats = repeats;
        self
    }

    /// Sets the metric, or a tuple of metrics of which the first decides.
    pub fn scoring<D>(self, scoring: D) -> Search<M, S, D, L> {
        let Self { space, strategy, scoring: _, settings, loss } = self;
        Search { space, strategy, scoring, settings, loss }
    }

    /// Scores the mean prediction of so many passes with dropout on, in place of one evaluation pass: Monte-Carlo dropout
    /// ([Gal and Ghahramani 2016](https://proceedings.mlr.press/v48/gal16.html)). The results have the
    /// [spread](crate::report::CandidateScores::spreads) of the passes.
    ///
    /// This setting overrides the recipe's [`mc_samples`](crate::recipe::Train::mc_samples). A field of the model under `#[train]`
    /// overrides both. A network with a batch normalisation, whose training pass does more than
    /// drop, is refused before any training.
    pub fn mc_scoring(mut self, dropout: McDropout) -> Self {
        self.settings.monte_carlo = Some(dropout);
        self
    }

    /// Sets how the scores of the folds are averaged.
    pub fn average(mut self, average: Average) -> Self {
        self.settings.average = average;
        self
    }

    /// Scores the rows trained on as well: scikit-learn's `return_train_score`. It is off by default, since it takes time and
    /// decides nothing.
    pub fn train_scores(mut self, train_scores: bool) -> Self {
        self.settings.train_scores = train_scores;
        self
    }

    /// Scores the rows trained on and the validation rows after each epoch, too: the
    /// [curve](crate::record::Record::curve) of each record, and what [hooks](Self::hook) see, then have the scores of every
    /// metric. It is off by default, since an epoch takes two more passes over these rows.
    ///
    /// The scores are those of evaluation passes, with decisions at a probability of one half. One that is undefined is NaN.
    /// They change nothing else. The rows of the test part are never scored before the training ends, and validation rows
    /// are only there where the [recipe](crate::recipe::Train) watches some, as for early stopping.
    pub fn curve_scores(mut self, curve_scores: bool) -> Self {
        self.settings.curve_scores = curve_scores;
        self
    }

    /// Sets the score of a failed fit: NaN, a number, or the end of the search.
    pub fn error_score(mut self, error_score: ErrorScore) -> Self {
        self.settings.error_score = error_score;
        self
    }

    /// Corrects the best score for the choice of the best: [`Results::bbc`](crate::report::CvResults::bbc) has the score by each
    /// metric, with an interval, from a [bootstrap](BbcCv) of the out-of-fold predictions, and the report says it in one
    /// sentence. Nothing is trained for it.
    ///
    /// The search then keeps the predictions of every whole training, up to [so many bytes](BbcCv::most_bytes); a
    /// [study](Self::study) keeps them, too, with the fits that are run with this setting. It is off by default, since that
    /// takes memory. Of a strategy that leaves candidates on some folds, there is no such score: which ones it leaves cannot be
    /// chosen anew on a resample. Of one that draws candidates from a model, the choice of the best is corrected, and that of the
    /// candidates is not.
    ///
    /// Wrong settings are [`Error::Setting`](crate::Error::Setting), before any training.
    pub fn bbc_cv(mut self, bbc: BbcCv) -> Self {
        self.settings.bbc = Some(bbc);
        self
    }

    /// Sets the candidate that [`fit`](Self::fit) trains on all rows: the [`Best`](crate::report::Best), the simplest within
    /// [one standard error](crate::report::OneStandardError) or [deviation](crate::report::OneStandardDeviation) of it, or
    /// the choice of a closure over the results.
    ///
    /// ```
    /// # use dropgrid_core::report::{Refit, Results};
    /// # fn check<P>(_: impl Refit<P>) {}
    /// # check::<()>(
    /// |results: &Results<_>| results.candidates().len() - 1
    /// # )
    /// ```
    pub fn refit(mut self, refit: impl Refit<M::Params> + 'static) -> Self {
        self.settings.refit = Box::new(refit);
        self
    }
}
