//! The gates, by which one mistake is one error: types that are an error where checks find a fault. Generated code
//! names layers behind the first of them, which checks that they are layers, and networks behind the second, which
//! checks their shapes. So a fault is told once, and nothing that comes of it.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ConstParam, GenericParam, Type, spanned::Spanned};

use super::{
    Names, Part,
    flat::flatten,
    generics::{architectures, is_open, type_at},
    inner,
    spans::of_span,
};
use crate::{
    check::is_number,
    containers::searchable_struct,
    model::{Axis, Field, Model},
    named_width::NamedWidth,
};

/// The alias of the gate, in the scope of the struct.
pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { path, checked, conditions, .. } = names;
    let mut seen = HashSet::new();
    let checks = architectures(model).flat_map(|at| {
        let of_field = |field: &Field| {
            let ty = type_at(model, &field.ty, &at);
            if field.columns.is_some() {
                return vec![is(&ty, quote!(#path::TakesColumns))];
            }
            let mut layers = Vec::new();
            flatten(&ty, &mut layers);
            let layers = layers.into_iter().filter(|ty| !is_open(model, ty));
            layers.map(|ty| is_layer(ty, ty.span(), path)).collect()
        };
        let fields = model.layers().filter(|field| field.inner.is_none());
        let fields = fields.filter(|field| field.columns.is_none() || !is_open(model, &field.ty));
        fields.flat_map(of_field).collect::<Vec<_>>()
    });
    let checks = model.inner().flat_map(|(_, ty)| is_searchable(&inner::any_type(model, ty), path)).chain(checks);
    let checks: Vec<TokenStream> = checks.filter(|check| seen.insert(check.to_string())).collect();
    let (types, constants) = (types(model, names), constants(model, names));
    Part {
        items: quote! {
            #constants
            #types

            #conditions
            #[doc(hidden)]
            #[allow(dead_code, clippy::all, clippy::pedantic)]
            type #checked = #path::Gate<{
                let _ = || { #(#checks)* };
                true
            }>;
        },
        impls: TokenStream::new(),
    }
}

/// The type of a hyperparameter of the model's own, which has the traits of values only where the user gives it them.
pub(super) fn type_of_own<'a>(axis: &Axis<'a>, model: &Model) -> Option<&'a Type> {
    match axis {
        Axis::Param(Field { ty, .. }, _) if !is_number(&ty.to_token_stream().to_string()) && !is_open(model, ty) => {
            Some(ty)
        }
        _ => None,
    }
}

