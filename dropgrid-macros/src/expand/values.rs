//! Checks of an axis' values that the compiler makes while it compiles the struct: constants that repeat a value,
//! ranges that have none, steps that miss their end. What is written in numbers was checked when it was read.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Type, spanned::Spanned};

use super::{
    Names, Part, located,
    told::{OF_RANGES, told},
};
use crate::{
    axis::Domain,
    literal,
    model::{Axis, ChoiceValues, Model},
};

/// Numbers that the compiler can compare.
const NUMBERS: [&str; 12] = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64"];

/// Values of a list that are compared by the compiler; of more, a search does it before it begins.
const COMPARED: usize = 256;

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let checks = model.axes().iter().flat_map(|axis| of_axis(axis, model, names)).collect();
    Part { items: TokenStream::new(), impls: checks }
}

fn of_axis(axis: &Axis<'_>, model: &Model, names: &Names) -> Vec<TokenStream> {
    let ty = axis.ty(model, names);
    let is_number = syn::parse2::<Type>(ty.clone())
        .is_ok_and(|ty| NUMBERS.iter().any(|name| matches!(&ty, Type::Path(path) if path.path.is_ident(name))));
    if !is_number {
        return Vec::new();
    }
    match axis {
        Axis::Choice(choice) => match &choice.values {
            ChoiceValues::Widths(values) => distinct(values, &ty, names),
            ChoiceValues::Types(_) => Vec::new(),
        },
        Axis::Inner(_) => Vec::new(),
        Axis::Layer(_, values) => of_domain(&values.domain, &ty, names),
        Axis::Train(_, hyper) | Axis::Param(_, hyper) => of_domain(&hyper.domain, &ty, names),
    }
}

fn of_domain(domain: &Domain, ty: &TokenStream, names: &Names) -> Vec<TokenStream> {
    let (kind, numbers, setting, place) = match domain {
        Domain::List(values) => return distinct(values, ty, names),
        Domain::Stepped { low, high, step } => {
            // The double of a single-precision number is off by half of its last place.
            let tolerance = if ty.to_string() == "f32" { 1e-5 } else { 1e-9 };
            (quote!(stepped), vec![low, high, step], quote!(#tolerance), step)
        }
        Domain::Log { low, high, points } => (quote!(log_grid), vec![low, high], quote!(#points as f64), low),
        Domain::Continuous { low, high, inclusive, log } => {
            let kind = if *log { quote!(log_range) } else { quote!(range) };
            (kind, vec![low, high], quote!(#inclusive), high)
        }
    };
    let is_new = numbers.iter().any(|number| literal::number(number).is_none());
    if !is_new || !numbers.iter().all(|number| literal::is_constant(number)) {
        return Vec::new();
    }
    let core = located(&names.core, place.span());
    let fault = quote!(#core::#kind(#({ let number: #ty = #numbers; number as f64 },)* #setting));
    vec![told(&fault, &OF_RANGES, None, &core, place.span())]
}

/// Each value that is a constant, or stands after one, is none of those before it.
fn distinct(values: &[Expr], ty: &TokenStream, names: &Names) -> Vec<TokenStream> {
    let is_constant = |value: &&Expr| literal::is_constant(value);
    let constants: Vec<&Expr> = values.iter().filter(is_constant).take(COMPARED).collect();
    let named = constants.iter().position(|value| literal::number(value).is_none());
    let later = named.unwrap_or(constants.len()).max(1)..constants.len();
    let check = |at: usize| {
        let (earlier, value) = (&constants[..at], constants[at]);
        let core = located(&names.core, value.span());
        told(&quote!(#core::distinct!(#ty, [#(#earlier),*], #value)), &["Once"], None, &core, value.span())
    };
    later.map(check).collect()
}
