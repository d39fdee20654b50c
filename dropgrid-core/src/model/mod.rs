//! The traits that `#[searchable]` implements, through which everything else trains a model.

mod built;
mod columns;
mod compiled;
mod describe;
mod ending;
#[cfg(feature = "onnx")]
mod exporting;
mod init;
mod nested;
mod slots;
mod types;
mod visit;

pub(crate) use built::{Head, architecture, network, tied, tied_in_words};
pub use columns::{
    AnyRow, ColumnField, DataFor, FeaturesFor, ModelColumns, RowOf, TakesColumns, check_column, check_count,
    check_numbers, check_rest, check_width, column_name, columns_of, positions, width_of,
};
pub(crate) use columns::{check as check_columns, for_model};
pub use compiled::{compiled, exists};
pub(crate) use describe::trained_parameters;
pub use describe::{Description, parameters};
pub use ending::{Ending, EndsIn, Follows, LastLayer, OtherLast, Plain, Squashes, ending};
#[cfg(feature = "onnx")]
pub(crate) use exporting::ExportNetwork;
pub use init::Init;
pub use nested::{
    BeforeStruct, CheckedInner, CheckedParams, CheckedSpace, CheckedStruct, FieldOfColumns, Nested, NoObstacle,
    ParamsOf, SearchableLayer, SearchableStruct, SearchedParameter, TrainingSetting, WithoutColumns, WithoutParameters,
    WithoutTraining,
};
pub use slots::{Choice, Chosen, NotGiven, Width};
pub(crate) use types::{has_own_layers, layers_of, short_name};
pub use visit::{Visit, VisitTaped};

use dfdx::{
    nn::{BuildOnDevice, Module, ModuleMut, tensor_collection::TensorCollection},
    shapes::Shape,
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, Tensor},
};

use crate::{
    data::batches::{BatchShape, Sample},
    error::{Failure, Result},
    nn::{InputShape, Lower},
    phase::{Evaluation, Pass, Training},
    recipe::Train,
    seed::Seed,
    space::{Params, Space},
};

/// The type of a declared layer that is built on the CPU in single precision.
#[doc(hidden)]
pub type Built<L> = <L as BuildOnDevice<Cpu, f32>>::Built;

/// The shape of one sample of output of the network `N`.
#[doc(hidden)]
pub type OutputOf<N> = <N as Network>::Output;

/// A network on the CPU with its two phases apart.
///
/// Every dfdx module that is a [`Module`] on untaped and a [`ModuleMut`] on taped batches, and whose input shape is
/// known, is one.
#[diagnostic::on_unimplemented(
    message = "the layers of this model make no network",
    label = "some field does not fit: the error at that field says why",
    note = "every field is a layer that dfdx builds on `Cpu` in `f32`, takes what the field before it gives, and is `Send` and `Sync`"
)]
pub trait Network: InputShape + TensorCollection<f32, Cpu, To<f32, Cpu> = Self> + Send + Sync + 'static {
    /// The shape of one sample of output.
    type Output: Sample;

    /// One training pass: dropout drops, gradients are recorded.
    ///
    /// # Errors
    /// [`Failure::Device`] where the device cannot allocate.
    fn train(&mut self, batch: Pass<Self::Sample, Training>) -> Result<Pass<Self::Output, Training>, Failure>;

    /// One evaluation pass: nothing drops, nothing is recorded.
    ///
    /// # Errors
    /// [`Failure::Device`] where the device cannot allocate.
    fn evaluate(&self, batch: Pass<Self::Sample, Evaluation>) -> Result<Pass<Self::Output, Evaluation>, Failure>;
}

#[diagnostic::do_not_recommend]
impl<N, I, In, Out> Network for N
where
    N: InputShape<Sample = I>
        + TensorCollection<f32, Cpu, To<f32, Cpu> = N>
        + Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>, Error = CpuError>
        + ModuleMut<
            Tensor<In, f32, Cpu, OwnedTape<f32, Cpu>>,
            Output = Tensor<Out, f32, Cpu, OwnedTape<f32, Cpu>>,
            Error = CpuError,
        > + Send
        + Sync
        + 'static,
    I: Sample<Batch = In>,
    In: Shape,
    Out: BatchShape,
{
    type Output = Out::Sample;

    fn train(&mut self, batch: Pass<I, Training>) -> Result<Pass<Self::Output, Training>, Failure> {
        self.try_forward_mut(batch.into_tensor()).map(Pass::from_tensor).map_err(device)
    }

    fn evaluate(&self, batch: Pass<I, Evaluation>) -> Result<Pass<Self::Output, Evaluation>, Failure> {
        self.try_forward(batch.into_tensor()).map(Pass::from_tensor).map_err(device)
    }
}

