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
    model::{FeaturesFor, Init, Model, check_columns},
    phase::{check_codes, check_len},
    record::Curve,
    seed::{Purpose, Seed},
};

/// A trained network and the hyperparameters it was trained with.
///
/// It predicts by evaluation passes: dropout is off, and the same rows give the same bits. Threads may share it.
pub struct Fitted<M: Model, T> {
    pub(in crate::train) params: M::Params,
    pub(in crate::train) network: Box<dyn ErasedNetwork<M::Output>>,
    /// The layers by the names of their fields, each with its type.
    layers: Vec<String>,
    /// The names of classes or flags.
    names: Option<Arc<[String]>>,
    /// The names of the columns trained on, in order.
    columns: Option<Arc<[String]>>,
    /// The kinds of those columns; none where all are numbers.
    kinds: Option<Arc<[FeatureKind]>>,
    /// The origins of those columns, see [`Features::origins`].
    origins: Option<Arc<[f64]>>,
    /// The transform of the targets trained on.
    scaler: Option<TargetScaler>,
    threshold: f64,
    /// The number of passes with dropout on whose mean its search scores; 0 for a model from a file.
    passes: usize,
    /// The fold that it was trained on.
    fold: u32,
    /// The seed of the training, where it is known.
    seed: Option<u64>,
    /// The number of codes that its network takes, once it was asked for.
    codes: OnceLock<Option<usize>>,
    target: PhantomData<fn() -> T>,
}

