//! `MlpSpace`: all candidates.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, spanned::Spanned};

use super::{
    Names, Part,
    constants::settings_spec,
    gates,
    generics::{is_open, type_at},
    inner, rules,
};
use crate::{
    axis::Domain,
    model::{Axis, Choice, ChoiceValues, Model, choice_enum, plain},
};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    if model.inner().next().is_some() {
        return inner::space(model, names);
    }
    let Names { path, core, markers, params, space, conditions, lints, .. } = names;
    let vis = &model.vis;
    let axes = model.axes();
    let fields = axes.iter().enumerate().map(|(number, axis)| field(number, axis, model, names));
    let doc = format!("The search space of [`{}`]: every candidate, computed when asked for.", plain(&model.name));
    let serde = names.serde();
    let rules = rules::of(model, &axes);
    let rules = (!rules.is_empty()).then(|| rules::expand(&rules, &axes, names));
    let rules = rules.iter();
    let continuous = axes.iter().find(|axis| axis.is_continuous()).map(Axis::name);
    let kind = continuous.map_or_else(|| quote!(Finite), |name| quote!(Continuous #markers::#name));
    let iteration = continuous.is_none().then(|| quote!(#core::iteration!(#space);));
    Part {
        items: quote! {
            #conditions
            #path::space! {
                #[serde(crate = #serde)]
                #lints
                #[doc = #doc]
                #vis struct #space of #params, #kind { #(#fields;)* }
                #({ #rules })*
            }
        },
        impls: quote!(#iteration),
    }
}

/// One axis in the words of the macro `space`.
fn field(number: usize, axis: &Axis<'_>, model: &Model, names: &Names) -> TokenStream {
    let (name, text, doc, ty) = (axis.name(), axis.text(), axis.doc(), axis.checked_ty(model, names));
    let (kind, access) = (kind(axis), access(axis));
    let (values, check) = (declared(axis, model, names), check(axis, model, names));
    quote!(#number #doc #text #name: #kind<#ty> (#access) = #values, #check)
}

/// The type of the axis' values in the space: a list, or a range.
pub(super) fn kind(axis: &Axis<'_>) -> TokenStream {
    if axis.is_continuous() { quote!(Interval) } else { quote!(Axis) }
}

/// The functions of a list or a range by which the axis is read, found and described.
pub(super) fn access(axis: &Axis<'_>) -> TokenStream {
    let access = if axis.when().is_some() { quote!(get place_of) } else { quote!(at position_of) };
    let info = if matches!(axis, Axis::Choice(_)) { quote!(architecture_info) } else { quote!(info) };
    quote!(#access #info)
}

/// The declared values, each checked against the type of the axis at its own place.
pub(super) fn declared(axis: &Axis<'_>, model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let ty = axis.checked_ty(model, names);
    let typed = |value: &Expr| quote_spanned!(value.span()=> #core::value::<#ty>(#value));
    let list = |values: &[Expr]| quote!(#core::list::<#ty, _>([#(#values),*]));
    let domain = match axis {
        Axis::Choice(choice) => return variants(choice, model, names, list),
        Axis::Inner(_) => return quote!(::core::default::Default::default()),
        Axis::Layer(_, values) => &values.domain,
        Axis::Train(_, hyper) | Axis::Param(_, hyper) => &hyper.domain,
    };
    match domain {
        Domain::List(values) => list(values),
        Domain::Stepped { low, high, step } => {
            let (low, high, step) = (typed(low), typed(high), typed(step));
            quote!(#core::Axis::stepped(#low, #high, #step))
        }
        Domain::Log { low, high, points } => {
            let (low, high) = (typed(low), typed(high));
            quote!(#core::Axis::log_spaced(#low, #high, #points))
        }
        Domain::Continuous { low, high, inclusive, log } => {
            let (low, high) = (typed(low), typed(high));
            let range = if *inclusive { quote!(#low..=#high) } else { quote!(#low..#high) };
            let interval = quote!(<#core::Interval<#ty> as ::core::convert::From<_>>::from(#range));
            if *log { quote!(#interval.log()) } else { interval }
        }
    }
}

/// The values of a searched generic.
fn variants(choice: &Choice, model: &Model, names: &Names, list: impl Fn(&[Expr]) -> TokenStream) -> TokenStream {
    match &choice.values {
        ChoiceValues::Widths(values) => list(values),
        ChoiceValues::Types(types) => {
            let core = &names.core;
            let name = choice_enum(model, choice);
            let variants = types.iter().map(|(variant, _)| variant);
            quote!(#core::Axis::list([#(#name::#variants),*]))
        }
    }
}

/// The check of an axis' values: its architectures, its layer's range, the recipe's, or none.
pub(super) fn check(axis: &Axis<'_>, model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let text = axis.text();
    match axis {
        Axis::Choice(choice) => match &choice.values {
            ChoiceValues::Widths(values) => quote!(#core::width(#text, const { &[#(#values),*] })),
            ChoiceValues::Types(_) => quote!(#core::any),
        },
        // What depends on the model's own generics is checked where a network is built.
        Axis::Layer(field, _) if is_open(model, &field.ty) => quote!(#core::any),
        Axis::Layer(field, values) => {
            let ty = type_at(model, &field.ty, &vec![0; model.choices.len()]);
            let ty = gates::layer(model, &ty, core, names);
            match values.setting.as_ref().map(plain) {
                Some(setting) => {
                    let spec = settings_spec(field, &ty, core);
                    quote!(#core::setting(#spec, #text, #setting))
                }
                None => quote!(#core::tunable(<#ty as #core::TunableLayer>::SPEC, #text)),
            }
        }
        Axis::Train(field, _) => {
            let setting = &field.name;
            quote!(#core::trained(#core::Train::#setting))
        }
        Axis::Param(..) | Axis::Inner(_) => quote!(#core::any),
    }
}
