//! From tokens to a [`Model`].

mod attributes;
mod field;
mod generics;
mod misread;
mod options;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Fields, Item, ItemStruct,
    parse::{ParseStream, Parser},
    parse_quote_spanned,
    spanned::Spanned,
};

use crate::{
    errors::Errors,
    expand::of_span,
    model::{Field, Model},
    named_width, source, ungroup,
};

/// The parts of the struct that could be read, and the errors of the rest.
pub(crate) fn model(args: TokenStream, item: TokenStream) -> syn::Result<(Model, Errors)> {
    let mut errors = Errors::default();
    let tokens = quote!(#args #item);
    let mut faults = Errors::default();
    let written_args = args.clone();
    let options = errors.take((|input: ParseStream<'_>| options::parse(input, &mut faults)).parse2(args));
    errors.extend(faults);
    let mut item = structure(syn::parse2(item.clone()).map_err(|error| misread::advised(item, error))?)?;
    let source = source::source(&written_args, &item);
    ungroup::item(&mut item);
    let ItemStruct { attrs, vis, ident: name, generics: mut declared, fields, .. } = item;

    let choices = generics::choices(&mut declared, &mut errors);
    generics::unconditional(&declared, &choices, &mut errors);
    let options = options.unwrap_or_default();
    let path = options.dropgrid();
    let fields = fields.into_iter().filter_map(|it| field::parse(it, &mut errors)).map(|field| layer(field, &path));
    let fields = fields.collect();
    let named_widths = Vec::new();
    let mut model =
        Model { attrs, vis, name, generics: declared, choices, fields, options, named_widths, source, tokens };
    model.named_widths = named_width::replace(&mut model);
    Ok((model, errors))
}

/// The field, whose type is a layer: of a searchable struct, the layer that has it.
fn layer(mut field: Field, path: &TokenStream) -> Field {
    if let Some(inner) = &field.inner {
        let nested = of_span(quote!(#path::__private::Nested), inner.span());
        field.ty = parse_quote_spanned!(inner.span()=> #nested<#inner>);
    }
    field
}

/// The struct, or an error that says what to write in place of what was annotated.
fn structure(item: Item) -> syn::Result<ItemStruct> {
    const WRITE: &str =
        "`#[searchable]` stands on a struct with named fields: write `struct Mlp { hidden: Linear<64, 10> }`";
    match item {
        Item::Struct(item) => match &item.fields {
            Fields::Named(named) if !named.named.is_empty() => Ok(item),
            Fields::Named(_) => {
                let message = "the model has no layers: write one as a field, `output: Linear<64, 10>`";
                Err(syn::Error::new_spanned(&item.ident, message))
            }
            Fields::Unnamed(fields) => Err(syn::Error::new_spanned(fields, WRITE)),
            Fields::Unit => Err(syn::Error::new_spanned(&item.ident, WRITE)),
        },
        Item::Enum(item) => Err(syn::Error::new_spanned(item.enum_token, WRITE)),
        Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, WRITE)),
        other => Err(syn::Error::new_spanned(other, WRITE)),
    }
}
