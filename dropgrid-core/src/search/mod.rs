//! A search from beginning to end, and what else cross-validation answers.

mod checkpoints;
mod curve;
mod fingerprint;
mod fit_fold;
mod fits;
mod hooks;
mod known;
mod lasting;
mod learning_curve;
mod ledger;
mod names;
mod nested;
mod out_of_fold;
mod pace;
mod permutation;
mod plan;
mod proposal;
mod refit_epochs;
mod retry;
mod rounds;
mod shelf;
mod ties;
mod train_sizes;
mod training;
mod tries;
mod validation_curve;

pub use learning_curve::LearningCurve;
pub use nested::{Nested, OuterFold};
pub use out_of_fold::OutOfFold;
pub use permutation::PermutationTest;
pub use refit_epochs::RefitEpochs;
pub use retry::Retry;
pub use train_sizes::TrainSizes;
pub use validation_curve::ValidationCurve;

use std::{fmt, marker::PhantomData};

use crate::{
    data::{Dataset, Truth},
    error::Result,
    hook::Hooks,
    limit::Budget,
    metric::{self, MetricOf},
    model::{Follows, Model},
    recipe::Train,
    report::{Average, Best, ErrorScore, Refit, Report},
    seed::Seed,
    split::Splitter,
    strategy::Strategy,
    study::Study,
    train::{CustomLoss, LossFor, McDropout, RecipeLoss, ScoredBy, TrainTarget, TrainTargetFor},
};

use plan::Plan;

/// A search over the candidates of `M`: folds, metrics, training recipe and seed, then [`fit`](Self::fit).
///
/// Everything that is not said has scikit-learn's or Keras' default: 5 folds, stratified where there are classes, not
/// shuffled; the metric of [`metric::Default`]; Adam at 1e-3, 10 epochs, batches of 32; one worker a core; seed 0.
///
/// | scikit-learn | here |
/// |---|---|
/// | `GridSearchCV(...).fit` | [`fit`](Self::fit) |
/// | `refit=False` | [`evaluate`](Self::evaluate) |
/// | `cross_val_score(GridSearchCV(...))` | [`nested`](Self::nested) |
/// | `cross_validate` | `M::search(Only(params)).evaluate(&data)` |
/// | `cross_val_predict` | [`cross_val_predict`](Self::cross_val_predict) of a search over
/// [`Only`](crate::strategy::Only) one |
/// | `permutation_test_score` | [`permutation_test_score`](Self::permutation_test_score), likewise |
/// | `learning_curve`, `validation_curve` | [`learning_curve`](Self::learning_curve),
/// [`validation_curve`](Self::validation_curve), likewise |
pub struct Search<M: Model, S, C = metric::Default, L = RecipeLoss> {
    space: M::Space,
    strategy: S,
    scoring: C,
    settings: Settings<M::Params>,
    loss: PhantomData<fn() -> L>,
}

/// What a search is told beside its space, strategy and metrics.
pub(crate) struct Settings<P> {
    splitter: Option<Box<dyn Splitter>>,
    recipe: Train,
    /// Passes with dropout on, where they were asked for by name.
    monte_carlo: Option<McDropout>,
    seed: Seed,
    workers: Option<usize>,
    average: Average,
    progress: bool,
    train_scores: bool,
    error_score: ErrorScore,
    refit: Box<dyn Refit<P>>,
    refit_epochs: RefitEpochs,
    hooks: Hooks,
    study: Option<Study>,
    checkpoint_every: Option<usize>,
    keep_end_states: bool,
    budget: Budget,
    retry: Retry,
}

