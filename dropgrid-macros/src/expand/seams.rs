//! Checks, field by field and architecture by architecture, that a layer takes what the layer before it gives.
//!
//! The network's own bounds say the same, but of the whole; here the compiler names the two fields and the shape, and
//! points at the field that does not fit.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, spanned::Spanned};

use super::{
    Names, Part,
    generics::{architectures, args_at, is_open, type_at},
};
use crate::model::Model;

/// What stands before the first field in messages.
pub(super) const INPUT: &str = "input";

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    if !is_closed(model) {
        return Part { items: TokenStream::new(), impls: TokenStream::new() };
    }
    let core = &names.core;
    let first = vec![0; model.choices.len()];
    let are_layers = model.layers().map(|field| {
        let ty = type_at(model, &field.ty, &first);
        quote!(#core::layer::<#ty>();)
    });
    let (shapes, seams): (Vec<_>, Vec<_>) =
        architectures(model).enumerate().map(|(number, at)| chain(model, names, number, &at)).unzip();
    let impls = quote! {
        #(#shapes)*

        #[allow(dead_code)]
        fn fits() {
            #(#are_layers)*
            #(#seams)*
        }
    };
    Part { items: TokenStream::new(), impls }
}

/// The shapes in one architecture before and after each layer as types, and the calls that compile where they fit.
fn chain(model: &Model, names: &Names, number: usize, at: &[usize]) -> (TokenStream, TokenStream) {
    let Names { net, core, markers, .. } = names;
    let (args, mut given) = (args_at(model, at), shape(number, 0));
    let mut shapes = quote!(type #given = <#net #args as #core::InputShape>::Sample;);
    let mut seams = TokenStream::new();
    let mut before = &Ident::new(INPUT, Span::call_site());
    for (place, field) in model.layers().enumerate() {
        let (name, ty, gives) = (&field.name, type_at(model, &field.ty, at), shape(number, place + 1));
        seams.extend(quote!(#core::seam::<#ty, #given, #markers::#before, #markers::#name>();));
        shapes.extend(quote!(type #gives = #core::Gives<#ty, #given, #markers::#before, #markers::#name>;));
        (given, before) = (gives, name);
    }
    if let (Some(last), 1..) = (model.layers().last(), number) {
        let first = shape(0, model.layers().count());
        seams.extend(at_span(quote!(#core::one_shape::<#given, #first>();), last.ty.span()));
    }
    (shapes, seams)
}

/// The shape of one sample of the model's output.
pub(super) fn output(model: &Model, names: &Names) -> TokenStream {
    if is_closed(model) {
        return shape(0, model.layers().count()).to_token_stream();
    }
    let Names { net, core, .. } = names;
    let args = args_at(model, &vec![0; model.choices.len()]);
    quote!(#core::OutputOf<#net #args>)
}

/// The name of the shape after so many layers in the architecture of that number.
fn shape(architecture: usize, layers: usize) -> Ident {
    format_ident!("__Shape{}_{}", architecture, layers)
}

/// Whether the type of every layer is known where it is declared.
fn is_closed(model: &Model) -> bool {
    !model.layers().any(|field| is_open(model, &field.ty))
}

/// The tokens, shown at `span` in messages, with the names they had.
pub(super) fn at_span(tokens: TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), at_span(group.stream(), span)));
        }
        token.set_span(token.span().located_at(span));
        token
    });
    tokens.collect()
}
