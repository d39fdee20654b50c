//! The traits of a network.

/// The traits of a network: each layer takes what the one before it gives, `Module` on batches without a tape and
/// `ModuleMut` on batches with one.
///
/// `fields` is the tuple of the fields, nested where there are more than the six that dfdx takes at once.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_network {
    (
        $layers:ident { $first_field:ident: $first:ident $(, $field:ident: $layer:ident after $before:ident)* }
        last $last:ident, fields $fields:tt, input $input:tt
    ) => {
        $crate::__private::input! { $layers<$first $(, $layer)*> $first $input }

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

        #[automatically_derived]
        impl<$first, $($layer),*> $crate::__private::Export for $layers<$first, $($layer),*>
        where
            $first: $crate::__private::Export,
            $($layer: $crate::__private::Export,)*
        {
            fn export(
                &self,
                graph: &mut $crate::__private::Graph,
                edge: $crate::__private::Edge,
            ) -> $crate::__private::Edge {
                let edge = $crate::__private::export_layer(
                    graph, $crate::__private::plain(::core::stringify!($first_field)), &self.$first_field, edge,
                );
                $(
                    let edge = $crate::__private::export_layer(
                        graph, $crate::__private::plain(::core::stringify!($field)), &self.$field, edge,
                    );
                )*
                edge
            }
        }

        #[automatically_derived]
        impl<$first: $crate::__private::TakesCodes, $($layer),*> $crate::__private::TakesCodes
            for $layers<$first, $($layer),*>
        {
            const CODES: usize = $first::CODES;
        }

        #[automatically_derived]
        impl<$first, $($layer),*> $crate::__private::Preprocess for $layers<$first, $($layer),*>
        where
            $first: $crate::__private::Preprocess,
            $($layer: $crate::__private::PositionIndependent,)*
        {
            fn fit_statistics(&mut self, rows: &$crate::__private::FitRows<'_>) -> $crate::__private::Result<()> {
                $crate::__private::Preprocess::fit_statistics(&mut self.$first_field, rows)
            }
        }
    };
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

/// The shape of a network's input: as stated, or read off the first layer that fixes it, given those after it.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_input {
    ($layers:ident<$($layer:ident),*> $first:ident (of $rest:ty)) => {
        #[automatically_derived]
        impl<$($layer),*> $crate::__private::InputShape for $layers<$($layer),*>
        where
            // By way of `Seq`, so that the compiler tells of the layer and not of this impl.
            $crate::__private::Seq<$first, $rest>: $crate::__private::InputShape,
        {
            type Sample = <$crate::__private::Seq<$first, $rest> as $crate::__private::InputShape>::Sample;
        }
    };
    ($layers:ident<$($layer:ident),*> $first:ident ($sample:ty)) => {
        #[automatically_derived]
        impl<$($layer),*> $crate::__private::InputShape for $layers<$($layer),*> {
            type Sample = $sample;
        }
    };
}

/// The shape of the input of a network that is a layer, given the layers after it.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_layer_input {
    ($layers:ident<$($layer:ident),*> $first:ident (of $rest:ty, $after:ident)) => {
        #[automatically_derived]
        impl<$($layer,)* $after> $crate::__private::TakesInput<$after> for $layers<$($layer),*>
        where
            $first: $crate::__private::TakesInput<$rest>,
        {
            type Sample = $first::Sample;
        }
    };
    ($layers:ident<$($layer:ident),*> $first:ident ($sample:ty, $after:ident)) => {
        #[automatically_derived]
        impl<$($layer,)* $after> $crate::__private::TakesInput<$after> for $layers<$($layer),*> {
            type Sample = $sample;
        }
    };
}
