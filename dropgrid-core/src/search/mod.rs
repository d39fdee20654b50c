//! A search from beginning to end, and the other kinds of cross-validation.

mod ask_tell;
mod bound;
mod builder;
mod check_input;
mod fit;
mod fresh_run;
mod key;
mod names;
mod on_data;
mod outcome;
mod prior;
mod run;
mod states;
pub(crate) mod unit;
mod validate;
mod warnings;

pub use ask_tell::{AskTell, AskTellBuilder, TrialOutcome};
pub use builder::{MetricName, RefitEpochs};
pub use fit::Retry;
pub use on_data::SearchOn;
pub(crate) use on_data::UnitSearch;
pub(crate) use run::{NextTrainings, UnitOutcome, UnitWork};
pub use validate::{NestedCrossValidation, OutOfFoldPredictions, OuterFold, PermutationTest, ScoreCurve, TrainSizes};

use std::{fmt, marker::PhantomData};

use crate::{
    data::Truth,
    error::Result,
    hook::Hooks,
    limit::Limits,
    metric::{self, MetricOf},
    model::{DataFor, Follows, Model, for_model},
    recipe::Train,
    report::{Average, BbcCv, Best, ErrorScore, PriorResults, ProgressHook, Refit, Report},
    seed::Seed,
    split::Splitter,
    strategy::{Strategy, TypedStrategy},
    study::Study,
    train::{LossFor, McDropout, RecipeLoss, ScoringTarget, TrainTargetFor},
};

use bound::BoundSearch;
use prior::Bounds;

/// A search over the candidates of the model `M`. `M::search(strategy)` makes one. Builder methods set the folds, the
/// metrics, the recipe and other settings, in any order. [`fit`](Self::fit) runs the search.
///
/// The defaults are those of scikit-learn or Keras: 5 folds, stratified if the targets are classes and not shuffled;
/// the metric of [`metric::Default`]; Adam at 1e-3, 10 epochs, batches of 32; one worker per core; seed 0.
///
/// | scikit-learn | here |
/// |---|---|
/// | `GridSearchCV(...).fit` | [`fit`](Self::fit) |
/// | `refit=False` | [`cross_validate`](Self::cross_validate) |
/// | `cross_val_score(GridSearchCV(...))` | [`nested_cross_validate`](Self::nested_cross_validate) |
/// | `cross_validate` | `M::search(Only(params)).cross_validate(&data)` |
/// | `cross_val_predict` | [`cross_val_predict`](Self::cross_val_predict) of a search over
/// [`Only`](crate::strategy::Only) one |
/// | `permutation_test_score` | [`permutation_test_score`](Self::permutation_test_score), likewise |
/// | `learning_curve`, `validation_curve` | [`learning_curve`](Self::learning_curve),
/// [`validation_curve`](Self::validation_curve), likewise |
pub struct Search<M: Model, S, C = metric::Default, L = RecipeLoss> {
    space: M::Space,
    strategy: TypedStrategy<M::Space, S>,
    scoring: C,
    settings: Settings<M::Params>,
    loss: PhantomData<fn() -> L>,
}

/// The settings of a search, except its space, strategy and metrics.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own, by the name that its method has")]
pub(crate) struct Settings<P> {
    splitter: Option<Box<dyn Splitter>>,
    repeats: usize,
    recipe: Train,
    /// The Monte-Carlo dropout of the scoring; `None` if the builder did not set it.
    monte_carlo: Option<McDropout>,
    seed: Seed,
    workers: Option<usize>,
    average: Average,
    progress: bool,
    progress_hook: Option<ProgressHook>,
    train_scores: bool,
    curve_scores: bool,
    error_score: ErrorScore,
    /// The correction of the best score; `None` if the builder did not set it.
    bbc: Option<BbcCv>,
    refit: Box<dyn Refit<P>>,
    refit_epochs: RefitEpochs,
    hooks: Hooks,
    study: Option<Study>,
    checkpoint_every: Option<usize>,
    keep_final_checkpoints: bool,
    limits: Limits,
    retry: Retry,
    priors: Vec<PriorResults>,
    enqueued: Vec<P>,
    constraints: Vec<Bounds>,
}