/// The alias of the gate of these types.
fn types(model: &Model, names: &Names) -> Option<TokenStream> {
    let Names { path, typed, conditions, .. } = names;
    let mut seen = HashSet::new();
    let axes = model.axes();
    let types = axes.iter().filter_map(|axis| type_of_own(axis, model));
    let checks = types.map(|ty| is(ty, quote!(#path::HyperparameterType)));
    let checks: Vec<TokenStream> = checks.filter(|check| seen.insert(check.to_string())).collect();
    (!checks.is_empty()).then(|| {
        quote! {
            #conditions
            #[doc(hidden)]
            #[allow(dead_code, clippy::all, clippy::pedantic)]
            type #typed = #path::Gate<{
                let _ = || { #(#checks)* };
                true
            }>;
        }
    })
}

/// The constants of the model's own in its layers. Where one names nothing, the compiler proposes a width of the model.
fn constants(model: &Model, names: &Names) -> TokenStream {
    let conditions = &names.conditions;
    let width = |param: &ConstParam| {
        let width = &param.ident;
        quote_spanned!(width.span()=> #[allow(dead_code, non_upper_case_globals)] const #width: usize = 0;)
    };
    let widths: Vec<TokenStream> = model.generics.const_params().map(width).collect();
    let constants = model.named_widths.iter().map(|NamedWidth { own, written }| {
        quote! {
            #conditions
            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            const #own: usize = {
                #(#widths)*
                #written
            };
        }
    });
    constants.collect()
}

/// A call that compiles where dfdx builds the type as a layer, with every token but those of the type at `span`.
pub(super) fn is_layer(ty: impl ToTokens, span: Span, path: &impl ToTokens) -> TokenStream {
    let path = of_span(quote!(#path), span);
    quote_spanned!(span=> <#path::Cpu as #path::Builds<#ty>>::is();)
}

/// A call that compiles where the type has the trait.
fn is(ty: &Type, of: TokenStream) -> TokenStream {
    let span = ty.span();
    let of = of_span(of, span);
    quote_spanned!(span=> <#ty as #of>::is();)
}

/// Calls that compile where the type is a searchable struct that can be a layer, or a container of one behind layers.
fn is_searchable(ty: &Type, path: &TokenStream) -> Vec<TokenStream> {
    let (before, ty) = searchable_struct(ty);
    let span = ty.span();
    let is = of_span(quote!(#path::SearchableStruct), span);
    let call = |without: &str| {
        let without = Ident::new(without, span);
        let without = of_span(quote!(#path::#without), span);
        quote_spanned!(span=> <<#ty as #is>::Obstacle as #without<<#ty as #is>::Named, <#ty as #is>::Name>>::is();)
    };
    let checks = ["WithoutTraining", "WithoutParameters", "WithoutColumns"].map(call);
    if before.is_empty() {
        return checks.into();
    }
    let layers = before.into_iter().map(|layer| {
        let span = layer.span();
        let checked = of_span(quote!(#path::CheckedType), span);
        is_layer(quote_spanned!(span=> #checked<__Inner, #layer>), span, path)
    });
    // Behind a gate of their own: where the last layer is no searchable struct, one of those before it may be.
    vec![quote!({
        type __Inner = #path::Gate<{
            let _ = || { #(#checks)* };
            true
        }>;
        #(#layers)*
    })]
}

/// A declared layer behind the gate, for code that names it. What depends on the model's own generics cannot stand in
/// the gate, which is a constant.
pub(super) fn layer(model: &Model, ty: &Type, path: &impl ToTokens, names: &Names) -> TokenStream {
    // All at one place, so that two errors there are one.
    let (span, checked) = (ty.span(), &names.checked);
    let (path, checked) = (of_span(quote!(#path), span), of_span(quote!(#checked), span));
    if is_open(model, ty) {
        return quote_spanned!(span=> #path::Unchecked<#ty>);
    }
    quote_spanned!(span=> #path::Checked<#checked, #ty>)
}

/// A searched type behind the gate of the layers.
pub(super) fn type_of(model: &Model, ty: &Type, names: &Names) -> TokenStream {
    let Names { core, checked, .. } = names;
    if is_open(model, ty) { quote!(#ty) } else { quote!(#core::CheckedType<#checked, #ty>) }
}

/// The type that a declared layer behind the gate is built as.
pub(super) fn built(model: &Model, ty: &Type, names: &Names) -> TokenStream {
    let Names { path, checked, .. } = names;
    if is_open(model, ty) { quote!(#path::Built<#ty>) } else { quote!(#path::CheckedBuilt<#checked, #ty>) }
}

/// The alias of the gate of the shapes, which stands where the impls are.
pub(super) fn shapes() -> Ident {
    Ident::new("__Fits", Span::call_site())
}

/// The model's generics that are not searched as constants, for the checks of shapes, which a gate needs as a constant:
/// each an example that no other number of the model is likely to be. `None` where bounds, or types other than numbers,
/// may not hold of an example.
pub(super) fn examples(model: &Model, names: &Names) -> Option<TokenStream> {
    // Primes below the largest side of an image, 1024.
    const EXAMPLES: [usize; 6] = [1021, 1019, 1013, 1009, 997, 991];
    if names.rest.clause.is_some() {
        return None;
    }
    let mut examples = EXAMPLES.iter();
    let rest = model.generics.params.iter().filter(|param| model.choice_of(param).is_none());
    let constants = rest.map(|param| match param {
        GenericParam::Const(ConstParam { ident, ty: Type::Path(ty), .. }) if ty.path.is_ident("usize") => {
            let example = examples.next()?;
            Some(quote!(const #ident: usize = #example;))
        }
        _ => None,
    });
    constants.collect()
}

/// A network of the model behind the gate of its shapes.
pub(super) fn network(model: &Model, names: &Names, network: &TokenStream) -> TokenStream {
    let (core, shapes) = (&names.core, shapes());
    if examples(model, names).is_some() { quote!(#core::CheckedNetwork<#shapes, #network>) } else { network.clone() }
}
