//! Searchable structs as layers of others.

use std::marker::PhantomData;

use dfdx::{
    nn::{
        BuildOnDevice,
        modules::{Repeated, Residual},
        tensor_collection::TensorCollection,
    },
    tensor::Cpu,
};

use super::{Built, Init, Model, Squashes, built::tie_values};
use crate::{
    error::Result,
    nn::check::{Gate, Never},
};

/// A searchable struct that can be a layer of another, or a container with one in it.
#[doc(hidden)]
pub trait SearchableLayer {
    /// The struct, whose hyperparameters are searched.
    type Struct: Model;
    /// The type that is built.
    type Built: TensorCollection<f32, Cpu, To<f32, Cpu> = Self::Built>;
    /// The positions of layers that it takes in a network: those of its fields.
    const POSITIONS: u32;
    /// The code of its last layer, see [`LastLayer`](super::LastLayer).
    const ENDING: usize = 0;

    /// Builds it with these hyperparameters.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange), [`Error::LayerSettings`](crate::Error::LayerSettings).
    fn build_layer(init: &Init<'_>, params: &ParamsOf<Self>) -> Result<Self::Built>;
}

/// The hyperparameters of a searchable struct that is a layer.
#[doc(hidden)]
pub type ParamsOf<L> = <<L as SearchableLayer>::Struct as Model>::Params;

/// Implements a container of a searchable struct.
macro_rules! container {
    (
        [$($generics:tt)*] [$($bounds:tt)*] $layer:ident in $container:ty as $built:ty,
        positions $positions:expr, ending $ending:expr, |$init:ident, $params:ident| $build:expr
    ) => {
        impl<$($generics)* $($bounds)*> SearchableLayer for $container
        where
            $layer: SearchableLayer,
        {
            type Struct = $layer::Struct;
            type Built = $built;
            const POSITIONS: u32 = $positions;
            const ENDING: usize = $ending;

            fn build_layer($init: &Init<'_>, $params: &ParamsOf<Self>) -> Result<Self::Built> {
                $build
            }
        }

        impl<$($generics)* $($bounds)*> SearchableStruct for $container
        where
            $layer: SearchableStruct,
        {
            type Named = $layer::Named;
            type Obstacle = $layer::Obstacle;
            type Name = $layer::Name;
        }
    };
}

container! {
    [F] [] F in Residual<F> as Residual<F::Built>, positions F::POSITIONS, ending 0, |init, params| {
        init.part(0, "0", |init| Ok(Residual(F::build_layer(init, params)?)))
    }
}

container! {
    [F, const N: usize] [] F in Repeated<F, N> as Repeated<F::Built, N>,
    positions F::POSITIONS, ending F::ENDING, |init, params| {
        let module = |at| init.repetition(at, N, |init| F::build_layer(init, params));
        Ok(Repeated { modules: (0..N).map(module).collect::<Result<_>>()? })
    }
}

/// Implements tuples whose last layer is a searchable struct.
macro_rules! tuples {
    ($(($($before:ident $at:tt),+; $last:tt)),+) => {$(
        container! {
            [$($before: BuildOnDevice<Cpu, f32>,)+] [L] L in ($($before,)+ L) as ($(Built<$before>,)+ L::Built),
            positions $last + L::POSITIONS, ending L::ENDING, |init, params| {
                let last = |init: &Init<'_>| L::build_layer(init, params);
                Ok(($(init.layer::<$before>($at)?,)+ init.part($last, stringify!($last), last)?))
            }
        }
    )+};
}
tuples!((A 0; 1), (A 0, B 1; 2), (A 0, B 1, C 2; 3), (A 0, B 1, C 2, D 3; 4), (A 0, B 1, C 2, D 3, E 4; 5));

/// A field with a searchable struct, or a container of one, as dfdx's layer.
#[derive(Debug)]
#[doc(hidden)]
pub struct Nested<L>(PhantomData<fn() -> L>);

impl<L: SearchableLayer> BuildOnDevice<Cpu, f32> for Nested<L> {
    type Built = L::Built;
}

impl<L: SearchableLayer> Nested<L> {
    /// The positions of layers that the field takes beside its own.
    pub const MORE: u32 = L::POSITIONS - 1;

    /// The values of the ties in it, in the order of its [`Model::TIES`].
    ///
    /// # Errors
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
    pub fn ties(params: &ParamsOf<L>) -> Result<Vec<f64>> {
        tie_values::<L::Struct>(params)
    }

