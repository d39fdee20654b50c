//! Checks, field by field and architecture by architecture, that a layer takes what the layer before it gives.
//!
//! The network's own bounds say the same, but of the whole; here the compiler names the two fields and the shape, and
//! points at the field that does not fit.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Type, spanned::Spanned};

use super::{
    Names, Part, Rest, columns,
    flat::flatten,
    gates,
    generics::{self, architectures, args_at, is_open, type_at},
    spans::{SHAPE, of_span},
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
    let shape = Ident::new(SHAPE, Span::call_site());
    let chains = architectures(model).enumerate().map(|(number, at)| chain(model, names, number, &at));
    let checks = quote! {
        #(#positions)*
        let #shape = #core::Nothing;
        #(#chains)*
    };
    let traits = quote!(use #core::{AnyPosition as _, NotALayer as _};);
    let lints = quote!(#[allow(unused, clippy::all, clippy::pedantic)]);
    let impls = if let Some(examples) = gates::examples(model, names) {
        let fits = gates::shapes();
        quote! {
            #lints
            type #fits = #core::Gate<{
                #traits
                #examples
                let _ = || { #checks };
                true
            }>;
        }
    } else {
        quote! {
            #lints
            fn fits<#params>() #clause {
                #traits
                #checks
            }
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
            let declared = type_at(model, &field.ty, &at);
            let ty = gates::layer(model, &declared, core, names);
            if field.columns.is_some() {
                return TokenStream::new();
            }
            // All at one place but the type, whose names are then resolved where they stand, once.
            let span = field.ty.span();
            let core = of_span(quote!(#core), span);
            let place = Ident::new(if position == 0 { "head" } else { "behind" }, span);
            let layer = is_open(model, &declared).then(|| gates::is_layer(&ty, span, &core));
            quote_spanned!(span=> #layer #core::Placed::placed(#core::LayerPosition::<#ty>::of().#place());)
        };
        model.layers().enumerate().map(check)
    });
    all.filter(|call| seen.insert(call.to_string())).collect()
}

/// The calls that compile where in one architecture each layer takes what the one before it gives. The shape goes from
/// call to call, and from the end of the architecture before to the beginning of this one.
fn chain(model: &Model, names: &Names, number: usize, at: &[usize]) -> TokenStream {
    let Names { net, core, .. } = names;
    let args = args_at(model, at);
    let network = if model.column_fields().next().is_some() {
        let sum = columns::sum(model, names, at);
        quote!(#core::Columns<#sum>)
    } else {
        quote!(#net #args)
    };
    // Shown at the model's name, but for the names in the arguments: they are resolved where they stand, once.
    let alias = format_ident!("__Network{}", number);
    let (declared, network) = if gates::examples(model, names).is_some() {
        (Some(quote!(type #alias = #network;)), quote!(#alias))
    } else {
        (None, network)
    };
    let begin = of_span(quote!(let __shape = <#network as #core::Begins<_>>::begin(__shape);), model.name.span());
    let mut checks = quote!(#declared #begin);
    let mut before = &Ident::new(INPUT, Span::call_site());
    for field in model.layers() {
        let name = &field.name;
        if field.columns.is_some() {
            before = name;
            continue;
        }
        // A field after another, and in a tuple a layer after another.
        let mut layers = Vec::new();
        flatten(&field.ty, &mut layers);
        for (at_layer, layer) in layers.into_iter().enumerate() {
            let declared = type_at(model, layer, at);
            let ty = gates::layer(model, &declared, core, names);
            let place = names.marker(name);
            let takes = if at_layer == 0 {
                let before = names.marker(before);
                quote!(#core::Takes<_, #before, #place, _>)
            } else {
                quote!(#core::TakesInTuple<_, #place, _>)
            };
            let span = layer.span();
            let (takes, shape) = (of_span(takes, span), Ident::new(SHAPE, Span::call_site().located_at(span)));
            checks.extend(quote_spanned!(span=> let #shape = <#ty as #takes>::give(#shape);));
        }
        before = name;
    }
    let Some(last) = model.layers().last() else { return checks };
    let next = if number == 0 {
        quote!(let __first = __shape;)
    } else {
        quote!(let __shape = <_ as #core::OneShape<_>>::same(__shape, __first);)
    };
    checks.extend(of_span(next, last.ty.span()));
    checks
}

/// The shape of one sample of the model's output.
pub(super) fn output(model: &Model, names: &Names) -> TokenStream {
    let (core, net) = (&names.core, &names.net);
    let args = args_at(model, &vec![0; model.choices.len()]);
    let network = gates::network(model, names, &quote!(#net #args));
    quote!(#core::OutputOf<#network>)
}

/// The type that says what the model ends in, in any of its architectures.
///
/// The compiler finds it by a constant of the last layer's type, which may not depend on generics that are not
/// searched: such a layer counts as any other.
pub(super) fn last(model: &Model, names: &Names) -> TokenStream {
    let (core, ending) = (&names.core, ending(model, names));
    quote!(<#core::EndsIn<#ending> as #core::Ending>::Layer)
}

/// The code of that layer, as a block.
pub(super) fn ending(model: &Model, names: &Names) -> TokenStream {
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
    let types = types.filter(|ty| !is_open(ty)).map(|ty| gates::layer(model, &ty, core, names));
    let codes = types.map(|ty| quote!(#core::LastLayer::<#ty>::CODE));
    let codes: Vec<TokenStream> = codes.filter(|code| seen.insert(code.to_string())).collect();
    quote!({
        #[allow(unused_imports)]
        use #core::OtherLast as _;
        #core::ending(&[#(#codes),*])
    })
}
