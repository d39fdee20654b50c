//! Trained models.

mod differences;
mod header;
mod load;
mod mc_predict;
mod mc_predictions;
mod model_file;
mod plausible;
mod predict;
mod predict_csv;
mod prediction_columns;
mod predictions;
mod row_predictor;
mod save;
mod source;
#[cfg(feature = "onnx")]
mod to_onnx;

pub use mc_predictions::McPredictions;
pub use model_file::ModelFile;
pub use prediction_columns::{PredictionColumns, TextColumn};
pub use predictions::Predictions;
pub use row_predictor::RowPredictor;

use std::{
    borrow::Cow,
    fmt,
    marker::PhantomData,
    sync::{Arc, OnceLock},
};

use super::{
    course::{Course, Views},
    erased_network::ErasedNetwork,
    evaluate::{predict, sample},
    fit::train_epochs,
    loss::{TargetScaler, TrainTarget},
    network::{BuiltNetwork, build_network},
};
use crate::{
    data::{Dataset, FeatureKind, Features, LearnedColumns, Target},
    error::{Failure, Result},
    metric::{Measured, MetricOf, Scoring},
    model::{FeaturesFor, Head, Init, Model, check_columns},
    phase::{check_codes, check_len},
    record::Curve,
    seed::{Purpose, Seed},
};

/// A trained network with its hyperparameters.
///
/// Predictions are evaluation passes: dropout is off, and the same rows give the same bits. Threads may share a fitted
/// model.
pub struct Fitted<M: Model, T> {
    pub(in crate::train) params: M::Params,
    pub(in crate::train) network: Box<dyn ErasedNetwork<M::Output>>,
    /// The name and the type of each field.
    layers: Vec<String>,
    /// The names of classes or flags.
    names: Option<Arc<[String]>>,
    /// The names of the training columns, in order.
    columns: Option<Arc<[String]>>,
    /// The kinds of the training columns. `None` if all are numbers.
    kinds: Option<Arc<[FeatureKind]>>,
    /// The origins of the training columns, see [`Features::origins`].
    origins: Option<Arc<[f64]>>,
    /// The fitted transform of the targets.
    scaler: Option<TargetScaler>,
    threshold: f64,
    /// The number of passes with dropout on whose mean the search scores. It is 0 for a model from a file.
    passes: usize,
    /// The fold on which the model was trained.
    fold: u32,
    /// The seed of the training, if known.
    seed: Option<u64>,
    /// The number of codes that the network accepts, computed on first use.
    codes: OnceLock<Option<usize>>,
    target: PhantomData<fn() -> T>,
}