    /// Its declaration, and those of the structs in it.
    pub fn declarations() -> Vec<&'static str> {
        L::Struct::declarations()
    }
}

// The model it stands in ends in what it ends in.
impl<L: SearchableLayer> Squashes for Nested<L> {
    const CODE: usize = L::ENDING;
}

/// The gate before a field with a searchable struct: see `nn/check/gate.rs`.
#[doc(hidden)]
pub trait BeforeStruct<L> {
    /// `L` itself.
    type Layer;
    /// Its hyperparameters.
    type Params;
    /// Its search space.
    type Space;
    /// The struct itself.
    type Struct;
}

impl<L: SearchableLayer> BeforeStruct<L> for Gate<true> {
    type Layer = L;
    type Params = ParamsOf<L>;
    type Space = <L::Struct as Model>::Space;
    type Struct = L::Struct;
}

impl<L: Never> BeforeStruct<L> for Gate<false> {
    type Layer = L;
    type Params = L;
    type Space = L;
    type Struct = L;
}

/// The layer `L` with a searchable struct, behind the gate `G`.
#[doc(hidden)]
pub type CheckedInner<G, L> = <G as BeforeStruct<L>>::Layer;

/// The hyperparameters of the layer `L` behind the gate `G`.
#[doc(hidden)]
pub type CheckedParams<G, L> = <G as BeforeStruct<L>>::Params;

/// The search space of the layer `L` behind the gate `G`.
#[doc(hidden)]
pub type CheckedSpace<G, L> = <G as BeforeStruct<L>>::Space;

/// The struct in the layer `L` behind the gate `G`.
#[doc(hidden)]
pub type CheckedStruct<G, L> = <G as BeforeStruct<L>>::Struct;

/// A type declared by `#[searchable]`, or a container of one, and what keeps it from being a layer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `#[searchable]` struct",
    label = "`#[searchable]` on a field says that its type is one",
    note = "where the field is another layer, remove the attribute",
    note = "a searchable struct may stand in a `Residual`, in a `Repeated`, and as the last layer of a tuple"
)]
#[doc(hidden)]
pub trait SearchableStruct {
    /// The struct itself.
    type Named;
    /// [`NoObstacle`], or what the struct has that no layer can have.
    type Obstacle;
    /// The name of that.
    type Name;
}

/// A struct that can be a layer.
#[derive(Debug)]
#[doc(hidden)]
pub struct NoObstacle;

/// A struct with a setting of the training.
#[derive(Debug)]
#[doc(hidden)]
pub struct TrainingSetting;

/// A struct with a searched parameter.
#[derive(Debug)]
#[doc(hidden)]
pub struct SearchedParameter;

/// A struct with a field that takes columns of the data.
#[derive(Debug)]
#[doc(hidden)]
pub struct FieldOfColumns;

/// Defines a trait of all obstacles but one.
macro_rules! obstacles {
    ($($without:ident of $obstacle:ident but $($other:ident),+: $message:literal, $label:literal, $note:literal;)+) => {$(
        #[diagnostic::on_unimplemented(message = $message, label = $label, note = $note)]
        #[doc = $message]
        #[doc(hidden)]
        pub trait $without<Struct, Name> {
            /// Compiles where the struct has no such thing.
            fn is() {}
        }

        impl<Struct, Name> $without<Struct, Name> for NoObstacle {}
        $(impl<Struct, Name> $without<Struct, Name> for $other {})+
    )+};
}

obstacles! {
    WithoutTraining of TrainingSetting but SearchedParameter, FieldOfColumns:
        "`{Struct}` cannot be a layer: it has the training setting `{Name}`", "a layer has no training of its own",
        "declare the setting in the model that has this field, and leave it out of `{Struct}`";
    WithoutParameters of SearchedParameter but TrainingSetting, FieldOfColumns:
        "`{Struct}` cannot be a layer: it searches its parameter `{Name}`", "a layer is one architecture",
        "search the parameter in the model that has this field: declare it in `{Struct}` without a grid, and write the model's there, as in `block: Block<WIDTH>`";
    WithoutColumns of FieldOfColumns but TrainingSetting, SearchedParameter:
        "`{Struct}` cannot be a layer: its field `{Name}` takes columns of the data", "a layer does not see the data",
        "declare the fields of columns in the model that has this field";
}
