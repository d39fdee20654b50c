//! Checks, field by field and architecture by architecture, that a layer takes what the layer before it gives.
//!
//! The network's own bounds say the same, but of the whole; here the compiler names the two fields and the shape, and
//! points at the field that does not fit.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::{
    Names, Part,
    generics::{architectures, args_at, is_open, type_at},
};
use crate::model::{Field, Model};

/// What stands before the first field in messages.
pub(super) const INPUT: &str = "input";

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let layers: Vec<&Field> = model.layers().collect();
    if layers.iter().any(|field| is_open(model, &field.ty)) {
        return Part { items: TokenStream::new(), impls: TokenStream::new() };
    }
    let Names { net, core, markers, .. } = names;
    let first = vec![0; model.choices.len()];
    let are_layers = layers.iter().map(|field| {
        let ty = type_at(model, &field.ty, &first);
        quote_spanned!(field.ty.span()=> #core::layer::<#ty>();)
    });
    let input = Ident::new(INPUT, Span::call_site());
    let befores = std::iter::once(&input).chain(layers.iter().map(|field| &field.name));
    let checks = architectures(model).map(|at| {
        let args = args_at(model, &at);
        let mut lines = quote!(type Given0 = <#net #args as #core::InputShape>::Sample;);
        for (number, (before, field)) in befores.clone().zip(&layers).enumerate() {
            let (given, gives) = (format_ident!("Given{}", number), format_ident!("Given{}", number + 1));
            let (name, ty) = (&field.name, type_at(model, &field.ty, &at));
            lines.extend(
                quote_spanned!(field.ty.span()=> #core::seam::<#ty, #given, #markers::#before, #markers::#name>();),
            );
            if number + 1 < layers.len() {
                lines.extend(quote!(type #gives = #core::Gives<#ty, #given>;));
            }
        }
        if let (Some(last), true) = (layers.last(), at != first) {
            let [ours, firsts] = [&args, &args_at(model, &first)]
                .map(|args| at_span(quote!(#core::OutputOf<#net #args>), last.ty.span()));
            lines.extend(quote_spanned!(last.ty.span()=> #core::one_shape::<#ours, #firsts>();));
        }
        quote!({ #lines })
    });
    let impls = quote! {
        #[allow(dead_code)]
        fn fits() {
            #(#are_layers)*
            #(#checks)*
        }
    };
    Part { items: TokenStream::new(), impls }
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
