//! Everything a model and its search are written with: `use dropgrid::prelude::*;`.

pub use crate::{
    data::{Classes, Dataset, Features},
    metric::{Accuracy, LogLoss},
    model::Model,
    nn::{Dropout, builder::Linear},
    recipe::{Optimizer, Train},
    report::{Average, Report},
    searchable,
    space::{FiniteSpace, Space},
    split::{
        GroupKFold, GroupShuffleSplit, KFold, LeaveOneGroupOut, LeaveOneOut, LeavePGroupsOut, LeavePOut,
        PredefinedSplit, RepeatedKFold, RepeatedStratifiedKFold, ShuffleSplit, SklearnShuffle, SplitList,
        StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit, TimeSeriesSplit, TrainTestSplit,
    },
    strategy::{Grid, Random},
    train::Fitted,
};
pub use dfdx::nn::builders::{
    Abs, AccurateGeLU, AddInto, BatchNorm1D, BatchNorm2D, Bias2D, Cos, DropoutOneIn, Embedding, Exp, FastGeLU,
    GeneralizedResidual, LayerNorm1D, LeakyReLU, Ln, LogSoftmax, Module, ModuleMut, PReLU, PReLU1D, ReLU, Repeated,
    Reshape, Residual, Sigmoid, Sin, Softmax, SplitInto, Sqrt, Square, Tanh, UnbiasedLinear,
};
