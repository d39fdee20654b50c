//! The fields at the head of the network that take columns of the data.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Type, spanned::Spanned};

use super::{
    Names, Part, gates,
    generics::{architectures, args_at, type_at},
    told::{OF_COLUMNS, OF_ROWS, told},
};
use crate::model::{ColumnName, Columns, Field, Model, plain};

/// The constants of the columns: their number, and for each field their positions.
pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let core = &names.core;
    if model.column_fields().next().is_none() {
        return Part { items: TokenStream::new(), impls: plain_rows(model, names) };
    }
    let (width, named) = (width(), model.column_names());
    let count = named.len();
    let rest = rest(model, core, &vec![0; model.choices.len()], names);
    let positions = model.column_fields().enumerate().map(|(at, (_, columns))| {
        let ident = positions(at);
        let places = columns.names.iter().map(|name| {
            let text = name.text();
            named.iter().position(|other| *other == text)
        });
        let places: Vec<usize> = places.flatten().collect();
        let named = places.len();
        if columns.rest {
            quote!(const #ident: [usize; #named + #width - #count] = #core::positions(&[#(#places),*], #count);)
        } else {
            quote!(const #ident: [usize; #named] = [#(#places),*];)
        }
    });
    let checks = checks(model, names);
    let impls = quote! {
        const #width: usize = #count + #rest;
        #(#positions)*
        #(#checks)*
    };
    Part { items: TokenStream::new(), impls }
}

/// The layer that holds the origins of the columns: its field, its parameter among the layers' types, and its type.
pub(super) struct Origins {
    pub(super) field: Ident,
    pub(super) param: Ident,
    pub(super) layer: TokenStream,
}

impl Origins {
    /// `None` for a model whose fields take no columns.
    pub(super) fn of(model: &Model, names: &Names) -> Option<Self> {
        model.column_fields().next()?;
        let (path, count) = (&names.path, model.column_names().len());
        // In the scope of the struct, where the constants of the columns are not.
        let rest = rest(model, path, &vec![0; model.choices.len()], names);
        let layer = quote!(#path::Origins<{ #count + #rest }>);
        Some(Self { field: names.free("origins"), param: names.free("O"), layer })
    }
}

/// The name of the constant with the number of columns.
pub(super) fn width() -> Ident {
    format_ident!("__COLUMNS")
}

/// The name of the constant with the positions of the columns of a field, which is the one `at` this place.
pub(super) fn positions(at: usize) -> Ident {
    format_ident!("__COLUMNS_{}", at)
}

/// The number of columns that no field names.
fn rest(model: &Model, core: &impl ToTokens, at: &[usize], names: &Names) -> TokenStream {
    let field = model.column_fields().find(|(_, columns)| columns.rest);
    field.map_or_else(
        || quote!(0),
        |(field, columns)| {
            let (ty, named) = (gates::layer(model, &type_at(model, &field.ty, at), core, names), columns.names.len());
            quote!((#core::columns_of::<#ty>() - #named))
        },
    )
}

/// The sum of what the fields make of a row, in one architecture.
pub(super) fn sum(model: &Model, names: &Names, at: &[usize]) -> TokenStream {
    let core = &names.core;
    let widths = model.column_fields().map(|(field, _)| {
        let ty = gates::layer(model, &type_at(model, &field.ty, at), core, names);
        quote!(#core::width_of::<#ty>())
    });
    quote!({ #(#widths)+* })
}

/// Constants that compile where each field takes as many columns as it names, of kinds that its layers take.
fn checks(model: &Model, names: &Names) -> Vec<TokenStream> {
    let core = &names.core;
    let mut seen = std::collections::HashSet::new();
    let mut checks = Vec::new();
    for at in architectures(model) {
        for (number, (field, columns)) in model.column_fields().enumerate() {
            let ty = gates::layer(model, &type_at(model, &field.ty, &at), core, names);
            checks.push(counted(field, number, &ty, names));
            if let Some(rows) = &model.options.rows {
                for (place, name) in columns.names.iter().enumerate() {
                    checks.push(fits(name, place, &ty, rows, core));
                }
            }
        }
    }
    checks.retain(|check| seen.insert(check.to_string()));
    if let Some(rows) = &model.options.rows {
        let width = width();
        checks.push(told(&quote!(#core::check_width::<#rows>(#width)), &OF_ROWS, None, core, rows.span()));
        if let Some((field, columns)) = model.column_fields().find(|(_, columns)| columns.rest) {
            let (named, before) = (model.column_names(), columns.names.len());
            for at in architectures(model) {
                let ty = gates::layer(model, &type_at(model, &field.ty, &at), core, names);
                let check = quote!(#core::check_rest::<#rows, #ty>(&[#(#named),*], #before));
                let check = told(&check, &OF_COLUMNS, None, core, field.ty.span());
                if seen.insert(check.to_string()) {
                    checks.push(check);
                }
            }
        }
    }
    checks
}

/// A constant that compiles where the layers of a field take as many columns as it names.
fn counted(field: &Field, number: usize, ty: &TokenStream, names: &Names) -> TokenStream {
    let core = &names.core;
    let positions = positions(number);
    let fault = quote!(#core::check_count::<#ty>(#positions.len()));
    told(&fault, &["AsManyColumns"], Some(&names.marker(&field.name)), core, field.ty.span())
}

/// A constant that compiles where the layers of a field take cells of the kind that a column of the row has.
fn fits(name: &ColumnName, place: usize, ty: &TokenStream, rows: &Type, core: &Ident) -> TokenStream {
    let text = name.text();
    told(&quote!(#core::check_column::<#rows, #ty>(#text, #place)), &OF_COLUMNS, None, core, name.span())
}

/// A constant that compiles where rows are numbers, as many as the network takes, for a model whose fields name no
/// columns.
fn plain_rows(model: &Model, names: &Names) -> TokenStream {
    let (Some(rows), Some(first)) = (&model.options.rows, model.layers().next()) else { return TokenStream::new() };
    let (core, net, ty) = (&names.core, &names.net, &first.ty);
    let mut checks = told(&quote!(#core::check_numbers::<#rows>()), &OF_ROWS, None, core, ty.span());
    if names.rest.params.is_empty() {
        let args = args_at(model, &vec![0; model.choices.len()]);
        let net = gates::network(model, names, &quote!(#net #args));
        let width = quote!(<<#net as #core::InputShape>::Sample as #core::ConstShape>::NUMEL);
        checks.extend(told(&quote!(#core::check_width::<#rows>(#width)), &OF_ROWS, None, core, ty.span()));
    }
    checks
}

/// The type of a row of the model's data, and its columns, as items of its trait.
pub(super) fn of_model(model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let row = match &model.options.rows {
        Some(rows) => quote!(type Row = #rows;),
        None => quote!(type Row = #core::AnyRow;),
    };
    if model.column_fields().next().is_none() {
        return row;
    }
    let mut seen = std::collections::HashSet::new();
    let fields = architectures(model).flat_map(|at| {
        let one = |(number, (field, _)): (usize, (&Field, &Columns))| {
            let (positions, name) = (positions(number), plain(&field.name));
            let ty = gates::layer(model, &type_at(model, &field.ty, &at), core, names);
            quote!(#core::ColumnField::of::<#ty>(#name, &#positions))
        };
        model.column_fields().enumerate().map(one).collect::<Vec<_>>()
    });
    let fields: Vec<TokenStream> = fields.filter(|field| seen.insert(field.to_string())).collect();
    let columns = model.column_names().into_iter().map(|name| match &model.options.rows {
        Some(rows) => quote!(#core::column_name::<#rows>(#name)),
        None => quote!(#name),
    });
    quote! {
        #row
        const COLUMNS: ::core::option::Option<#core::ModelColumns> = ::core::option::Option::Some(#core::ModelColumns {
            names: &[#(#columns),*],
            fields: &[#(#fields),*],
        });
    }
}
