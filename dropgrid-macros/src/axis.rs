//! `#[grid(a, b, c)]`: a list of values.

use syn::{Attribute, Expr, ExprLit, Lit, Token, parse::Parser, punctuated::Punctuated};

/// The values of an axis.
pub(crate) struct Grid {
    pub(crate) values: Vec<Expr>,
}

impl Grid {
    /// Reads the attribute.
    pub(crate) fn parse(attr: &Attribute) -> syn::Result<Self> {
        let list = attr
            .meta
            .require_list()
            .map_err(|_| syn::Error::new_spanned(attr, "`#[grid]` needs values: write `#[grid(0.1, 0.2, 0.3)]`"))?;
        let values: Vec<Expr> =
            Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list.tokens.clone())?.into_iter().collect();
        if values.is_empty() {
            return Err(syn::Error::new_spanned(attr, "the grid is empty: write at least one value"));
        }
        for (at, value) in values.iter().enumerate() {
            if let Some(number) = number(value)
                && values[..at].iter().filter_map(self::number).any(|earlier| earlier.to_bits() == number.to_bits())
            {
                return Err(syn::Error::new_spanned(
                    value,
                    "this value stands in the grid already: every value would be trained twice",
                ));
            }
        }
        Ok(Self { values })
    }
}

/// The number that an expression writes out, with its sign.
pub(crate) fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => float.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse::<u64>().ok().map(|value| value as f64),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => number(&unary.expr).map(|value| -value),
        Expr::Paren(paren) => number(&paren.expr),
        Expr::Group(group) => number(&group.expr),
        _ => None,
    }
}
