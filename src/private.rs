//! What the code of `#[searchable]` is written in. Not for use by hand: it changes without notice.

pub use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection},
    },
    shapes::{Dtype, Rank1, Shape},
    tensor::{Cpu, NoneTape, OwnedTape, Tensor},
    tensor_ops::Device,
};
pub use dropgrid_core::{
    Result,
    model::{Built, Choice, Missing, Model, OutputOf, Visit, VisitTaped, Visitor, Weights, Width, compiled},
    nn::{
        End, InputShape, Lower, Seq, Settings, TakesInput, Tunable, check_setting,
        constant::{joined, joined_len, range_or_any, text},
        has_setting,
        seam::{Gives, layer, one_shape, seam},
    },
    program::{Program, Value},
    recipe::Train,
    search::Search,
    seed::Seed,
    space::{Axis, AxisInfo, Continuous, Finite, FiniteSpace, Interval, Iter, Params, Position, Rule, RuleKind, Space},
    strategy::Strategy,
    testing,
};
pub use rand_chacha::ChaCha8Rng;
pub use serde;
pub use std::vec::Vec;

pub use crate::{
    __dropgrid_iteration as iteration, __dropgrid_modules as modules, __dropgrid_network as network,
    __dropgrid_outside as outside, __dropgrid_params as params, __dropgrid_visit as visit,
};

/// A vector of the items, where `Vec` and `From` may mean something else.
pub fn vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
    Vec::from(items)
}

/// Gives a grid's value the type of its axis, so that a wrong one is an error at the value.
pub fn value<T>(value: T) -> T {
    value
}

/// A field's name without the `r#` that lets a keyword be one.
pub fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The traits of a params struct.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_params {
    ($params:ident: $($name:expr),*) => {
        #[automatically_derived]
        impl ::core::fmt::Display for $params {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }

        #[automatically_derived]
        impl $crate::__private::Params for $params {
            const NAMES: &'static [&'static str] = &[$($name),*];
        }
    };
}

/// The traits of a network: each layer takes what the one before it gives, `Module` on batches without a tape and
/// `ModuleMut` on batches with one.
///
/// `fields` is the tuple of the fields, nested where there are more than the six that dfdx takes at once.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_network {
    (
        $layers:ident { $first_field:ident: $first:ident $(, $field:ident: $layer:ident after $before:ident)* }
        last $last:ident, fields $fields:tt
    ) => {
        #[automatically_derived]
        impl<E: $crate::__private::Dtype, D: $crate::__private::Device<E>, $first, $($layer),*>
            $crate::__private::TensorCollection<E, D> for $layers<$first, $($layer),*>
        where
            $first: $crate::__private::TensorCollection<E, D>,
            $($layer: $crate::__private::TensorCollection<E, D>,)*
        {
            type To<E2: $crate::__private::Dtype, D2: $crate::__private::Device<E2>> =
                $layers<$first::To<E2, D2>, $($layer::To<E2, D2>),*>;

            fn iter_tensors<V: $crate::__private::ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> ::core::result::Result<::core::option::Option<Self::To<V::E2, V::D2>>, V::Err> {
                $crate::__private::ModuleVisitor::visit_fields(
                    visitor,
                    $crate::__private::modules!($fields),
                    |$fields| $layers { $first_field, $($field),* },
                )
            }
        }

        #[automatically_derived]
        impl<S: $crate::__private::Shape, E: $crate::__private::Dtype, D: $crate::__private::Device<E>, $first, $($layer),*>
            $crate::__private::Module<$crate::__private::Tensor<S, E, D, $crate::__private::NoneTape>>
            for $layers<$first, $($layer),*>
        where
            $first: $crate::__private::Module<$crate::__private::Tensor<S, E, D, $crate::__private::NoneTape>>,
            $($layer: $crate::__private::Module<$before::Output, Error = $first::Error>,)*
        {
            type Output = $last::Output;
            type Error = $first::Error;

            fn try_forward(
                &self,
                input: $crate::__private::Tensor<S, E, D, $crate::__private::NoneTape>,
            ) -> ::core::result::Result<Self::Output, Self::Error> {
                let output = $crate::__private::Module::try_forward(&self.$first_field, input)?;
                $(let output = $crate::__private::Module::try_forward(&self.$field, output)?;)*
                ::core::result::Result::Ok(output)
            }
        }

        #[automatically_derived]
        impl<S: $crate::__private::Shape, E: $crate::__private::Dtype, D: $crate::__private::Device<E>, $first, $($layer),*>
            $crate::__private::ModuleMut<$crate::__private::Tensor<S, E, D, $crate::__private::OwnedTape<E, D>>>
            for $layers<$first, $($layer),*>
        where
            $first: $crate::__private::ModuleMut<$crate::__private::Tensor<S, E, D, $crate::__private::OwnedTape<E, D>>>,
            $($layer: $crate::__private::ModuleMut<$before::Output, Error = $first::Error>,)*
        {
            type Output = $last::Output;
            type Error = $first::Error;

            fn try_forward_mut(
                &mut self,
                input: $crate::__private::Tensor<S, E, D, $crate::__private::OwnedTape<E, D>>,
            ) -> ::core::result::Result<Self::Output, Self::Error> {
                let output = $crate::__private::ModuleMut::try_forward_mut(&mut self.$first_field, input)?;
                $(let output = $crate::__private::ModuleMut::try_forward_mut(&mut self.$field, output)?;)*
                ::core::result::Result::Ok(output)
            }
        }

        #[automatically_derived]
        impl<$first, $($layer),*> $crate::__private::Lower for $layers<$first, $($layer),*>
        where
            $first: $crate::__private::Lower,
            $($layer: $crate::__private::Lower,)*
        {
            fn lower(
                &self,
                program: &mut $crate::__private::Program,
                value: $crate::__private::Value,
            ) -> $crate::__private::Value {
                let value = $crate::__private::Lower::lower(&self.$first_field, program, value);
                $(let value = $crate::__private::Lower::lower(&self.$field, program, value);)*
                value
            }
        }
    };
}

/// Calls a visitor with a network: see `Visit`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_visit {
    ($model:ty, $network:ty, $visitor:expr, $build:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::VisitTaped as _;
        $crate::__private::Visit::<$network>::new().visit::<$model, _>($visitor, $build)
    }};
}

/// The fields of a network as dfdx visits them, nested as they come.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_modules {
    (($($part:tt),+)) => { ($($crate::__private::modules!($part)),+) };
    ($field:ident) => {
        <Self as $crate::__private::TensorCollection<E, D>>::module(
            $crate::__private::plain(::core::stringify!($field)),
            |it| &it.$field,
            |it| &mut it.$field,
        )
    };
}

/// What the compiler says of a value outside its range: `dropout: rate 1.2 is outside [0, 1)`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_outside {
    ($range:expr, $field:literal, $setting:expr, $text:literal) => {{
        const PARTS: [&str; 7] = [$field, ": ", $setting, " ", $text, " is outside ", $range.text];
        const MESSAGE: [u8; $crate::__private::joined_len(&PARTS)] = $crate::__private::joined(&PARTS);
        $crate::__private::text(&MESSAGE)
    }};
}

/// `for params in &space`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_iteration {
    ($space:ident) => {
        #[automatically_derived]
        impl<'space> ::core::iter::IntoIterator for &'space $space {
            type Item = <$space as $crate::__private::Space>::Params;
            type IntoIter = $crate::__private::Iter<'space, $space>;

            fn into_iter(self) -> Self::IntoIter {
                $crate::__private::FiniteSpace::iter(self)
            }
        }
    };
}