/// Threads share a fitted model.
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

    /// The network, a dfdx module with its trained tensors; none where its type is not `N`.
    ///
    /// It takes cells less the [`origins`](Self::origins), and it gives targets as the
    /// [transform](crate::recipe::Train::target_transform) of the recipe makes them.
    pub fn network<N: 'static>(&self) -> Option<&N> {
        self.network.as_any().downcast_ref()
    }

    /// The scores on new data, one a metric of `scoring`, weighted where the data has weights.
    ///
    /// # Errors
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth),
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer),
    /// [`DataError::ClassNotLearned`](crate::error::DataError::ClassNotLearned), and those of the metrics.
    ///
    /// # Examples
    /// `fitted.scores((Accuracy, LogLoss), &test)?` is a vector of two numbers.
    pub fn scores(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<Vec<f64>> {
        Ok(self.measure(scoring, data)?.into_iter().map(|measured| measured.value).collect())
    }

    /// The same as [`scores`](Self::scores), each with its warnings.
    ///
    /// # Errors
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth),
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer),
    /// [`DataError::ClassNotLearned`](crate::error::DataError::ClassNotLearned), and those of the metrics.
    pub fn measure(&self, scoring: impl Scoring<T::Kind>, data: &Dataset<T>) -> Result<Vec<Measured>> {
        self.predictions(data.features())?.measure(scoring, data)
    }

    /// The predictions of an evaluation pass for all rows of `features`.
    ///
    /// Where both the training data and `features` have column names, columns are matched by name, in any order.
    ///
    /// # Errors
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth) if rows do not have the length that the
    /// network takes; [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer) if a column is missing or
    /// unknown.
    pub fn predictions(&self, features: &(impl FeaturesFor<M> + ?Sized)) -> Result<Predictions<T>> {
        let features = features.features()?;
        let rows: Vec<usize> = (0..features.len()).collect();
        Ok(self.predictions_of(self.predict_rows(&*self.matched(&features)?, &rows)?))
    }

    /// The predictions for rows of features that are [matched](Self::matched): probabilities or values, row-major, in
    /// the units of the targets.
    pub(in crate::train) fn predict_rows(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>> {
        check_len(features, self.width())?;
        Ok(predict::<T>(&*self.network, features, rows, self.scaler())?)
    }

    /// The length of a row that the network takes.
    pub(in crate::train) fn width(&self) -> usize {
        self.network.input_shape().iter().product()
    }

    /// `features` as the network takes them: columns in the order of the training data, where both have names, and
    /// cells less the origins of the training data.
    pub(in crate::train) fn matched<'a>(&self, features: &'a Features) -> Result<Cow<'a, Features>> {
        let (names, origins) = (self.columns(), self.origins());
        let matched = features.matched(LearnedColumns { names, origins, kinds: self.kinds.as_deref() })?;
        check_columns::<M>(&matched, &self.layers)?;
        if let Some(codes) = self.codes() {
            check_codes(&matched, codes)?;
        }
        Ok(matched)
    }

    /// The number of codes, where the network takes rows of codes.
    fn codes(&self) -> Option<usize> {
        *self.codes.get_or_init(|| self.network.codes())
    }

    /// The names of the columns that the model was trained on, in the order in which its network takes them; none where
    /// the data had no names.
    pub fn columns(&self) -> Option<&[String]> {
        self.columns.as_deref()
    }

    /// The origin of each column, which is subtracted in double precision before the network takes the cells; none
    /// where all are 0. See [`Features::origins`].
    pub fn origins(&self) -> Option<&[f64]> {
        self.origins.as_deref()
    }

    /// The transform of the targets trained on.
    pub(in crate::train) fn scaler(&self) -> Option<&TargetScaler> {
        self.scaler.as_ref()
    }

    /// Predictions with the names of the model's classes and its threshold.
    pub(in crate::train) fn predictions_of(&self, outputs: Vec<f64>) -> Predictions<T> {
        Predictions::new(outputs).named(self.names.clone()).above(self.threshold)
    }

    /// The columns trained on that have categories.
    fn categories(&self) -> impl Iterator<Item = &String> {
        let kinds = self.kinds.as_deref().unwrap_or_default().iter().zip(self.columns().unwrap_or_default());
        kinds.filter(|(kind, _)| **kind != FeatureKind::Number).map(|(_, name)| name)
    }

    /// The seed of the training; none where it is not known.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// The predictions that its search scores, row-major: those of an evaluation pass, or the mean of passes with
    /// dropout on.
    pub(crate) fn predict_as_scored(&self, features: &Features, rows: &[usize]) -> Result<Vec<f64>> {
        let features = &*self.matched(features)?;
        if self.passes == 0 {
            return self.predict_rows(features, rows);
        }
        let key = Seed(self.seed.unwrap_or_default()).key(Purpose::MonteCarlo).fold(self.fold);
        Ok(sample::<M, T>(&self.params, &*self.network, features, rows, (self.passes, key, self.scaler()))?.mean)
    }

    /// The scores on other data, of the predictions that its search scores.
    pub(crate) fn measure_as_scored(&self, metrics: &[MetricOf<T::Kind>], data: &Dataset<T>) -> Result<Vec<Measured>> {
        let rows: Vec<usize> = (0..data.len()).collect();
        self.predictions_of(self.predict_as_scored(data.features(), &rows)?).measure_with(metrics, data)
    }

    /// The score of the first metric of `scoring` on new data.
    ///
    /// # Errors
    /// [`DataError::InputWidth`](crate::error::DataError::InputWidth),
    /// [`DataError::ColumnsDiffer`](crate::error::DataError::ColumnsDiffer),
    /// [`DataError::ClassNotLearned`](crate::error::DataError::ClassNotLearned), and those of the metric.
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
    /// Trains, and returns the model. The `curve` has the complete epochs, also of a training that fails.
    ///
    /// # Errors
    /// Those of the training; [`Failure::NonFiniteOutput`].
    pub(crate) fn run(self, curve: &mut Curve) -> Result<Fitted<M, T>, Failure> {
        let Self { params, course, views } = self;
        let init = Init::of_fold(course.seed, course.fold, &views.fit);
        let BuiltNetwork { mut network, backend } = build_network::<M, T>(params, &init)?;
        train_epochs(&mut *network, &views, course, backend, curve, &mut ())?;
        let scaler = TargetScaler::new(course.recipe, &views.fit);
        // Scoring a fold's network finds outputs that are not finite. This network is not scored, so one row is
        // predicted.
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
