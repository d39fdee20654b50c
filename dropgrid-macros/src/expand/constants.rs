//! Checks that the compiler makes while it compiles the struct: values written out against their layer's range, names
//! of settings, rules that leave nothing.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, Ident, Lit, Type, UnOp, spanned::Spanned};

use super::{
    Names, Part,
    generics::{is_open, type_at},
};
use crate::{
    axis::{Domain, number},
    mentions,
    model::{Axis, ChoiceValues, Model, Role, plain},
};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let first = vec![0; model.choices.len()];
    let mut checks = Vec::new();
    for field in model.layers().filter(|field| !is_open(model, &field.ty)) {
        let Role::Layer { axis, ties } = &field.role else { continue };
        let ty = type_at(model, &field.ty, &first);
        let settings =
            axis.iter().filter_map(|values| values.setting.as_ref()).chain(ties.iter().map(|tie| &tie.setting));
        checks.extend(settings.map(|setting| known(&ty, setting, names)));
        if let Some(values) = axis {
            let written = constants(&values.domain);
            checks.push(inside(&ty, &field.name, values.setting.as_ref(), &written, names));
        }
        for tie in ties.iter().filter(|tie| is_float(&tie.value)) {
            checks.push(inside(&ty, &field.name, Some(&tie.setting), &[&tie.value], names));
        }
    }
    let axes = model.axes();
    checks.extend(model.options.forbid.iter().filter_map(|rule| leaves_something(rule, &axes)));
    Part { items: TokenStream::new(), impls: quote!(#(#checks)*) }
}

/// The values of an axis that are numbers as written.
fn constants(domain: &Domain) -> Vec<&Expr> {
    let all: Vec<&Expr> = match domain {
        Domain::List(values) => values.iter().collect(),
        Domain::Stepped { low, high, .. } | Domain::Log { low, high, .. } => vec![low, high],
        // The end of a range that is open is never drawn.
        Domain::Continuous { low, high, inclusive, .. } => {
            if *inclusive {
                vec![low, high]
            } else {
                vec![low]
            }
        }
    };
    all.into_iter().filter(|value| is_float(value)).collect()
}

/// Whether a value is written as a number with a point. A whole number here is a type error, which is told once.
fn is_float(value: &Expr) -> bool {
    match value {
        Expr::Lit(lit) => matches!(lit.lit, Lit::Float(_)),
        Expr::Unary(unary) => is_float(&unary.expr),
        Expr::Paren(paren) => is_float(&paren.expr),
        Expr::Group(group) => is_float(&group.expr),
        _ => false,
    }
}

/// The layer has a setting of that name.
fn known(ty: &Type, setting: &Ident, names: &Names) -> TokenStream {
    let core = &names.core;
    let text = plain(setting);
    let message = format!("this layer has no setting `{text}`");
    quote_spanned! {setting.span()=>
        const _: () = ::core::assert!(
            #core::has_setting(<#core::Built<#ty> as #core::Settings>::SETTINGS, #text),
            #message
        );
    }
}

/// The values written out are inside the range of the layer's hyperparameter.
fn inside(ty: &Type, field: &Ident, setting: Option<&Ident>, values: &[&Expr], names: &Names) -> TokenStream {
    if values.is_empty() {
        return TokenStream::new();
    }
    let core = &names.core;
    let field = plain(field);
    let (source, range, name) = match setting {
        None => (quote!(Tunable), quote!(__Layer::RANGE), quote!(__Layer::SETTING)),
        Some(setting) => {
            let text = plain(setting);
            (quote!(Settings), quote!(#core::range_or_any(__Layer::SETTINGS, #text)), quote!(#text))
        }
    };
    // Each panic has its value's place, so that the compiler points there.
    let checks = values.iter().map(|value| {
        let shown = quote!(#value).to_string().replace(' ', "");
        quote_spanned! {value.span()=>
            if !#range.contains(#value) {
                ::core::panic!("{}", #core::outside!(#range, #field, #name, #shown))
            }
        }
    });
    quote! {
        #[allow(clippy::all, clippy::pedantic)]
        const _: () = {
            use #core::#source as _;
            type __Layer = #core::Built<#ty>;
            #(#checks)*
        };
    }
}

/// A rule over lists of numbers, in arithmetic that the compiler can do, leaves at least one candidate.
fn leaves_something(rule: &Expr, axes: &[Axis<'_>]) -> Option<TokenStream> {
    if !is_arithmetic(rule) {
        return None;
    }
    let mut asked = mentions::of(rule, axes);
    asked.dedup_by_key(|(at, _)| *at);
    let mut body = quote!(if !(#rule) { left += 1; });
    for (at, name) in asked.iter().rev() {
        let axis = &axes[*at];
        if axis.when().is_some() {
            return None;
        }
        let (ty, values) = match axis {
            Axis::Choice(choice) => match &choice.values {
                ChoiceValues::Widths(values) => (quote!(usize), values.as_slice()),
                ChoiceValues::Types(_) => return None,
            },
            Axis::Layer(_, values) => (quote!(f64), values.domain.written()),
            Axis::Train(field, hyper) | Axis::Param(field, hyper) => {
                let ty = &field.ty;
                (quote!(#ty), hyper.domain.written())
            }
        };
        if values.is_empty() || values.iter().any(|value| number(value).is_none()) {
            return None;
        }
        let len = values.len();
        body = quote! {{
            let values: [#ty; #len] = [#(#values),*];
            let mut at = 0;
            while at < #len {
                let #name = values[at];
                #body
                at += 1;
            }
        }};
    }
    let message = "this rule forbids every candidate: nothing is left to search";
    Some(quote_spanned! {rule.span()=>
        #[allow(non_snake_case, clippy::all, clippy::pedantic)]
        const _: () = {
            let mut left = 0_usize;
            #body
            ::core::assert!(left > 0, #message);
        };
    })
}

/// Whether an expression is made of numbers, names, arithmetic, comparisons and logic alone.
fn is_arithmetic(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(lit) => matches!(lit.lit, Lit::Int(_) | Lit::Float(_) | Lit::Bool(_)),
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Paren(paren) => is_arithmetic(&paren.expr),
        Expr::Group(group) => is_arithmetic(&group.expr),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Not(_) | UnOp::Neg(_)) && is_arithmetic(&unary.expr),
        Expr::Binary(binary) => is_arithmetic(&binary.left) && is_arithmetic(&binary.right),
        _ => false,
    }
}
