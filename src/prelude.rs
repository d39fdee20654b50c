//! The types that declare a model and its search: `use dropgrid::prelude::*;`.

#[cfg(feature = "parquet")]
pub use crate::data::Parquet;
#[cfg(feature = "npy")]
pub use crate::data::{NpyArray, NpzArchive};
pub use crate::{
    Category, Row,
    data::{
        Binary, Category, Classes, Csv, Dataset, DateOrder, Features, MultiLabel, Regression, Row, Table, TypedDataset,
        Windows,
    },
    hook::{Epoch, Hook, TensorBoard},
    limit::Stop,
    metric::{
        Accuracy, AtThreshold, AveragePrecision, Averaging, BalancedAccuracy, BrierScore, CohenKappa, CustomMetric,
        D2AbsoluteError, D2Brier, D2LogLoss, D2Pinball, D2Tweedie, Direction, ExplainedVariance, F1, FBeta,
        HammingLoss, Jaccard, LogLoss, MatthewsCorrcoef, MaxError, MeanAbsoluteError, MeanAbsolutePercentageError,
        MeanGammaDeviance, MeanPinballLoss, MeanPoissonDeviance, MeanSquaredError, MeanSquaredLogError,
        MeanTweedieDeviance, MedianAbsoluteError, NegativeLikelihoodRatio, PositiveLikelihoodRatio, Precision,
        PrecisionAtRecall, R2, Recall, RecallAtPrecision, RocAuc, RootMeanSquaredError, RootMeanSquaredLogError,
        SensitivityAtSpecificity, SpecificityAtSensitivity, SubsetAccuracy, TopKAccuracy,
    },
    model::Model,
    nn::builder::*,
    recipe::{
        ClassWeight, EarlyStopping, Loss, OneCycle, Optimizer, PosWeight, ReduceOnPlateau, Schedule, TargetTransform,
        Threshold, Train,
    },
    searchable,
    space::{FiniteSpace, Space},
    split::{
        GroupKFold, GroupShuffleSplit, KFold, LeaveOneGroupOut, LeaveOneOut, LeavePGroupsOut, LeavePOut,
        PredefinedSplit, RepeatedKFold, RepeatedStratifiedKFold, ShuffleSplit, SklearnShuffle, SplitList,
        StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit, TimeSeriesSplit, TrainTestSplit, WalkForward,
    },
    train::{CustomLoss, Fitted, McDropout, PredictionColumns, TextColumn},
};
#[cfg(feature = "search")]
pub use crate::{
    report::{
        Average, BbcCv, Best, BestPosteriorMean, ErrorScore, FreshRepeats, Knee, Objective, OneStandardDeviation,
        OneStandardError, Report,
    },
    search::{AskTell, RefitEpochs, Retry, TrainSizes, TrialOutcome},
    strategy::{
        Asha, Auto, Candidates, ExactGrid, Gp, Grid, Hyperband, MedianPruner, Only, PatientPruner, PercentilePruner,
        Pruning, Race, Random, Sobol, SuccessiveHalving, ThresholdPruner, Tpe,
    },
    study::Study,
};
pub use dfdx::nn::{Module, ModuleMut};
/// The shapes of samples, for `#[searchable(input = Rank3<1, 8, 8>)]`.
pub use dfdx::shapes::{Rank1, Rank2, Rank3};
