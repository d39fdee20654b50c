//! The values of an axis: `#[grid(..)]`, `#[uniform(..)]`, `#[log_uniform(..)]`, `#[quantized(..)]`, `#[fixed(..)]`.

use syn::{
    Attribute, Expr, ExprRange, Ident, RangeLimits, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{literal, ungroup};

/// The attributes that make an axis.
pub(crate) const KINDS: [&str; 5] = ["grid", "uniform", "log_uniform", "quantized", "fixed"];

/// An axis as its attribute says it.
pub(crate) struct Values {
    /// The layer's setting that the values are of, where it is named.
    pub(crate) setting: Option<Ident>,
    pub(crate) domain: Domain,
}

/// The values of an axis.
pub(crate) enum Domain {
    /// `a, b, c`.
    List(Vec<Expr>),
    /// `low..=high, step = step`.
    Stepped { low: Expr, high: Expr, step: Expr },
    /// `log(low..=high), points = points`.
    Log { low: Expr, high: Expr, points: Expr },
    /// Any number of a range.
    Continuous { low: Expr, high: Expr, inclusive: bool, log: bool },
}

impl Domain {
    pub(crate) fn is_continuous(&self) -> bool {
        matches!(self, Self::Continuous { .. })
    }

    /// The values as they are written, where they are written out.
    pub(crate) fn written(&self) -> &[Expr] {
        match self {
            Self::List(values) => values,
            Self::Stepped { .. } | Self::Log { .. } | Self::Continuous { .. } => &[],
        }
    }
}

/// An array that stands for the list of its values.
pub(crate) fn bracketed(values: &[Expr]) -> syn::Result<()> {
    match values {
        [array @ Expr::Array(_)] => Err(syn::Error::new_spanned(
            array,
            "the values stand in the attribute without brackets: write `#[grid(1, 2)]`",
        )),
        _ => Ok(()),
    }
}

impl Values {
    /// Reads an attribute of one of [`KINDS`].
    pub(crate) fn parse(attr: &Attribute) -> syn::Result<Self> {
        let kind = attr.path().require_ident()?.to_string();
        let list = attr.meta.require_list().map_err(|_| {
            syn::Error::new_spanned(attr, format!("`#[{kind}]` needs values: write `{}`", example(&kind)))
        })?;
        let parser = |input: ParseStream<'_>| {
            let setting = setting(input)?;
            let domain = match kind.as_str() {
                "grid" => grid(input, attr)?,
                "fixed" => fixed(input, attr)?,
                "quantized" => quantized(input, attr)?,
                log => continuous(input, attr, log == "log_uniform")?,
            };
            Ok(Self { setting, domain })
        };
        parser.parse2(list.tokens.clone())
    }
}

fn example(kind: &str) -> &'static str {
    match kind {
        "grid" => "#[grid(0.1, 0.2, 0.3)]",
        "uniform" => "#[uniform(0.0..0.5)]",
        "log_uniform" => "#[log_uniform(1e-4..1e-1)]",
        "quantized" => "#[quantized(0.0..=0.5, step = 0.1)]",
        _ => "#[fixed(0.1)]",
    }
}

/// Values with commas between them.
fn list(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    Ok(Punctuated::<Expr, Token![,]>::parse_terminated(input)?.into_iter().map(ungroup::expr).collect())
}

/// `momentum:` before the values.
fn setting(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        return Ok(Some(name));
    }
    Ok(None)
}

