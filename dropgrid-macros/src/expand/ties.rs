//! The values of settings that are tied to hyperparameters.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, spanned::Spanned};

use super::{Names, gates};
use crate::{
    mentions,
    model::{Axis, ChoiceValues, Model, Tie, choice_enum},
};

/// The values that ties ask, as variables of the names that they ask them by.
pub(super) fn variables(model: &Model, axes: &[Axis<'_>], names: &Names) -> TokenStream {
    let core = &names.core;
    let mut seen: Vec<Ident> = Vec::new();
    let mut variables = TokenStream::new();
    for (at, name) in model.ties().flat_map(|tie| mentions::of(&tie.value, axes)) {
        // A const parameter is in scope under its own name.
        let is_param = matches!(&axes[at], Axis::Choice(choice) if choice.param == name);
        if is_param || seen.contains(&name) {
            continue;
        }
        let axis = axes[at].name();
        variables.extend(match &axes[at] {
            Axis::Choice(choice) => {
                let param = &choice.param;
                match choice.values {
                    ChoiceValues::Widths(_) => quote!(let #name = #param;),
                    ChoiceValues::Types(_) => {
                        let words = choice_enum(model, choice);
                        quote!(let #name = <#param as #core::Chosen<#words>>::VALUE;)
                    }
                }
            }
            own => {
                // Of a type that lacks a trait the gate is an error, and what is asked of it is none more.
                let ty = gates::type_of_own(own, model).map(|_| own.checked_field_ty(model, names));
                let ty = ty.iter();
                quote!(let #name #(: #ty)* = ::core::clone::Clone::clone(&self.#axis);)
            }
        });
        seen.push(name);
    }
    // A misspelt name in a tie is no fault that can be seen here: it may be a constant. The compiler's error suggests a
    // variable of the nearest name, so the axis gets one.
    for axis in model.ties().flat_map(|tie| mentions::near(&tie.value, axes)) {
        if !seen.contains(axis) {
            variables.extend(quote!(#[allow(unused_variables)] let #axis = ();));
            seen.push(axis.clone());
        }
    }
    variables
}

/// The variables that hold the values of ties, in the order of declaration.
pub(super) fn values(model: &Model) -> impl Iterator<Item = Ident> + use<> {
    let count = model.ties().count();
    (0..count).map(|at| Ident::new(&format!("tie{at}"), Span::mixed_site()))
}

/// Evaluates the ties, and tells what they are before any layer is built.
pub(super) fn evaluated(model: &Model, init: &Ident) -> TokenStream {
    let names: Vec<Ident> = values(model).collect();
    if names.is_empty() && model.inner().next().is_none() {
        return TokenStream::new();
    }
    let values = names.iter().zip(model.ties());
    let values = values.map(|(name, Tie { value, .. })| quote_spanned!(value.span()=> let #name: f64 = #value;));
    quote! {
        #(#values)*
        #init.tied(&[#(#names),*])?;
    }
}
