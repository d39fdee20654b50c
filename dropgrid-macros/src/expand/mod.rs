//! From a [`Model`] to code. It cannot fail: everything that can was checked before.
//!
//! Paths are absolute and go through dropgrid's `__private` module, so that nothing the user has in scope matters.

mod builder;
mod dispatch;
mod network;
mod params;
mod space;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Ident, WhereClause};

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
    /// Its alias for the declared layers, generic over the widths.
    net: Ident,
    rest: Rest,
    /// One type parameter a layer.
    layer_params: Vec<Ident>,
}

/// The model's generics without the widths: what the declared type itself is generic over.
struct Rest {
    /// `const IN: usize,` with bounds and a comma after each.
    params: TokenStream,
    /// `IN,` with a comma after each.
    args: TokenStream,
    clause: Option<WhereClause>,
    /// A type that uses every one of them.
    marker: TokenStream,
}

impl Rest {
    fn new(model: &Model) -> Self {
        let is_width = |param: &GenericParam| matches!(param, GenericParam::Const(param) if model.widths.iter().any(|width| width.param == param.ident));
        let params: Vec<&GenericParam> = model.generics.params.iter().filter(|param| !is_width(param)).collect();
        let args: Vec<TokenStream> = params.iter().map(|param| argument(param)).collect();
        let marks = params.iter().filter_map(|param| match param {
            GenericParam::Lifetime(param) => {
                let lifetime = &param.lifetime;
                Some(quote!(&#lifetime ()))
            }
            GenericParam::Type(param) => Some(param.ident.to_token_stream()),
            GenericParam::Const(_) => None,
        });
        Self {
            marker: quote!(fn() -> (#(#marks,)*)),
            params: quote!(#(#params,)*),
            args: quote!(#(#args,)*),
            clause: model.generics.where_clause.clone(),
        }
    }
}

/// A generic parameter as an argument.
fn argument(param: &GenericParam) -> TokenStream {
    match param {
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
    }
}

impl Names {
    fn new(model: &Model) -> Self {
        let path = model.options.path.as_ref().map_or_else(|| quote!(::dropgrid), ToTokens::to_token_stream);
        Self {
            core: quote!(#path::__private),
            params: model.derived("Params"),
            space: model.derived("Space"),
            builder: model.derived("Builder"),
            layers: model.derived("Layers"),
            net: model.derived("Net"),
            rest: Rest::new(model),
            layer_params: (0..model.layers().count()).map(|at| model::local("F", at)).collect(),
        }
    }
}

/// The arguments of the network's alias: the generics in the order of declaration, each width through `width`.
fn net_args(model: &Model, width: impl Fn(usize) -> TokenStream) -> TokenStream {
    let args = model.generics.params.iter().map(|param| {
        let at = match param {
            GenericParam::Const(param) => model.widths.iter().position(|width| width.param == param.ident),
            GenericParam::Lifetime(_) | GenericParam::Type(_) => None,
        };
        at.map_or_else(|| argument(param), &width)
    });
    quote!(<#(#args),*>)
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