fn grid(input: ParseStream<'_>, attr: &Attribute) -> syn::Result<Domain> {
    let items = list(input)?;
    let Some(first) = items.first() else {
        return Err(syn::Error::new_spanned(attr, "the grid is empty: write at least one value"));
    };
    if let Expr::Range(range) = first {
        return stepped(range, argument(&items[1..], "step", first)?, "#[grid(0.0..=0.5, step = 0.1)]");
    }
    if let Some(range) = log_call(first) {
        return log_spaced(range?, argument(&items[1..], "points", first)?);
    }
    for (at, value) in items.iter().enumerate() {
        if let Expr::Assign(assign) = value {
            return Err(syn::Error::new_spanned(
                assign,
                "a list of values has no arguments: `step` stands after a range, `points` after `log(..)`",
            ));
        }
        if items[..at].iter().any(|earlier| literal::equal(earlier, value)) {
            const MESSAGE: &str = "this value stands in the grid already: every value would be trained twice";
            return Err(syn::Error::new_spanned(value, MESSAGE));
        }
    }
    Ok(Domain::List(items))
}

fn fixed(input: ParseStream<'_>, attr: &Attribute) -> syn::Result<Domain> {
    let items = list(input)?;
    match <[Expr; 1]>::try_from(items) {
        Ok([value]) => Ok(Domain::List(vec![value])),
        Err(items) => match items.get(1) {
            Some(second) => {
                Err(syn::Error::new_spanned(second, "a fixed axis has one value: write `#[grid(..)]` for several"))
            }
            None => Err(syn::Error::new_spanned(attr, "`#[fixed]` needs its value: write `#[fixed(0.1)]`")),
        },
    }
}

fn quantized(input: ParseStream<'_>, attr: &Attribute) -> syn::Result<Domain> {
    const WRITE: &str = "#[quantized(0.0..=0.5, step = 0.1)]";
    let items = list(input)?;
    match items.first() {
        Some(first @ Expr::Range(range)) => stepped(range, argument(&items[1..], "step", first)?, WRITE),
        Some(other) => Err(syn::Error::new_spanned(other, format!("`#[quantized]` takes a range: write `{WRITE}`"))),
        None => Err(syn::Error::new_spanned(attr, format!("`#[quantized]` takes a range: write `{WRITE}`"))),
    }
}

fn continuous(input: ParseStream<'_>, attr: &Attribute, log: bool) -> syn::Result<Domain> {
    let name = if log { "log_uniform" } else { "uniform" };
    let takes = || format!("`#[{name}]` takes a range: write `{}`", example(name));
    let items = list(input)?;
    let range = match items.first() {
        Some(Expr::Range(range)) => range,
        Some(other) => return Err(syn::Error::new_spanned(other, takes())),
        None => return Err(syn::Error::new_spanned(attr, takes())),
    };
    if let Some(extra) = items.get(1) {
        let message = format!("`#[{name}]` takes a range and nothing else; for steps write `{}`", example("quantized"));
        return Err(syn::Error::new_spanned(extra, message));
    }
    let inclusive = matches!(range.limits, RangeLimits::Closed(_));
    let (low, high) = ends(range)?;
    if log {
        above_zero(&low)?;
    }
    if let (Some(from), Some(to)) = (literal::number(&low), literal::number(&high))
        && from.total_cmp(&to).is_eq()
        && !inclusive
    {
        return Err(syn::Error::new_spanned(range, "the range is empty: its ends are equal"));
    }
    Ok(Domain::Continuous { low, high, inclusive, log })
}

/// `low..=high` with `step`, which must hit the high end.
fn stepped(range: &ExprRange, step: Expr, write: &str) -> syn::Result<Domain> {
    if matches!(range.limits, RangeLimits::HalfOpen(_)) {
        let message = format!("a range with steps has both its ends: write `..=`, as in `{write}`");
        return Err(syn::Error::new_spanned(range.limits, message));
    }
    let (low, high) = ends(range)?;
    if let Some(width) = literal::number(&step) {
        if width <= 0.0 || !width.is_finite() {
            return Err(syn::Error::new_spanned(&step, "the step is not above 0, so it never reaches the end"));
        }
        if let (Some(from), Some(to)) = (literal::number(&low), literal::number(&high)) {
            let steps = (to - from) / width;
            if (steps - steps.round()).abs() > 1e-9 * steps.max(1.0) {
                // Twelve decimals show the decimal number that was meant and not the binary one that is near it.
                let last = ((from + steps.floor() * width) * 1e12).round() / 1e12;
                let message = format!(
                    "the step never reaches the end: the last value would be {last}, write that or another step"
                );
                return Err(syn::Error::new_spanned(&step, message));
            }
        }
    }
    Ok(Domain::Stepped { low, high, step })
}

