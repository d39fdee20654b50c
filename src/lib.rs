//! Typed hyperparameter search for neural networks: one struct is the network and its search space.

pub use dropgrid_core::nn::{TakesInput, Tunable};
pub use dropgrid_core::{
    Error, Failure, Result, data, error, metric, model, nn, phase, recipe, record, report, search, seed, space, split,
    strategy, train,
};
pub use dropgrid_macros::searchable;

pub mod prelude;

/// What the code of `#[searchable]` is written in. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use dfdx::{
        nn::{
            Module, ModuleMut,
            tensor_collection::{ModuleVisitor, TensorCollection},
        },
        shapes::{Dtype, Rank1, Shape},
        tensor::{NoneTape, OwnedTape, Tensor},
        tensor_ops::Device,
    };
    pub use dropgrid_core::{
        Result,
        model::{Built, Missing, Model, OutputOf, Visitor, Weights, Width, compiled},
        nn::{End, InputShape, Seq, TakesInput, Tunable},
        recipe::Train,
        search::Search,
        seed::Seed,
        space::{Axis, AxisInfo, Iter, Params, Space},
        strategy::Strategy,
    };
    pub use serde;
    pub use std::vec::Vec;

    /// Gives a grid's value the type of its axis, so that a wrong one is an error at the value.
    pub const fn value<T: Copy>(value: T) -> T {
        value
    }
}
