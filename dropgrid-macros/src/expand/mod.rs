//! From a [`Model`] to code. It cannot fail: everything that can was checked before.
//!
//! Paths are absolute and go through dropgrid's `__private` module, so that nothing the user has in scope matters.

mod builder;
mod constants;
mod dispatch;
mod generics;
mod network;
mod params;
mod rules;
mod seams;
mod space;
mod tests;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Ident};

use self::generics::Rest;
use crate::model::{self, Model};

pub(crate) fn model(model: &Model) -> TokenStream {
    let names = Names::new(model);
    let parts = [
        declaration(model, &names),
        params::expand(model, &names),
        space::expand(model, &names),
        network::expand(model, &names),
        builder::expand(model, &names),
        dispatch::expand(model, &names),
        seams::expand(model, &names),
        constants::expand(model, &names),
    ];
    let Names { path, core, shared, .. } = &names;
    let (items, impls): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.items, part.impls)).unzip();
    let tests = tests::expand(model, &names);
    quote! {
        #(#items)*

        #shared
        const _: () = {
            use #path as #core;
            #(#impls)*
        };

        #tests
    }
}

/// A part of the expansion.
struct Part {
    /// What users name, in the scope of the struct.
    items: TokenStream,
    /// What they do not, in a scope of its own, where dropgrid has a short name.
    impls: TokenStream,
}

/// The names of what is generated, and the generics that are not searched.
struct Names {
    /// `::dropgrid::__private`.
    path: TokenStream,
    /// The same where impls are.
    core: Ident,
    params: Ident,
    space: Ident,
    builder: Ident,
    /// The struct with the fields, generic over their types.
    layers: Ident,
    /// Its alias for the declared layers, generic over what is searched.
    net: Ident,
    /// The model's generics that are not searched.
    rest: Rest,
    /// One type parameter a layer.
    layer_params: Vec<Ident>,
    /// The `#[cfg]` and lint attributes of the struct, which every generated item has.
    shared: TokenStream,
}

impl Names {
    fn new(model: &Model) -> Self {
        let path = model.options.path.as_ref().map_or_else(|| quote!(::dropgrid), ToTokens::to_token_stream);
        let shared = model.attrs.iter().filter(|attr| is_shared(attr));
        Self {
            path: quote!(#path::__private),
            core: Ident::new("__dropgrid", Span::call_site()),
            params: model.derived("Params"),
            space: model.derived("Space"),
            builder: model.derived("Builder"),
            layers: model.derived("Layers"),
            net: model.derived("Net"),
            rest: Rest::new(model),
            layer_params: (0..model.layers().count()).map(|at| model::local("F", at)).collect(),
            shared: quote!(#(#shared)*),
        }
    }
}

/// Attributes that concern everything that comes of the struct, not the struct alone.
fn is_shared(attr: &Attribute) -> bool {
    ["cfg", "allow", "expect", "warn", "deny", "forbid"].iter().any(|name| attr.path().is_ident(name))
}

/// The struct that the user named: without fields, the handle of everything else.
fn declaration(model: &Model, names: &Names) -> Part {
    let Model { attrs, vis, name, .. } = model;
    let Rest { params, clause, marker, .. } = &names.rest;
    let body =
        if params.is_empty() { quote!(;) } else { quote!(<#params>(::core::marker::PhantomData<#marker>) #clause;) };
    Part { items: quote!(#(#attrs)* #vis struct #name #body), impls: TokenStream::new() }
}
