//! The traits of a network whose first fields take columns of the data.

/// The traits of a network whose first fields, the `$column`s, take columns of the data side by side: what they give
/// follows each other in one row, which the next field takes. See `__dropgrid_network` for the others.
#[doc(hidden)]
#[macro_export]
macro_rules! __dropgrid_column_network {
    (
        $layers:ident {
            $($column:ident: $head:ident at $positions:ident),+;
            $first_field:ident: $first:ident $(, $field:ident: $layer:ident after $before:ident)*;
            $origins:ident: $origin:ident
        }
        last $last:ident, fields $fields:tt, input $width:ident, rest ($rest:ty)
    ) => {
        #[automatically_derived]
        impl<$($head,)+ $first, $($layer,)* $origin> $crate::__private::InputShape
            for $layers<$($head,)+ $first, $($layer,)* $origin>
        {
            type Sample = $crate::__private::Rank1<$width>;
        }

        #[automatically_derived]
        impl<
            E: $crate::__private::Dtype,
            D: $crate::__private::Device<E>,
            $($head: $crate::__private::TensorCollection<E, D>,)+
            $first: $crate::__private::TensorCollection<E, D>,
            $($layer: $crate::__private::TensorCollection<E, D>,)*
            $origin: $crate::__private::TensorCollection<E, D>,
        > $crate::__private::TensorCollection<E, D> for $layers<$($head,)+ $first, $($layer,)* $origin> {
            type To<E2: $crate::__private::Dtype, D2: $crate::__private::Device<E2>> = $layers<
                $($head::To<E2, D2>,)+ $first::To<E2, D2>, $($layer::To<E2, D2>,)* $origin::To<E2, D2>
            >;

            fn iter_tensors<V: $crate::__private::ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> ::core::result::Result<::core::option::Option<Self::To<V::E2, V::D2>>, V::Err> {
                $crate::__private::ModuleVisitor::visit_fields(
                    visitor,
                    $crate::__private::modules!($fields),
                    |$fields| $layers { $($column,)+ $first_field, $($field,)* $origins },
                )
            }
        }

        #[automatically_derived]
        impl<
            const N: usize,
            E: $crate::__private::Dtype,
            D: $crate::__private::Device<E>,
            $($head: $crate::__private::ColumnLayer<E, D>,)+
            $first,
            $($layer,)*
            $origin: $crate::__private::ColumnOrigins<E, D>,
        > $crate::__private::Module<$crate::__private::Batch<$width, E, D, $crate::__private::NoneTape>>
            for $layers<$($head,)+ $first, $($layer,)* $origin>
        where
            $first: $crate::__private::TakesInput<$rest, Sample = $crate::__private::Rank1<N>>
                + $crate::__private::Module<$crate::__private::Batch<N, E, D, $crate::__private::NoneTape>, Error = D::Err>,
            $($layer: $crate::__private::Module<$before::Output, Error = D::Err>,)*
        {
            type Output = $last::Output;
            type Error = D::Err;

            fn try_forward(
                &self,
                input: $crate::__private::Batch<$width, E, D, $crate::__private::NoneTape>,
            ) -> ::core::result::Result<Self::Output, Self::Error> {
                let cells = $crate::__private::CellMatrix::new(&self.$origins, &input);
                let parts = [$(cells.part(&self.$column, &$positions, $crate::__private::NoneTape)?),+];
                let output = $crate::__private::side_by_side(parts)?;
                let output = $crate::__private::Module::try_forward(&self.$first_field, output)?;
                $(let output = $crate::__private::Module::try_forward(&self.$field, output)?;)*
                ::core::result::Result::Ok(output)
            }
        }

        #[automatically_derived]
        impl<
            const N: usize,
            E: $crate::__private::Dtype,
            D: $crate::__private::Device<E>,
            $($head: $crate::__private::ColumnLayer<E, D>,)+
            $first,
            $($layer,)*
            $origin: $crate::__private::ColumnOrigins<E, D>,
        > $crate::__private::ModuleMut<$crate::__private::Batch<$width, E, D, $crate::__private::OwnedTape<E, D>>>
            for $layers<$($head,)+ $first, $($layer,)* $origin>
        where
            $first: $crate::__private::TakesInput<$rest, Sample = $crate::__private::Rank1<N>>
                + $crate::__private::ModuleMut<
                    $crate::__private::Batch<N, E, D, $crate::__private::OwnedTape<E, D>>,
                    Error = D::Err,
                >,
            $($layer: $crate::__private::ModuleMut<$before::Output, Error = D::Err>,)*
        {
            type Output = $last::Output;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: $crate::__private::Batch<$width, E, D, $crate::__private::OwnedTape<E, D>>,
            ) -> ::core::result::Result<Self::Output, Self::Error> {
                let (input, mut tape) = $crate::__private::split_tape(input);
                let cells = $crate::__private::CellMatrix::new(&self.$origins, &input);
                // The first part takes the batch's tape, the others an empty one each.
                let parts = [$(cells.part(&self.$column, &$positions, ::core::mem::take(&mut tape))?),+];
                let output = $crate::__private::side_by_side(parts)?;
                let output = $crate::__private::ModuleMut::try_forward_mut(&mut self.$first_field, output)?;
                $(let output = $crate::__private::ModuleMut::try_forward_mut(&mut self.$field, output)?;)*
                ::core::result::Result::Ok(output)
            }
        }

        #[automatically_derived]
        impl<
            $($head: $crate::__private::LowerColumns,)+
            $first: $crate::__private::Lower,
            $($layer: $crate::__private::Lower,)*
            $origin: $crate::__private::ColumnOrigins<f32, $crate::__private::Cpu>,
        > $crate::__private::Lower for $layers<$($head,)+ $first, $($layer,)* $origin> {
            fn lower(
                &self,
                program: &mut $crate::__private::Program,
                value: $crate::__private::Value,
            ) -> $crate::__private::Value {
                let origins = $crate::__private::ColumnOrigins::numbers(&self.$origins);
                let parts = [
                    $($crate::__private::lower_part(&self.$column, program, value, &$positions, &origins)),+
                ];
                let value = program.concat(&parts);
                let value = $crate::__private::Lower::lower(&self.$first_field, program, value);
                $(let value = $crate::__private::Lower::lower(&self.$field, program, value);)*
                value
            }
        }

        #[automatically_derived]
        impl<
            $($head: $crate::__private::LowerColumns,)+
            $first: $crate::__private::Export,
            $($layer: $crate::__private::Export,)*
            $origin: $crate::__private::ColumnOrigins<f32, $crate::__private::Cpu>,
        > $crate::__private::Export for $layers<$($head,)+ $first, $($layer,)* $origin> {
            fn export(
                &self,
                graph: &mut $crate::__private::Graph,
                edge: $crate::__private::Edge,
            ) -> $crate::__private::Edge {
                let cells = $crate::__private::export_cells(graph, edge, &self.$origins);
                let parts = [$(
                    $crate::__private::export_part(
                        graph, $crate::__private::plain(::core::stringify!($column)), &self.$column, cells, &$positions,
                    )
                ),+];
                let edge = graph.concat(&parts);
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
        impl<
            $($head: $crate::__private::ColumnLayer<f32, $crate::__private::Cpu>,)+
            $first: $crate::__private::PositionIndependent,
            $($layer: $crate::__private::PositionIndependent,)*
            $origin: $crate::__private::ColumnOrigins<f32, $crate::__private::Cpu>,
        > $crate::__private::Preprocess for $layers<$($head,)+ $first, $($layer,)* $origin> {
            fn fit_statistics(&mut self, rows: &$crate::__private::FitRows<'_>) -> $crate::__private::Result<()> {
                $crate::__private::ColumnOrigins::set(&mut self.$origins, rows);
                $($crate::__private::fit_part(&mut self.$column, rows, &$positions)?;)+
                ::core::result::Result::Ok(())
            }
        }
    };
}
