//! The rules of the values of axes.

use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Lit, PathArguments, Type, UnOp};

use super::is_number;
use crate::{
    axis::Values,
    errors::Errors,
    literal,
    model::{Axis, Field, Model, plain},
    settings,
};

/// A value that is written out has the type of its hyperparameter.
pub(super) fn are_of_their_type(model: &Model, errors: &mut Errors) {
    for axis in model.axes() {
        match &axis {
            Axis::Layer(field, values) => of_layer(field, values, errors),
            Axis::Train(field, hyper) => {
                let name = plain(&field.name);
                // Of another type there is an error already.
                if settings::named(&name) == Some(&*name) {
                    of_type(&axis, settings::ty(&name), hyper.domain.written(), errors);
                }
            }
            Axis::Param(field, hyper) => {
                let ty = field.ty.to_token_stream().to_string();
                of_type(&axis, &ty, hyper.domain.written(), errors);
            }
            Axis::Choice(_) | Axis::Inner(_) => {}
        }
    }
}

/// The values are of the type `ty`, where that is a primitive one or one of the recipe's.
fn of_type(axis: &Axis<'_>, ty: &str, values: &[Expr], errors: &mut Errors) {
    for value in values {
        if let Some(advice) = advice(value, ty) {
            errors.at(value, format!("`{}` is of type `{ty}`: {advice}", axis.text()));
        }
    }
}

/// The values of a layer are numbers with a fraction: no widths and no layers.
fn of_layer(field: &Field, values: &Values, errors: &mut Errors) {
    let (written, name) = (values.domain.written(), plain(&field.name));
    let listed = quote!(#(#written),*).to_string().replace(" ,", ",");
    if let Some(layer) = written.iter().find(|value| literal::is_name_of_a_type(value)) {
        let param = camel(&name);
        let message = format!(
            "layers are searched as types: write `#[grid({listed})] {param}` among the struct's generics, and `{name}: {param}`"
        );
        errors.at(layer, message);
    } else if let Some(value) = written.iter().find(|value| literal::is_whole(value)) {
        let number = value.to_token_stream();
        let width = match &field.ty {
            Type::Path(path) if values.setting.is_none() => {
                path.path.segments.last().is_some_and(|last| matches!(last.arguments, PathArguments::AngleBracketed(_)))
            }
            _ => false,
        };
        let param = name.to_uppercase();
        let advice = if width {
            format!("; to search a width, write `#[grid({listed})] const {param}: usize` among the struct's generics")
        } else {
            String::new()
        };
        errors.at(value, format!("the values of `{name}` are of type `f64`: write `{number}.0`{advice}"));
    }
}

/// `second_act` as the name of a type: `SecondAct`.
fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    name.split('_').map(capital).collect()
}

/// What to write in place of a value that is none of the type `ty`. Other expressions than literals are for the
/// compiler.
fn advice(value: &Expr, ty: &str) -> Option<String> {
    let (is_negative, literal) = match value {
        Expr::Lit(ExprLit { lit, .. }) => (false, lit),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match &*unary.expr {
            Expr::Lit(ExprLit { lit, .. }) => (true, lit),
            _ => return None,
        },
        _ => return None,
    };
    if !is_number(ty) {
        let example = settings::example(ty)?;
        return Some(format!("write a value such as `{example}`"));
    }
    let is_fraction = ty.starts_with('f');
    match literal {
        _ if ty == "bool" => (!matches!(literal, Lit::Bool(_))).then(|| "write `true` or `false`".to_owned()),
        Lit::Float(number) if !is_fraction => Some(match number.base10_parse::<f64>() {
            Ok(number) if number.fract() == 0.0 && !(is_negative && ty.starts_with('u')) => {
                format!("write `{}{number:.0}`", if is_negative { "-" } else { "" })
            }
            _ => "write a whole number".to_owned(),
        }),
        Lit::Int(_) if is_negative && ty.starts_with('u') => Some("write a number from 0".to_owned()),
        Lit::Int(number) if is_fraction && number.suffix().is_empty() => {
            Some(format!("write `{}{number}.0`", if is_negative { "-" } else { "" }))
        }
        Lit::Int(_) | Lit::Float(_) => None,
        _ if is_fraction => Some("write a number".to_owned()),
        _ => Some("write a whole number".to_owned()),
    }
}
