//! Rules that leave nothing, found while the struct is compiled.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, Lit, UnOp, spanned::Spanned};

use super::Part;
use crate::{
    literal, mentions,
    model::{Axis, ChoiceValues, Model},
};

/// Combinations that the compiler goes through for one rule; of more, a search counts the candidates before it begins.
const COMBINATIONS: usize = 4096;

pub(super) fn expand(model: &Model) -> Part {
    let axes = model.axes();
    let checks = model.options.forbid.iter().filter_map(|rule| leaves_something(rule, &axes));
    Part { items: TokenStream::new(), impls: checks.collect() }
}

/// A rule over lists of numbers, in arithmetic that the compiler can do, leaves at least one candidate.
fn leaves_something(rule: &Expr, axes: &[Axis<'_>]) -> Option<TokenStream> {
    if !is_arithmetic(rule) {
        return None;
    }
    let asked = mentions::of(rule, axes);
    let mut body = quote!(if !(#rule) { left += 1; });
    let mut combinations = 1_usize;
    for same in asked.chunk_by(|(a, _), (b, _)| a == b).rev() {
        let axis = &axes[same[0].0];
        // The axis of a const parameter goes by two names.
        let names = same.iter().map(|(_, name)| name);
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
        if values.is_empty() || values.iter().any(|value| literal::number(value).is_none()) {
            return None;
        }
        let len = values.len();
        combinations = combinations.saturating_mul(len);
        body = quote! {{
            let values: [#ty; #len] = [#(#values),*];
            let mut at = 0;
            while at < #len {
                #(let #names = values[at];)*
                #body
                at += 1;
            }
        }};
    }
    if combinations > COMBINATIONS {
        return None;
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
