//! The numbers of lists that rules leave, found while the struct is read.

use quote::ToTokens;
use syn::{BinOp, Expr, ExprLit, Ident, Lit, UnOp};

use crate::{
    mentions,
    model::{Axis, Choice, ChoiceValues, plain},
};

/// Combinations that are gone through; of more, a search counts the candidates before it begins.
const COMBINATIONS: usize = 4096;

/// A value in a rule.
#[derive(Clone, Copy, PartialEq)]
enum Value {
    Whole(i128),
    Real(f64),
    Truth(bool),
}

/// True where some combination of the axes' values is left by all rules, false where none is. `None` where that cannot
/// be told here: of an axis with a condition or a range, of values that are not written as numbers, and of what is not
/// arithmetic.
pub(crate) fn is_something(rules: &[Expr], axes: &[Axis<'_>]) -> Option<bool> {
    let mut asked: Vec<(usize, Ident)> = rules.iter().flat_map(|rule| mentions::of(rule, axes)).collect();
    asked.sort();
    asked.dedup();
    let mut lists: Vec<(Vec<String>, Vec<Value>)> = Vec::new();
    for same in asked.chunk_by(|(a, _), (b, _)| a == b) {
        let names = same.iter().map(|(_, name)| plain(name)).collect();
        lists.push((names, values(&axes[same[0].0])?));
    }
    let count = lists.iter().map(|(_, values)| values.len()).fold(1, usize::saturating_mul);
    if count > COMBINATIONS {
        return None;
    }
    for number in 0..count {
        let mut rest = number;
        let mut known: Vec<(&str, Value)> = Vec::new();
        for (names, values) in &lists {
            known.extend(names.iter().map(|name| (name.as_str(), values[rest % values.len()])));
            rest /= values.len();
        }
        let mut is_left = true;
        for rule in rules {
            match value(rule, &known)? {
                Value::Truth(forbids) => is_left &= !forbids,
                _ => return None,
            }
        }
        if is_left {
            return Some(true);
        }
    }
    Some(false)
}

/// The fault of the rule of this number, which leaves nothing of what the rules before it leave.
pub(crate) fn nothing(number: usize) -> &'static str {
    if number == 0 {
        "this rule forbids every candidate: nothing is left to search"
    } else {
        "this rule forbids every candidate that the rules before it leave: nothing is left to search"
    }
}

/// The values of an axis, where they are written as numbers.
fn values(axis: &Axis<'_>) -> Option<Vec<Value>> {
    if axis.when().is_some() {
        return None;
    }
    let is_real = match axis {
        Axis::Choice(_) => false,
        Axis::Inner(_) => return None,
        Axis::Layer(..) => true,
        Axis::Train(field, _) | Axis::Param(field, _) => match field.ty.to_token_stream().to_string().as_str() {
            "f64" => true,
            // It rounds, so that only the compiler knows what is equal.
            "f32" => return None,
            _ => false,
        },
    };
    let written = match axis {
        Axis::Choice(Choice { values: ChoiceValues::Widths(widths), .. }) => widths.as_slice(),
        _ => axis.domain()?.written(),
    };
    let one = |expr: &Expr| match (value(expr, &[])?, is_real) {
        (number @ Value::Real(_), true) | (number @ Value::Whole(_), false) => Some(number),
        _ => None,
    };
    let values: Vec<Value> = written.iter().map(one).collect::<Option<_>>()?;
    (!values.is_empty()).then_some(values)
}

fn value(expr: &Expr, known: &[(&str, Value)]) -> Option<Value> {
    match expr {
        Expr::Paren(inner) => value(&inner.expr, known),
        Expr::Group(inner) => value(&inner.expr, known),
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Int(int) => int.base10_parse().ok().map(Value::Whole),
            Lit::Float(float) => float.base10_parse().ok().map(Value::Real),
            Lit::Bool(truth) => Some(Value::Truth(truth.value)),
            _ => None,
        },
        Expr::Path(path) => {
            let name = plain(path.path.get_ident()?);
            known.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
        }
        Expr::Unary(unary) => match (&unary.op, value(&unary.expr, known)?) {
            (UnOp::Not(_), Value::Truth(truth)) => Some(Value::Truth(!truth)),
            (UnOp::Neg(_), Value::Whole(number)) => Some(Value::Whole(-number)),
            (UnOp::Neg(_), Value::Real(number)) => Some(Value::Real(-number)),
            _ => None,
        },
        Expr::Binary(binary) => {
            let left = value(&binary.left, known)?;
            match (&binary.op, left) {
                (BinOp::And(_), Value::Truth(false)) | (BinOp::Or(_), Value::Truth(true)) => return Some(left),
                _ => {}
            }
            match (left, value(&binary.right, known)?) {
                (Value::Whole(left), Value::Whole(right)) => whole(&binary.op, left, right),
                (Value::Real(left), Value::Real(right)) => real(&binary.op, left, right),
                (Value::Truth(left), Value::Truth(right)) => match &binary.op {
                    BinOp::And(_) | BinOp::Or(_) => Some(Value::Truth(right)),
                    BinOp::Eq(_) => Some(Value::Truth(left == right)),
                    BinOp::Ne(_) => Some(Value::Truth(left != right)),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// Arithmetic without sums and products, which may overflow their type.
fn whole(op: &BinOp, left: i128, right: i128) -> Option<Value> {
    compared(op, left.cmp(&right)).or_else(|| match op {
        BinOp::Rem(_) if left >= 0 && right > 0 => Some(Value::Whole(left % right)),
        BinOp::Div(_) if left >= 0 && right > 0 => Some(Value::Whole(left / right)),
        _ => None,
    })
}

fn real(op: &BinOp, left: f64, right: f64) -> Option<Value> {
    let number = match op {
        BinOp::Add(_) => left + right,
        BinOp::Sub(_) => left - right,
        BinOp::Mul(_) => left * right,
        BinOp::Div(_) => left / right,
        _ => return compared(op, left.partial_cmp(&right)?),
    };
    Some(Value::Real(number))
}

fn compared(op: &BinOp, order: std::cmp::Ordering) -> Option<Value> {
    let truth = match op {
        BinOp::Eq(_) => order.is_eq(),
        BinOp::Ne(_) => order.is_ne(),
        BinOp::Lt(_) => order.is_lt(),
        BinOp::Le(_) => order.is_le(),
        BinOp::Gt(_) => order.is_gt(),
        BinOp::Ge(_) => order.is_ge(),
        _ => return None,
    };
    Some(Value::Truth(truth))
}
