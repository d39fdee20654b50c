//! From a [`Model`] to code. It cannot fail: everything that can was checked before.
//!
//! Paths are absolute and go through dropgrid's `__private` module, so that nothing the user has in scope matters.

mod builder;
mod columns;
mod computed;
mod constants;
mod dispatch;
mod flat;
mod forbid;
mod gates;
mod generics;
mod inner;
mod layer;
mod network;
mod params;
mod rules;
mod shape_checks;
mod space;
mod spans;
mod tests;
mod ties;
mod told;
mod values;

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Ident, LitStr, Meta};

use self::generics::Rest;
pub(crate) use self::spans::of_span;
use crate::{
    mentions,
    model::{Axis, Model, plain},
};

pub(crate) fn model(model: &Model) -> TokenStream {
    let names = Names::new(model);
    let parts = [
        declaration(model, &names),
        gates::expand(model, &names),
        params::expand(model, &names),
        space::expand(model, &names),
        columns::expand(model, &names),
        network::expand(model, &names),
        builder::expand(model, &names),
        shape_checks::expand(model, &names),
        dispatch::expand(model, &names),
        constants::expand(model, &names),
        values::expand(model, &names),
        forbid::expand(model, &names),
        layer::expand(model, &names),
    ];
    let Names { path, core, conditions, lints, markers, .. } = &names;
    let (items, impls): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.items, part.impls)).unzip();
    let marked = marked(model, &names);
    let tests = tests::expand(model, &names);
    quote! {
        #(#items)*

        #conditions
        #lints
        const _: () = {
            use #path as #core;
            #core::names!(#markers: #(#marked)*);
            #(#impls)*
        };

        #tests
    }
}

/// The checks that values are in the ranges of their layers, for a model with faults that leave the rest unwritten.
pub(crate) fn ranges(model: &Model) -> TokenStream {
    let names = Names { continuous: None, ..Names::new(model) };
    let Names { path, core, conditions, lints, .. } = &names;
    let checks = constants::ranges(model, &names);
    if checks.is_empty() {
        return checks;
    }
    let (markers, marked) = (&names.markers, marked(model, &names));
    quote! {
        #conditions
        #lints
        const _: () = {
            #[allow(unused_imports)]
            use #path as #core;
            #core::names!(#markers: #(#marked)*);
            #checks
        };
    }
}

/// A part of the expansion.
struct Part {
    /// The items that users name, in the scope of the struct.
    items: TokenStream,
    /// The other items, in a scope of their own, where dropgrid has a short name.
    impls: TokenStream,
}

/// The names of what is generated, and the generics that are not searched.
struct Names {
    /// `::dropgrid::__private`.
    path: TokenStream,
    /// The same where impls are.
    core: Ident,
    /// The module of the types that are called like fields and axes.
    markers: Ident,
    /// The first continuous axis, after which the kind of the space is called.
    continuous: Option<Ident>,
    params: Ident,
    space: Ident,
    builder: Ident,
    /// The struct with the fields, generic over their types.
    layers: Ident,
    /// Its alias for the declared layers, generic over what is searched.
    net: Ident,
    /// The alias of the gate of the layers, see `gates`.
    checked: Ident,
    /// The alias of the gate of types of the user's own, see `gates`.
    typed: Ident,
    /// The model's generics that are not searched.
    rest: Rest,
    /// One type parameter a layer.
    layer_params: Vec<Ident>,
    /// Every identifier of the declaration.
    taken: HashSet<String>,
    /// The `#[cfg]`s of the struct, on which every generated item hangs.
    conditions: TokenStream,
    /// The lint attributes of the struct, which every generated item has.
    lints: TokenStream,
}

impl Names {
    fn new(model: &Model) -> Self {
        let path = model.options.dropgrid();
        let conditions = model.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
        let taken = mentions::all(&model.tokens);
        let free = |name: String| free(&taken, &name);
        Self {
            path: quote!(#path::__private),
            core: Ident::new("__dropgrid", Span::call_site()),
            markers: free(format!("{}Fields", plain(&model.name))),
            continuous: model.axes().iter().find(|axis| axis.is_continuous()).map(|axis| axis.name().clone()),
            params: model.derived("Params"),
            space: model.derived("Space"),
            builder: model.derived("Builder"),
            layers: model.derived("Layers"),
            net: model.derived("Net"),
            checked: free(format!("__{}Checked", plain(&model.name))),
            typed: free(format!("__{}Typed", plain(&model.name))),
            rest: Rest::new(model),
            layer_params: (0..model.layers().count()).map(|at| free(format!("F{at}"))).collect(),
            conditions: quote!(#(#conditions)*),
            lints: model.attrs.iter().filter_map(lint).collect(),
            taken,
        }
    }

    /// A name for a generic parameter that stands nowhere in the declaration: `name`, or that with underscores.
    fn free(&self, name: &str) -> Ident {
        free(&self.taken, name)
    }

    /// The type that is called like the field or axis, for messages. The space has that of its continuous axis: a second
    /// one would be shown with its path.
    fn marker(&self, name: &Ident) -> TokenStream {
        let Self { core, markers, space, .. } = self;
        if self.continuous.as_ref() == Some(name) {
            quote!(<<#space as #core::Space>::Kind as #core::NamedKind>::Name)
        } else {
            quote!(#markers::#name)
        }
    }

    /// The path for `#[serde(crate = ..)]`, which is text.
    fn serde(&self) -> LitStr {
        let path = &self.path;
        LitStr::new(&quote!(#path::serde).to_string().replace(' ', ""), Span::call_site())
    }
}

/// The names that messages of the compiler need a type for: the fields, and the axes of the builder.
fn marked(model: &Model, names: &Names) -> Vec<Ident> {
    let mut marked: Vec<Ident> = vec![Ident::new(shape_checks::INPUT, Span::call_site())];
    let axes = builder::network_axes(model);
    let obstacle = layer::obstacle(model).map(|(_, name)| name);
    for name in model.layers().map(|field| &field.name).chain(axes.iter().map(Axis::name)).chain(obstacle) {
        if names.continuous.as_ref() != Some(name) && !marked.contains(name) {
            marked.push(name.clone());
        }
    }
    marked
}

/// An identifier as it is, shown at `span` in messages.
fn located(ident: &Ident, span: Span) -> Ident {
    Ident::new(&ident.to_string(), ident.span().located_at(span))
}

fn free(taken: &HashSet<String>, name: &str) -> Ident {
    let mut name = name.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

/// A lint attribute, for every item that comes of the struct. What is expected of a struct need not be of each item.
fn lint(attr: &Attribute) -> Option<TokenStream> {
    let name = attr.path().get_ident()?.to_string();
    match (name.as_str(), &attr.meta) {
        ("allow" | "warn" | "deny" | "forbid", _) => Some(attr.to_token_stream()),
        ("expect", Meta::List(list)) => {
            let lints = &list.tokens;
            Some(quote!(#[allow(#lints)]))
        }
        ("deprecated", _) => Some(quote!(#[allow(deprecated)])),
        _ => None,
    }
}

/// The struct that the user named: without fields, the handle of everything else.
fn declaration(model: &Model, names: &Names) -> Part {
    let Model { attrs, vis, name, .. } = model;
    let Rest { params, clause, .. } = &names.rest;
    let attrs = attrs.iter().map(|attr| if attr.path().is_ident("expect") { lint(attr) } else { Some(quote!(#attr)) });
    let attrs = attrs.flatten();
    let generics = (!params.is_empty()).then(|| quote!(<#params>));
    Part { items: quote!(#(#attrs)* #vis struct #name #generics #clause;), impls: TokenStream::new() }
}
