//! Checks, field by field and architecture by architecture, that a layer takes what the layer before it gives.
//!
//! The network's own bounds say the same, but of the whole; here the compiler names the two fields and the shape, and
//! points at the field that does not fit.

use std::collections::HashSet;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{Ident, Type, spanned::Spanned};

use super::{
    Names, Part, Rest, columns,
    generics::{self, architectures, args_at, type_at},
};
use crate::{
    mentions,
    model::{Field, Model},
};

/// The name in messages of what comes before the first field.
pub(super) const INPUT: &str = "input";

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { core, rest: Rest { params, clause, .. }, .. } = names;
    let positions = positions(model, names);
    let (shapes, checks): (Vec<_>, Vec<_>) =
        architectures(model).enumerate().map(|(number, at)| chain(model, names, number, &at)).unzip();
    let impls = quote! {
        #(#shapes)*

        #[allow(dead_code, unused_imports)]
        fn fits<#params>() #clause {
            use #core::{AnyPosition as _, NotALayer as _};
            #(#positions)*
            #(#checks)*
        }
    };
    Part { items: TokenStream::new(), impls }
}

/// The calls that compile where every field is a layer that may stand where it does, each once.
fn positions(model: &Model, names: &Names) -> Vec<TokenStream> {
    let core = &names.core;
    let mut seen = HashSet::new();
    let all = architectures(model).flat_map(|at| {
        let check = move |(position, field): (usize, &Field)| {
            let ty = type_at(model, &field.ty, &at);
            let check = match &field.columns {
                Some(_) => quote!(#core::column_layer::<#ty>();),
                None if position == 0 => quote!(#core::LayerPosition::<#ty>::of().head();),
                None => quote!(#core::LayerPosition::<#ty>::of().behind();),
            };
            at_span(check, field.ty.span())
        };
        model.layers().enumerate().map(check)
    });
    all.filter(|call| seen.insert(call.to_string())).collect()
}

/// The shapes in one architecture before and after each layer as types, and the calls that compile where they fit.
fn chain(model: &Model, names: &Names, number: usize, at: &[usize]) -> (TokenStream, TokenStream) {
    let Names { net, core, markers, rest: Rest { params, args: own, .. }, .. } = names;
    let (args, mut given) = (args_at(model, at), shape(number, 0));
    let mut shapes = quote!(type #given<#params> = <#net #args as #core::InputShape>::Sample;);
    let mut checks = TokenStream::new();
    let mut before = &Ident::new(INPUT, Span::call_site());
    for (place, field) in model.layers().enumerate() {
        let name = &field.name;
        if field.columns.is_some() {
            let (gives, sum) = (shape(number, place + 1), columns::sum(model, names, at));
            shapes.extend(quote!(type #gives<#params> = #core::Rank1<#sum>;));
            (given, before) = (gives, name);
            continue;
        }
        // A field after another, and in a tuple a layer after another, which then are what a message names.
        let (mut front, mut layers) = (None, Vec::new());
        flatten(&field.ty, &mut layers);
        let last = layers.len() - 1;
        for (at_layer, layer) in layers.into_iter().enumerate() {
            let ty = type_at(model, layer, at);
            let gives = if at_layer == last { shape(number, place + 1) } else { inner(number, place + 1, at_layer) };
            let (check, of, behind) = match front.replace(ty.clone()) {
                None => (quote!(shape_check), quote!(OutputShape), quote!(#markers::#before)),
                Some(front) => (quote!(shape_check_in_tuple), quote!(OutputShapeInTuple), quote!(#front)),
            };
            checks.extend(quote!(#core::#check::<#ty, #given<#own>, #behind, #markers::#name>();));
            shapes.extend(quote!(type #gives<#params> = #core::#of<#ty, #given<#own>, #behind, #markers::#name>;));
            given = gives;
        }
        before = name;
    }
    if let (Some(last), 1..) = (model.layers().last(), number) {
        let first = shape(0, model.layers().count());
        checks.extend(at_span(quote!(#core::one_shape::<#given<#own>, #first<#own>>();), last.ty.span()));
    }
    (shapes, checks)
}

/// The shape of one sample of the model's output.
pub(super) fn output(model: &Model, names: &Names) -> TokenStream {
    let (shape, own) = (shape(0, model.layers().count()), &names.rest.args);
    quote!(#shape<#own>)
}

/// The type that says what the model ends in, in any of its architectures.
///
/// The compiler finds it by a constant of the last layer's type, which may not depend on generics that are not searched:
/// such a layer counts as any other.
pub(super) fn last(model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let mut layers = Vec::new();
    if let Some(field) = model.layers().last() {
        flatten(&field.ty, &mut layers);
    }
    let is_open = |ty: &Type| {
        let rest = model.generics.params.iter().filter(|param| model.choice_of(param).is_none());
        rest.into_iter().any(|param| mentions::name(ty, generics::ident(param)))
    };
    let mut seen = HashSet::new();
    let types = architectures(model).filter_map(|at| layers.last().map(|layer| type_at(model, layer, &at)));
    let codes = types.filter(|ty| !is_open(ty)).map(|ty| quote!(#core::LastLayer::<#ty>::CODE));
    let codes: Vec<TokenStream> = codes.filter(|code| seen.insert(code.to_string())).collect();
    quote! {
        <#core::EndsIn<{
            #[allow(unused_imports)]
            use #core::OtherLast as _;
            #core::ending(&[#(#codes),*])
        }> as #core::Ending>::Layer
    }
}

/// The name of the shape after so many layers in the architecture of that number.
fn shape(architecture: usize, layers: usize) -> Ident {
    format_ident!("__Shape{}_{}", architecture, layers)
}

/// The name of the shape behind a layer in a tuple.
fn inner(architecture: usize, layers: usize, at: usize) -> Ident {
    format_ident!("__Shape{}_{}_{}", architecture, layers, at)
}

/// The layers of a field in their order: those of a tuple one by one, unless one of them gives several tensors, which only the
/// tuple as a whole makes one of again.
fn flatten<'a>(ty: &'a Type, layers: &mut Vec<&'a Type>) {
    match ty {
        Type::Tuple(tuple) if tuple.elems.iter().any(splits) => layers.push(ty),
        Type::Tuple(tuple) if !tuple.elems.is_empty() => tuple.elems.iter().for_each(|ty| flatten(ty, layers)),
        Type::Paren(inner) => flatten(&inner.elem, layers),
        Type::Group(inner) => flatten(&inner.elem, layers),
        _ => layers.push(ty),
    }
}

/// True of a layer that gives several tensors.
fn splits(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "SplitInto"),
        Type::Paren(inner) => splits(&inner.elem),
        Type::Group(inner) => splits(&inner.elem),
        _ => false,
    }
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