impl<M: Model, S: Strategy<M::Space>> Search<M, S> {
    /// A search with every default.
    pub fn new(strategy: S) -> Self {
        let settings = Settings {
            splitter: None,
            recipe: Train::default(),
            monte_carlo: None,
            seed: Seed::default(),
            workers: None,
            average: Average::default(),
            progress: true,
            train_scores: false,
            error_score: ErrorScore::default(),
            refit: Box::new(Best),
            refit_epochs: RefitEpochs::default(),
            hooks: Hooks::default(),
            study: None,
            checkpoint_every: None,
            keep_end_states: false,
            budget: Budget::default(),
            retry: Retry::default(),
        };
        Self { space: M::Space::default(), strategy, scoring: metric::Default, settings, loss: PhantomData }
    }
}

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Searches `space` in place of the declared one: with axes replaced or fixed.
    pub fn space(self, space: M::Space) -> Self {
        Self { space, ..self }
    }

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

    /// The training recipe. Fields of the model under `#[train]` override its settings.
    pub fn train(mut self, recipe: Train) -> Self {
        let own_loss = self.settings.recipe.own_loss.take();
        self.settings.recipe = Train { own_loss, ..recipe };
        self
    }

    /// A loss of one's own in place of the recipe's, for targets of type `T`: on data of other targets the search does
    /// not compile. A study knows the loss by its name.
    ///
    /// The recipe's settings of losses, label smoothing and weights, are the closure's to take or to leave, and are
    /// refused beside it.
    pub fn loss<T: TrainTarget>(mut self, loss: CustomLoss<T>) -> Search<M, S, C, CustomLoss<T>> {
        self.settings.recipe.own_loss = Some(loss.into_own());
        let Self { space, strategy, scoring, settings, loss: _ } = self;
        Search { space, strategy, scoring, settings, loss: PhantomData }
    }

    /// The seed of every random draw.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Seed(seed);
        self
    }

    /// Fits side by side; the default is one a core. The results do not depend on it.
    pub fn workers(mut self, workers: usize) -> Self {
        self.settings.workers = Some(workers);
        self
    }

    /// How a candidate's scores of several folds become one.
    pub fn average(mut self, average: Average) -> Self {
        self.settings.average = average;
        self
    }

    /// Turns the progress of the search on stderr on or off; it is on by default. On a terminal it is a bar. Elsewhere, as in
    /// a log, it is a line at the start, for each new best score (at most one a second), and after a minute without a line.
    pub fn progress(mut self, progress: bool) -> Self {
        self.settings.progress = progress;
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

    /// Trains and scores every candidate that the strategy proposes on every fold, then trains the best on all rows.
    ///
    /// A fit that panics or diverges is recorded as failed and the search goes on. Where a metric is undefined on a
    /// fold, as a ROC AUC is of one class, its score is NaN, with the reason among the report's
    /// [`warnings`](crate::report::Results::warnings): the candidate's mean by that metric is NaN and ranks last, the
    /// other metrics count. That holds for the deciding metric, too, as in scikit-learn; only if it leaves no candidate
    /// at all is there an error.
    ///
    /// # Errors
    /// Before any training: those of the splitter, of the recipe and of the space,
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth), [`Error::NoWorkers`](crate::Error::NoWorkers),
    /// those of [`Metric::check`](crate::metric::Metric::check). After it:
    /// [`Error::AllFitsFailed`](crate::Error::AllFitsFailed),
    /// [`Error::NoCandidateFinished`](crate::Error::NoCandidateFinished),
    /// [`Error::UndefinedScores`](crate::Error::UndefinedScores), [`Error::FitFailed`](crate::Error::FitFailed) where
    /// the [error score](Self::error_score) says so, [`Error::Strategy`](crate::Error::Strategy),
    /// [`Error::RefitRuleFailed`](crate::Error::RefitRuleFailed), [`Error::NoSuchCandidate`](crate::Error::NoSuchCandidate)
    /// and [`Error::RefitFailed`](crate::Error::RefitFailed), which [have](crate::Error::report) the report.
    pub fn fit<T>(self, data: &Dataset<T>) -> Result<Report<M, T>>
    where
        T: TrainTargetFor<M::Output> + ScoredBy<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let (search, metrics) = self.with_metrics::<T>();
        search.plan(&metrics).fit(data)
    }

    /// Trains and scores every candidate on every fold, and trains nothing on all rows: the report has no
    /// [`fitted`](Report::fitted) model. Its best candidate is that of rank 1.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit) but for those of the training on all rows.
    pub fn evaluate<T>(self, data: &Dataset<T>) -> Result<Report<M, T, ()>>
    where
        T: TrainTargetFor<M::Output> + ScoredBy<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let (search, metrics) = self.with_metrics::<T>();
        search.plan(&metrics).evaluate(data)
    }

    /// The search without its metrics, and they made out for one kind of truth.
    fn with_metrics<T: ScoredBy<C>>(self) -> WithMetrics<M, S, T::Kind> {
        let Self { space, strategy, scoring, mut settings, loss: _ } = self;
        if let Some(McDropout(passes)) = settings.monte_carlo {
            settings.recipe.mc_samples = passes;
        }
        (Search { space, strategy, scoring: (), settings, loss: PhantomData }, T::metrics(scoring))
    }
}

/// A search, and the metrics that it had.
type WithMetrics<M, S, K> = (Search<M, S, ()>, Vec<MetricOf<K>>);

impl<M: Model, S: Strategy<M::Space>> Search<M, S, ()> {
    fn plan<'a, K: Truth>(&'a self, metrics: &'a [MetricOf<K>]) -> Plan<'a, M, S, K> {
        let (settings, study) = (&self.settings, self.settings.study.clone());
        Plan {
            space: &self.space,
            strategy: &self.strategy,
            metrics,
            settings,
            seed: settings.seed,
            study,
            outer: None,
        }
    }
}

impl<M: Model, S: fmt::Debug, C, L> fmt::Debug for Search<M, S, C, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::space::Space;

        f.debug_struct("Search")
            .field("model", &M::NAME)
            .field("axes", &self.space.axes())
            .field("strategy", &self.strategy)
            .field("splitter", &self.settings.splitter)
            .field("recipe", &self.settings.recipe)
            .field("seed", &self.settings.seed)
            .finish_non_exhaustive()
    }
}