/// A network whose output has the shape that the model `M` declares.
#[diagnostic::on_unimplemented(
    message = "the layers of `{M}` make no network",
    label = "some field does not fit: the error at that field says why",
    note = "every field is a layer that dfdx builds on `Cpu` in `f32`, takes what the field before it gives, and is `Send` and `Sync`"
)]
#[doc(hidden)]
pub trait NetworkOf<M: Model>: Network<Output = M::Output> {}

#[diagnostic::do_not_recommend]
impl<M: Model, N: Network<Output = M::Output>> NetworkOf<M> for N {}

/// Converts an error of the device into the failure of a fit.
pub(crate) fn device(error: CpuError) -> Failure {
    let message = match error {
        CpuError::OutOfMemory => {
            "there is no memory for a tensor; a smaller network, smaller batches or fewer workers take less"
        }
        CpuError::WrongNumElements => "a tensor was given another number of values than its shape has",
    };
    Failure::Device { message: message.to_owned() }
}

/// A model declared by `#[searchable]`: a search space, and a network for each of its candidates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not searchable",
    note = "put `#[searchable]` on the struct that declares the network"
)]
pub trait Model: Sized + 'static {
    /// One candidate.
    type Params: Params;
    /// All candidates.
    type Space: Space<Params = Self::Params>;
    /// The shape of one sample of output, the same for every candidate.
    type Output: Sample;
    /// The last layer of a candidate, where that makes probabilities which a loss may make itself; else [`Plain`].
    type Last;
    /// The type of a row of the data, [`AnyRow`] where the model declares none.
    type Row;
    /// The columns that the first fields take; `None` where the network takes rows of numbers as they are.
    #[doc(hidden)]
    const COLUMNS: Option<ModelColumns> = None;
    /// The name of the struct.
    const NAME: &'static str;
    /// The struct as its author declared it; empty where no macro made the model.
    const DECLARATION: &'static str = "";
    /// The names of the fields that are layers, in the order of application.
    const LAYERS: &'static [&'static str] = &[];
    /// The settings of layers that are tied to hyperparameters, `field.setting`, in the order in which their values are
    /// [logged](Init::tied).
    const TIES: &'static [&'static str] = &[];
    /// The positions among the hyperparameters of `#[train]` fields that affect neither the network nor a training
    /// step, only when the training stops and how it is evaluated: `epochs`, `patience`. Candidates that differ in them
    /// alone share one training.
    const EVALUATION_ONLY: &'static [usize] = &[];

    /// True where a layer has a setting that no axis shows by itself, or settings that must go together. A search then
    /// builds candidates to check them.
    const CHECKED_BY_BUILDING: bool = false;

    /// The declaration of the model, and those of the searchable structs in it, each once.
    #[doc(hidden)]
    fn declarations() -> Vec<&'static str> {
        vec![Self::DECLARATION]
    }

    /// The values of the ties in searchable structs that are layers, behind the model's own among [`TIES`](Self::TIES).
    ///
    /// # Errors
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
    #[doc(hidden)]
    fn inner_ties(params: &Self::Params) -> Result<Vec<f64>> {
        let _ = params;
        Ok(Vec::new())
    }

    /// Describes the space: axes, candidates, and the parameters of each architecture.
    fn describe() -> Description {
        Description::of::<Self>(&Self::Space::default())
    }

    /// Checks, before any training, that a network of every architecture can be exported by
    /// [`Fitted::to_onnx`](crate::train::Fitted::to_onnx).
    ///
    /// # Errors
    /// [`Error::Export`](crate::Error::Export) with the layers that cannot.
    #[cfg(feature = "onnx")]
    fn exports() -> Result<()> {
        exporting::check::<Self>()
    }

    /// The recipe of a candidate: `recipe` with the candidate's own training settings.
    fn recipe(params: &Self::Params, recipe: Train) -> Train {
        let _ = params;
        recipe
    }

    /// Calls `visitor` with the network type that was compiled for the candidate's architecture.
    ///
    /// # Errors
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled) where there is none.
    fn visit<V: Visitor<Self>>(params: &Self::Params, visitor: V) -> Result<V::Value>;
}

/// A generic function of a candidate's network, whose type depends on the candidate.
pub trait Visitor<M: Model> {
    /// The result.
    type Value;

    /// Runs the function for the network type `N`. `build` makes a network.
    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value;

    /// Runs the function for a network type that dropgrid's own training step can run; by default as
    /// [`visit`](Self::visit).
    fn visit_lowered<N>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value
    where
        Self: Sized,
        N: Network<Output = M::Output> + Lower,
    {
        self.visit::<N>(build)
    }
}

/// An architecture of a model whose widths are computed from searched ones.
#[diagnostic::on_unimplemented(
    message = "this architecture is not compiled",
    label = "the struct does not list these values",
    note = "write one of the values of each axis, as the struct lists them"
)]
#[doc(hidden)]
pub trait Architecture {
    /// Its network.
    type Network;
}