/// A fitted model can be shared by threads.
const _: () = {
    const fn is_shared<S: Send + Sync>() {}
    #[allow(dead_code, reason = "it is compiled, and that is all")]
    const fn fitted_is_shared<M: Model, T>() {
        is_shared::<Fitted<M, T>>();
    }
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// The hyperparameters.
    pub fn params(&self) -> &M::Params {
        &self.params
    }

    /// The network, a dfdx module with its trained tensors. `None` if its type is not `N`.
    ///
    /// Its input is the cells minus the [`origins`](Self::origins). Its output is in the units of the recipe's [target
    /// transform](crate::recipe::Train::target_transform).
    pub fn network<N: 'static>(&self) -> Option<&N> {
        self.network.as_any().downcast_ref()
    }

    /// Scores the model on new data, with one score for each metric of `scoring`. Uses the sample weights of the data.
    ///
    /// # Errors
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth),
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) or
    /// [`DataError::ClassNotLearned`](crate::error::DataError::ClassNotLearned) if the data does not match the model,
    /// and the errors of the metrics.
    ///
    /// # Examples
    /// `fitted.scores((Accuracy, LogLoss), &test)?` is a vector of two numbers.
    pub fn scores(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<Vec<f64>> {
        Ok(self.measure(scoring, data)?.into_iter().map(|measured| measured.value).collect())
    }

    /// Scores the model as [`scores`](Self::scores) does, and returns each score with its warnings.
    ///
    /// # Errors
    /// Fails with the errors of [`scores`](Self::scores).
    pub fn measure(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<Vec<Measured>> {
        self.predictions(data.features())?.measure(scoring, data)
    }

    /// Predicts all rows of `features` in an evaluation pass.
    ///
    /// If both the training data and `features` have column names, columns are matched by name, in any order.
    ///
    /// # Errors
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth) if rows do not have the length of the network's
    /// input; [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) if a column is missing or unknown.
    pub fn predictions(&self, features: &(impl FeaturesFor<M> + ?Sized)) -> Result<Predictions<T>> {
        let features = features.features()?;
        let rows: Vec<usize> = (0..features.len()).collect();
        Ok(self.predictions_of(self.predict_rows(&*self.matched(&features)?, &rows)?))
    }

    /// Predicts rows of features that are [matched](Self::matched). Returns probabilities or values, row-major, in the
    /// units of the targets.
    pub(in crate::train) fn predict_rows(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>> {
        check_len(features, self.width())?;
        Ok(predict::<T>(&*self.network, features, rows, self.scaler())?)
    }

    /// The length of the network's input.
    pub(in crate::train) fn width(&self) -> usize {
        self.network.input_shape().iter().product()
    }

    /// Prepares `features` for the network: orders columns as in the training data if both have names, and subtracts
    /// the origins of the training data.
    pub(in crate::train) fn matched<'a>(&self, features: &'a Features) -> Result<Cow<'a, Features>> {
        let (names, origins) = (self.columns(), self.origins());
        let matched = features.matched(LearnedColumns { names, origins, kinds: self.kinds.as_deref() })?;
        check_columns::<M>(&matched, &self.layers)?;
        if let Some(codes) = self.codes() {
            check_codes(&matched, codes)?;
        }
        Ok(matched)
    }

    /// The number of codes, if the network takes sequences of codes.
    fn codes(&self) -> Option<usize> {
        *self.codes.get_or_init(|| {
            let by_type = Head::of::<M>(&self.params).ok().and_then(|head| head.codes);
            by_type.or_else(|| self.network.codes())
        })
    }

    /// The names of the training columns, in the order of the network's input. `None` if the training data had no
    /// names.
    pub fn columns(&self) -> Option<&[String]> {
        self.columns.as_deref()
    }

    /// The origin of each column. It is subtracted from the cells in double precision before they enter the network.
    /// `None` if all origins are 0. See [`Features::origins`].
    pub fn origins(&self) -> Option<&[f64]> {
        self.origins.as_deref()
    }

    /// The fitted transform of the targets.
    pub(in crate::train) fn scaler(&self) -> Option<&TargetScaler> {
        self.scaler.as_ref()
    }

    /// Creates predictions with the model's class names and threshold.
    pub(in crate::train) fn predictions_of(&self, outputs: Vec<f64>) -> Predictions<T> {
        Predictions::new(outputs).named(self.names.clone()).above(self.threshold)
    }

    /// The training columns that have categories.
    fn categories(&self) -> impl Iterator<Item = &String> {
        let kinds = self.kinds.as_deref().unwrap_or_default().iter().zip(self.columns().unwrap_or_default());
        kinds.filter(|(kind, _)| **kind != FeatureKind::Number).map(|(_, name)| name)
    }

    /// The seed of the training. `None` if it is not known.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// Predicts as the search does for scoring: by an evaluation pass, or by the mean of passes with dropout on.
    /// Row-major.
    pub(crate) fn predict_as_scored(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>> {
        let features = &*self.matched(features)?;
        if self.passes == 0 {
            return self.predict_rows(features, rows);
        }
        let key = Seed(self.seed.unwrap_or_default()).key(Purpose::MonteCarlo).fold(self.fold);
        Ok(sample::<M, T>(&self.params, &*self.network, features, rows, (self.passes, key, self.scaler()))?.mean)
    }

    /// Scores the predictions of [`predict_as_scored`](Self::predict_as_scored) on other data.
    pub(crate) fn measure_as_scored(&self, metrics: &[MetricOf<T::Kind>], data: &Dataset<T>) -> Result<Vec<Measured>> {
        let rows: Vec<usize> = (0..data.len()).collect();
        self.predictions_of(self.predict_as_scored(data.features(), &rows)?).measure_with(metrics, data)
    }

    /// Scores the model on new data with the first metric of `scoring`.
    ///
    /// # Errors
    /// Fails with the errors of [`scores`](Self::scores).
    pub fn score(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<f64> {
        Ok(self.scores(scoring, data)?[0])
    }
}

impl<M: Model, T> fmt::Debug for Fitted<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fitted").field("params", &self.params).finish_non_exhaustive()
    }
}

/// Trains a candidate on the rows of `views` and keeps the network.
pub(crate) struct TrainAndKeep<'a, M: Model, T: Target> {
    pub(crate) params: &'a M::Params,
    pub(crate) course: Course<'a>,
    pub(crate) views: Views<'a, T>,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> TrainAndKeep<'_, M, T> {
    /// Trains and returns the model. `curve` receives the complete epochs, also if the training fails.
    ///
    /// # Errors
    /// Fails with the error of the training, or with [`Failure::NonFiniteOutput`].
    pub(crate) fn run(self, curve: &mut Curve) -> Result<Fitted<M, T>, Failure> {
        let Self { params, course, views } = self;
        let init = Init::of_fold(course.seed, course.fold, &views.fit);
        let BuiltNetwork { mut network, backend } = build_network::<M, T>(params, &init)?;
        train_epochs(&mut *network, &views, course, backend, curve, &mut ())?;
        let scaler = TargetScaler::new(course.recipe, &views.fit);
        // Scoring a fold would detect outputs that are not finite. This network is not scored, so one row is predicted
        // instead.
        if let Some(row) = views.fit.rows().first() {
            predict::<T>(&*network, views.fit.data().features(), &[*row], scaler.as_ref())?;
        }
        Ok(Fitted {
            params: params.clone(),
            layers: network.layers(M::LAYERS),
            network,
            names: views.fit.data().targets().names().map(Into::into),
            columns: views.fit.data().features().names().map(Into::into),
            kinds: views.fit.data().features().kinds().map(Into::into),
            origins: views.fit.data().features().origins().map(Into::into),
            scaler,
            threshold: course.recipe.threshold,
            passes: course.recipe.mc_samples,
            fold: course.fold,
            seed: Some(course.seed.0),
            codes: OnceLock::new(),
            target: PhantomData,
        })
    }
}
