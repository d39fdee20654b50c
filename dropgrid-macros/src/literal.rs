//! Facts about an expression that its tokens show.

use syn::{Expr, ExprLit, Lit, UnOp};

/// True of two values that are written alike; numbers are compared by value.
pub(crate) fn equal(a: &Expr, b: &Expr) -> bool {
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => return a == b,
        (Some(_), None) | (None, Some(_)) => {}
        (None, None) => {
            if let (Some(a), Some(b)) = (number(a), number(b)) {
                return a.total_cmp(&b).is_eq() || a == 0.0 && b == 0.0;
            }
        }
    }
    quote::quote!(#a).to_string() == quote::quote!(#b).to_string()
}

/// The number that an expression writes out, with its sign.
pub(crate) fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse::<u64>().ok().map(|value| value as f64),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => number(&unary.expr).map(|value| -value),
        Expr::Paren(paren) => number(&paren.expr),
        Expr::Group(group) => number(&group.expr),
        _ => None,
    }
}

/// True of a whole number that is written out and not negative.
pub(crate) fn is_whole(expr: &Expr) -> bool {
    whole(expr).is_some_and(|number| number >= 0)
}

/// The whole number that an expression writes out, with its sign.
fn whole(expr: &Expr) -> Option<i128> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => whole(&unary.expr).map(|value| -value),
        Expr::Paren(paren) => whole(&paren.expr),
        Expr::Group(group) => whole(&group.expr),
        _ => None,
    }
}

/// True of a name such as `ReLU`, which is no constant's.
pub(crate) fn is_name_of_a_type(expr: &Expr) -> bool {
    let Expr::Path(path) = expr else { return false };
    path.path.get_ident().is_some_and(|name| {
        let name = name.to_string();
        name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
    })
}

/// True where the compiler can do the expression while it compiles: numbers, names of constants, arithmetic on them.
pub(crate) fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(lit) => matches!(lit.lit, Lit::Int(_) | Lit::Float(_)),
        Expr::Path(_) => !is_name_of_a_type(expr),
        Expr::Paren(paren) => is_constant(&paren.expr),
        Expr::Group(group) => is_constant(&group.expr),
        Expr::Cast(cast) => is_constant(&cast.expr),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)) && is_constant(&unary.expr),
        Expr::Binary(binary) => is_constant(&binary.left) && is_constant(&binary.right),
        _ => false,
    }
}