impl<M: Model, S: Strategy<M::Space>> Search<M, S> {
    /// Makes a search with every setting at its default.
    pub fn new(strategy: S) -> Self {
        let settings = Settings {
            splitter: None,
            repeats: 1,
            recipe: Train::default(),
            monte_carlo: None,
            seed: Seed::default(),
            workers: None,
            average: Average::default(),
            progress: true,
            progress_hook: None,
            train_scores: false,
            curve_scores: false,
            error_score: ErrorScore::default(),
            bbc: None,
            refit: Box::new(Best),
            refit_epochs: RefitEpochs::default(),
            hooks: Hooks::default(),
            study: None,
            checkpoint_every: None,
            keep_final_checkpoints: false,
            limits: Limits::default(),
            retry: Retry::default(),
            priors: Vec::new(),
            enqueued: Vec::new(),
            constraints: Vec::new(),
        };
        let strategy = TypedStrategy::new(strategy);
        Self { space: M::Space::default(), strategy, scoring: metric::Default, settings, loss: PhantomData }
    }
}

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Trains and scores every candidate that the strategy proposes on every fold, then trains the best candidate on
    /// all rows.
    ///
    /// A fit that panics or diverges is recorded as failed, and the search continues. If a metric is undefined on a
    /// fold (a ROC AUC with one class, for example), its score is NaN, and the report's
    /// [`warnings`](crate::report::CvResults::warnings) give the reason. The candidate's mean by that metric is then
    /// NaN and ranks last. Other metrics are not affected. This also holds for the deciding metric, as in scikit-learn.
    /// Only if no candidate is left does the search fail, with an error that [has](crate::Error::report) the report. If
    /// a fold's rows leave the deciding metric undefined for any predictions, the search is refused before any
    /// training.
    ///
    /// # Errors
    /// Before any training: those of the splitter, of the recipe and of the space,
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth), [`Error::NoWorkers`](crate::Error::NoWorkers),
    /// those of [`Metric::check`](crate::metric::Metric::check). After it:
    /// [`Error::AllFitsFailed`](crate::Error::AllFitsFailed),
    /// [`Error::NoCandidateFinished`](crate::Error::NoCandidateFinished),
    /// [`Error::UndefinedScores`](crate::Error::UndefinedScores), [`Error::FitFailed`](crate::Error::FitFailed) where
    /// the [error score](Self::error_score) says so, [`Error::Strategy`](crate::Error::Strategy),
    /// [`Error::RefitRuleFailed`](crate::Error::RefitRuleFailed),
    /// [`Error::NoSuchCandidate`](crate::Error::NoSuchCandidate) and [`Error::RefitFailed`](crate::Error::RefitFailed),
    /// which [have](crate::Error::report) the report.
    pub fn fit<D, T>(self, data: &D) -> Result<Report<M, T>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let (search, metrics) = self.with_metrics::<T>();
        search.bind(&metrics).fit(data)
    }

    /// Trains and scores every candidate on every fold, without the training on all rows: the report has no
    /// [`fitted`](Report::fitted) model. Its best candidate is the one with rank 1.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit), except the errors of the training on all rows.
    pub fn cross_validate<D, T>(self, data: &D) -> Result<Report<M, T, ()>>
    where
        D: DataFor<M, Target = T>,
        T: TrainTargetFor<M::Output> + ScoringTarget<C> + Follows<M::Last>,
        L: LossFor<T>,
    {
        let data = &*for_model::<M, T>(data.dataset())?;
        let (search, metrics) = self.with_metrics::<T>();
        search.bind(&metrics).cross_validate(data)
    }

    /// Takes the metrics out of the search and binds them to the targets' kind of truth.
    fn with_metrics<T: ScoringTarget<C>>(self) -> WithMetrics<M, S, T::Kind> {
        let Self { space, strategy, scoring, mut settings, loss: _ } = self;
        if let Some(McDropout(passes)) = settings.monte_carlo {
            settings.recipe.mc_samples = passes;
        }
        settings.recipe.watches = strategy.get().watches();
        (Search { space, strategy, scoring: (), settings, loss: PhantomData }, T::metrics(scoring))
    }
}

/// A search, and the metrics that were taken out of it.
type WithMetrics<M, S, K> = (Search<M, S, ()>, Vec<MetricOf<K>>);

impl<M: Model, S> Search<M, S, ()> {
    fn bind<'a, K: Truth>(&'a self, metrics: &'a [MetricOf<K>]) -> BoundSearch<'a, M, K> {
        let (settings, study) = (&self.settings, self.settings.study.clone());
        BoundSearch {
            space: &self.space,
            strategy: self.strategy.get(),
            metrics,
            settings,
            seed: settings.seed,
            study,
            outer: None,
            fresh: None,
        }
    }
}

impl<M: Model, S, C, L> fmt::Debug for Search<M, S, C, L> {
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
