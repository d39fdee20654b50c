//! Settings of the cross-validation: folds, metrics, and the choice of the winner.

use crate::{
    model::Model,
    report::{Average, BbcCv, ErrorScore, Refit},
    search::Search,
    split::Splitter,
    train::McDropout,
};

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Sets the splitter of the cross-validation. The default is five folds, stratified if the targets are classes.
    pub fn cv(mut self, splitter: impl Splitter + 'static) -> Self {
        self.settings.splitter = Some(Box::new(splitter));
        self
    }

    /// Trains each candidate `repeats` times on each fold. Each repeat has its own random draws: initial weights, order
    /// of batches, dropout. The default is 1.
    ///
    /// The scores of a candidate then vary for two reasons, which the results separate: the rows of the folds
    /// ([`fold_std`](crate::report::CandidateScores::fold_std)) and the random draws of the trainings
    /// ([`seed_std`](crate::report::CandidateScores::seed_std)). All repeats have the same folds and the same
    /// validation rows. Folds are numbered through all repeats: the second repeat of five folds has folds 5 to 9. A
    /// comparison of candidates uses the mean over the repeats of each fold, since repeats add no new rows.
    ///
    /// A [study](Self::study) with fewer repeats can be [extended](crate::study::Study::extend) to more. A search with
    /// 0 repeats is [`Error::Setting`](crate::Error::Setting). More folds than memory can hold are
    /// [`SplitError::TooManySplits`](crate::error::SplitError::TooManySplits). Out-of-fold predictions score every row
    /// once, so they need exactly one repeat.
    pub fn repeats(mut self, repeats: usize) -> Self {
        self.settings.repeats = repeats;
        self
    }

    /// Sets the metric, or a tuple of metrics of which the first is the deciding metric.
    pub fn scoring<D>(self, scoring: D) -> Search<M, S, D, L> {
        let Self { space, strategy, scoring: _, settings, loss } = self;
        Search { space, strategy, scoring, settings, loss }
    }

    /// Scores the mean prediction of several passes with dropout on, in place of one evaluation pass: Monte-Carlo
    /// dropout ([Gal and Ghahramani 2016](https://proceedings.mlr.press/v48/gal16.html)). The results have the
    /// [spread](crate::report::CandidateScores::spreads) of the passes.
    ///
    /// This setting overrides the recipe's [`mc_samples`](crate::recipe::Train::mc_samples). A field of the model under
    /// `#[train]` overrides both. A network with batch normalisation is refused before any training, since a training
    /// pass would also change its normalisation.
    pub fn mc_scoring(mut self, dropout: McDropout) -> Self {
        self.settings.monte_carlo = Some(dropout);
        self
    }

    /// Sets how the scores of the folds are averaged.
    pub fn average(mut self, average: Average) -> Self {
        self.settings.average = average;
        self
    }

    /// Also scores the training rows, like scikit-learn's `return_train_score`. It is off by default, since it takes
    /// time and does not affect the ranking.
    pub fn train_scores(mut self, train_scores: bool) -> Self {
        self.settings.train_scores = train_scores;
        self
    }

    /// Also scores the training rows and the validation rows after each epoch. The
    /// [curve](crate::record::Record::curve) of each record, and the epochs that [hooks](Self::hook) get, then have the
    /// scores of every metric. It is off by default, since each epoch needs two more passes over these rows.
    ///
    /// The scores come from evaluation passes, with a decision threshold of one half. An undefined score is NaN. They
    /// change nothing else. The rows of the test part are never scored before the training ends. Validation rows exist
    /// only if the [recipe](crate::recipe::Train) needs them, for example for early stopping.
    pub fn curve_scores(mut self, curve_scores: bool) -> Self {
        self.settings.curve_scores = curve_scores;
        self
    }

    /// Sets the score of a failed fit: NaN, a number, or an error that ends the search.
    pub fn error_score(mut self, error_score: ErrorScore) -> Self {
        self.settings.error_score = error_score;
        self
    }

    /// Corrects the best score for the selection bias of choosing the best candidate.
    /// [`Results::bbc`](crate::report::CvResults::bbc) has the corrected score by each metric, with an interval, from a
    /// [bootstrap](BbcCv) of the out-of-fold predictions. The report states it in one sentence. Nothing more is
    /// trained.
    ///
    /// The search then keeps the predictions of every full training in memory, up to a [limit in
    /// bytes](BbcCv::most_bytes). A [study](Self::study) also stores the predictions of fits that run with this
    /// setting. It is off by default, since it takes memory. There is no corrected score with a strategy that abandons
    /// candidates after some folds, because that decision cannot be repeated on a resample. With a strategy that draws
    /// candidates from a model, the correction covers the choice of the best candidate, but not the choice of the
    /// candidates.
    ///
    /// Wrong settings are [`Error::Setting`](crate::Error::Setting), before any training.
    pub fn bbc_cv(mut self, bbc: BbcCv) -> Self {
        self.settings.bbc = Some(bbc);
        self
    }

    /// Sets how [`fit`](Self::fit) chooses the candidate that it trains on all rows: the [`Best`](crate::report::Best),
    /// the simplest within [one standard error](crate::report::OneStandardError) or
    /// [deviation](crate::report::OneStandardDeviation) of it, or the choice of a closure over the results.
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
