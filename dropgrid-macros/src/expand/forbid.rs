//! Rules that leave nothing, found while the struct is compiled.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, Ident, Lit, UnOp, spanned::Spanned};

use super::{Names, Part, located, told::told};
use crate::{
    leftover, literal, mentions,
    model::{Axis, ChoiceValues, Model},
};

/// Combinations that the compiler goes through for one rule; of more, a search counts the candidates before it begins.
const COMBINATIONS: usize = 4096;

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let axes = model.axes();
    let rules = &model.options.forbid;
    let checks = (0..rules.len()).filter_map(|last| leaves_something(&rules[..=last], &axes, names));
    Part { items: TokenStream::new(), impls: checks.collect() }
}

/// The last of these rules over lists of numbers, in arithmetic that the compiler can do, leaves at least one candidate
/// of those that the others leave.
fn leaves_something(rules: &[Expr], axes: &[Axis<'_>], names: &Names) -> Option<TokenStream> {
    // What is written in numbers was decided when it was read.
    if !rules.iter().all(is_arithmetic) || leftover::is_something(rules, axes).is_some() {
        return None;
    }
    // An axis may be called like one of these.
    let [left, values_of, at_of] = ["left", "values", "at"].map(|name| Ident::new(name, Span::mixed_site()));
    let mut asked: Vec<(usize, Ident)> = rules.iter().flat_map(|rule| mentions::of(rule, axes)).collect();
    asked.sort();
    asked.dedup();
    let mut body = quote!(if #(!(#rules))&&* { #left += 1; });
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
            Axis::Inner(_) => return None,
            Axis::Train(field, hyper) | Axis::Param(field, hyper) => {
                let ty = &field.ty;
                (quote!(#ty), hyper.domain.written())
            }
        };
        if values.is_empty() || !values.iter().all(literal::is_constant) {
            return None;
        }
        let len = values.len();
        combinations = combinations.saturating_mul(len);
        body = quote! {{
            let #values_of: [#ty; #len] = [#(#values),*];
            let mut #at_of = 0;
            while #at_of < #len {
                #(let #names = #values_of[#at_of];)*
                #body
                #at_of += 1;
            }
        }};
    }
    if combinations > COMBINATIONS {
        return None;
    }
    let (last, sentence) = (rules.last()?, if rules.len() == 1 { "LeavesSome" } else { "LeavesSomeMore" });
    let span = last.span();
    let core = located(&names.core, last.span());
    let sentence_name = Ident::new(sentence, span);
    let fault = quote!({
        let mut #left = 0_usize;
        #body
        if #left == 0 {
            ::core::option::Option::Some(<#core::Holds<true> as #core::#sentence_name>::TEXT)
        } else {
            ::core::option::Option::None
        }
    });
    Some(told(&fault, &[sentence], None, &core, span))
}

/// True where an expression is made of numbers, names, arithmetic, comparisons and logic alone.
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
