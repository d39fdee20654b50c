//! The folds and the metrics of a search, and the choice of the winner.

use crate::{
    model::Model,
    report::{Average, ErrorScore, Refit},
    search::Search,
    split::Splitter,
    strategy::Strategy,
    train::McDropout,
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// The splitter of the cross-validation.
    pub fn cv(mut self, splitter: impl Splitter + 'static) -> Self {
        self.settings.splitter = Some(Box::new(splitter));
        self
    }

    /// The metric, or a tuple of metrics of which the first decides.
    pub fn scoring<D>(self, scoring: D) -> Search<M, S, D, L> {
        let Self { space, strategy, scoring: _, settings, loss } = self;
        Search { space, strategy, scoring, settings, loss }
    }

    /// Scores the mean of so many passes with dropout on, in place of an evaluation pass: Monte-Carlo dropout
    /// ([Gal and Ghahramani 2016](https://proceedings.mlr.press/v48/gal16.html)). The results tell how far the passes are
    /// [apart](crate::report::Candidate::spreads).
    ///
    /// It is the setting [`mc_samples`](Train::mc_samples) of the recipe by another name, and goes before it; a field of the
    /// model under `#[train]` goes before both. A network with a batch normalisation, whose training pass does more than
    /// drop, is refused before any training.
    pub fn mc_scoring(mut self, dropout: McDropout) -> Self {
        self.settings.monte_carlo = Some(dropout);
        self
    }

    /// How a candidate's scores of several folds become one.
    pub fn average(mut self, average: Average) -> Self {
        self.settings.average = average;
        self
    }

    /// Scores the rows trained on, too: scikit-learn's `return_train_score`. It is off by default, since it takes time
    /// and decides nothing.
    pub fn train_scores(mut self, train_scores: bool) -> Self {
        self.settings.train_scores = train_scores;
        self
    }

    /// What a failed fit counts as: NaN, a number, or the end of the search.
    pub fn error_score(mut self, error_score: ErrorScore) -> Self {
        self.settings.error_score = error_score;
        self
    }

    /// Which candidate [`fit`](Self::fit) trains on all rows: the [`Best`], the simplest within
    /// [one standard error](crate::report::OneStandardError) or [deviation](crate::report::OneStandardDeviation) of it, or
    /// what a closure over the results says.
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