/// `log(low..=high)` with `points`.
fn log_spaced(range: &ExprRange, points: Expr) -> syn::Result<Domain> {
    if matches!(range.limits, RangeLimits::HalfOpen(_)) {
        let message =
            "a range with points has both its ends: write `..=`, as in `#[grid(log(1e-4..=1e-1), points = 4)]`";
        return Err(syn::Error::new_spanned(range.limits, message));
    }
    let (low, high) = ends(range)?;
    above_zero(&low)?;
    if literal::number(&points).is_some_and(|points| points < 2.0) {
        return Err(syn::Error::new_spanned(&points, "a range has at least 2 points, its two ends"));
    }
    Ok(Domain::Log { low, high, points })
}

/// The range inside `log(..)`.
fn log_call(expr: &Expr) -> Option<syn::Result<&ExprRange>> {
    let Expr::Call(call) = expr else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    if !path.path.is_ident("log") {
        return None;
    }
    Some(match call.args.first() {
        Some(Expr::Range(range)) if call.args.len() == 1 => Ok(range),
        _ => Err(syn::Error::new_spanned(expr, "`log` takes a range: write `log(1e-4..=1e-1), points = 4`")),
    })
}

/// The one argument `name = value` that follows a range.
fn argument(items: &[Expr], name: &str, range: &Expr) -> syn::Result<Expr> {
    let write = if name == "step" { "0.0..=0.5, step = 0.1" } else { "log(1e-4..=1e-1), points = 4" };
    let Some(first) = items.first() else {
        let any = if name == "step" { "; for any number of a range, `#[uniform(0.0..0.5)]`" } else { "" };
        let message = format!("a range in a grid needs `{name}`: write `{write}`{any}");
        return Err(syn::Error::new_spanned(range, message));
    };
    if let Some(extra) = items.get(1) {
        return Err(syn::Error::new_spanned(extra, format!("after a range stands `{name} = ..` and nothing else")));
    }
    let Expr::Assign(assign) = first else {
        return Err(syn::Error::new_spanned(first, format!("after a range stands `{name} = ..`: write `{write}`")));
    };
    match &*assign.left {
        Expr::Path(path) if path.path.is_ident(name) => Ok((*assign.right).clone()),
        other => {
            let given = quote::quote!(#other).to_string();
            let near = crate::errors::nearest(&given, &[name]);
            let hint = near.map_or_else(|| format!("write `{write}`"), |near| format!("did you mean `{near}`?"));
            Err(syn::Error::new_spanned(other, format!("unknown argument `{given}`: {hint}")))
        }
    }
}

/// Both ends of a range, in order where they are written as numbers.
fn ends(range: &ExprRange) -> syn::Result<(Expr, Expr)> {
    let (Some(low), Some(high)) = (&range.start, &range.end) else {
        return Err(syn::Error::new_spanned(range, "the range needs both its ends"));
    };
    if let (Some(from), Some(to)) = (literal::number(low), literal::number(high))
        && from > to
    {
        return Err(syn::Error::new_spanned(range, "the range is upside down: its low end comes first"));
    }
    Ok(((**low).clone(), (**high).clone()))
}

fn above_zero(low: &Expr) -> syn::Result<()> {
    if literal::number(low).is_some_and(|low| low <= 0.0) {
        return Err(syn::Error::new_spanned(
            low,
            "a logarithmic range starts above 0: write a small number such as 1e-6",
        ));
    }
    Ok(())
}
