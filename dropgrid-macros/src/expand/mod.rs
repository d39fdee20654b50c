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

use proc_macro2::TokenStream;
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
        tests::expand(model, &names),
    ];
    quote!(#(#parts)*)
}

/// The names of what is generated, and the generics that are not searched.
struct Names {
    /// `::dropgrid::__private`.
    core: TokenStream,
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
    /// Of these the `#[cfg]`, which is all that a macro call can have.
    cfg: TokenStream,
}

impl Names {
    fn new(model: &Model) -> Self {
        let path = model.options.path.as_ref().map_or_else(|| quote!(::dropgrid), ToTokens::to_token_stream);
        let shared = model.attrs.iter().filter(|attr| is_shared(attr));
        let cfg = model.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
        Self {
            core: quote!(#path::__private),
            params: model.derived("Params"),
            space: model.derived("Space"),
            builder: model.derived("Builder"),
            layers: model.derived("Layers"),
            net: model.derived("Net"),
            rest: Rest::new(model),
            layer_params: (0..model.layers().count()).map(|at| model::local("F", at)).collect(),
            shared: quote!(#(#shared)*),
            cfg: quote!(#(#cfg)*),
        }
    }
}

/// Attributes that concern everything that comes of the struct, not the struct alone.
fn is_shared(attr: &Attribute) -> bool {
    ["cfg", "allow", "expect", "warn", "deny", "forbid"].iter().any(|name| attr.path().is_ident(name))
}

/// The struct that the user named: without fields, the handle of everything else.
fn declaration(model: &Model, names: &Names) -> TokenStream {
    let Model { attrs, vis, name, .. } = model;
    let Rest { params, clause, marker, .. } = &names.rest;
    if params.is_empty() {
        return quote! {
            #(#attrs)*
            #vis struct #name;
        };
    }
    quote! {
        #(#attrs)*
        #vis struct #name<#params>(::core::marker::PhantomData<#marker>) #clause;
    }
}
