//! Architectures that occur: the conditions of searched parameters are decided while the struct is read, so that the
//! compiler makes no network that no candidate has.

#[cfg(test)]
mod tests;

use syn::{
    BinOp, Expr, ExprLit, ExprMacro, Ident, Lit, Pat, Token, UnOp,
    parse::{ParseStream, Parser},
    spanned::Spanned,
};

use crate::model::{Choice, ChoiceValues, Model, choice_enum};

/// The grammar of a condition, for messages.
const WRITE: &str = "the condition of a parameter is decided while the struct is read: compare whole numbers and layers \
                     of parameters, as in `DEPTH > 1` or `act == MlpAct::Tanh`";

/// The architectures that occur, each by the positions of the parameters, the last parameter fastest. A parameter whose
/// condition does not hold stands at its first value.
///
/// # Errors
/// The first fault of a condition.
pub(crate) fn architectures(model: &Model) -> syn::Result<Vec<Vec<usize>>> {
    let mut all = vec![Vec::new()];
    for choice in &model.choices {
        let mut longer = Vec::new();
        for at in all {
            let count = if exists(model, choice, &at)? { choice.values.len() } else { 1 };
            longer.extend((0..count).map(|position| [at.as_slice(), &[position]].concat()));
        }
        all = longer;
    }
    Ok(all)
}

/// True where an architecture has the parameter. Of the architecture the parameters before it are asked.
///
/// # Errors
/// A fault of the condition.
pub(crate) fn exists(model: &Model, choice: &Choice, at: &[usize]) -> syn::Result<bool> {
    let Some(when) = &choice.when else { return Ok(true) };
    match (Candidate { model, at }).value(when)? {
        Value::Truth(truth) => Ok(truth),
        _ => Err(syn::Error::new_spanned(when, WRITE)),
    }
}

/// A value in a condition.
#[derive(Clone, PartialEq)]
enum Value {
    Number(u64),
    Truth(bool),
    /// A variant of a searched type's enum.
    Layer(String),
    /// A parameter that has a condition itself.
    Optional(Option<Box<Value>>),
}

/// The parameters of one architecture, or the first of them.
struct Candidate<'a> {
    model: &'a Model,
    at: &'a [usize],
}

impl Candidate<'_> {
    fn value(&self, expr: &Expr) -> syn::Result<Value> {
        let refuse = || Err(syn::Error::new_spanned(expr, WRITE));
        match expr {
            Expr::Paren(inner) => self.value(&inner.expr),
            Expr::Group(inner) => self.value(&inner.expr),
            Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().map(Value::Number),
            Expr::Lit(ExprLit { lit: Lit::Bool(truth), .. }) => Ok(Value::Truth(truth.value)),
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) if name == "None" => Ok(Value::Optional(None)),
                Some(name) => self.parameter(name),
                None => self.layer(expr),
            },
            Expr::Unary(unary) => match (&unary.op, self.value(&unary.expr)?) {
                (UnOp::Not(_), Value::Truth(truth)) => Ok(Value::Truth(!truth)),
                _ => refuse(),
            },
            Expr::Binary(binary) => self.binary(binary, expr),
            Expr::Call(call) => match (&*call.func, call.args.first()) {
                (Expr::Path(path), Some(inner)) if path.path.is_ident("Some") && call.args.len() == 1 => {
                    Ok(Value::Optional(Some(Box::new(self.value(inner)?))))
                }
                _ => refuse(),
            },
            Expr::MethodCall(call) if call.args.is_empty() => {
                match (self.value(&call.receiver)?, call.method.to_string().as_str()) {
                    (Value::Optional(value), "is_some") => Ok(Value::Truth(value.is_some())),
                    (Value::Optional(value), "is_none") => Ok(Value::Truth(value.is_none())),
                    _ => refuse(),
                }
            }
            Expr::Macro(mac) if mac.mac.path.is_ident("matches") => self.matches(mac),
            _ => refuse(),
        }
    }

    fn binary(&self, binary: &syn::ExprBinary, expr: &Expr) -> syn::Result<Value> {
        let left = self.value(&binary.left)?;
        // What decides alone leaves the other side unasked, as in Rust.
        match (&binary.op, &left) {
            (BinOp::And(_), Value::Truth(false)) | (BinOp::Or(_), Value::Truth(true)) => return Ok(left),
            _ => {}
        }
        let right = self.value(&binary.right)?;
        match (&binary.op, left, right) {
            (BinOp::And(_) | BinOp::Or(_), Value::Truth(_), Value::Truth(right)) => Ok(Value::Truth(right)),
            (BinOp::Eq(_), left, right) if same_kind(&left, &right) => Ok(Value::Truth(left == right)),
            (BinOp::Ne(_), left, right) if same_kind(&left, &right) => Ok(Value::Truth(left != right)),
            (op, Value::Number(left), Value::Number(right)) => {
                let number = match op {
                    BinOp::Lt(_) => return Ok(Value::Truth(left < right)),
                    BinOp::Le(_) => return Ok(Value::Truth(left <= right)),
                    BinOp::Gt(_) => return Ok(Value::Truth(left > right)),
                    BinOp::Ge(_) => return Ok(Value::Truth(left >= right)),
                    BinOp::Add(_) => left.checked_add(right),
                    BinOp::Sub(_) => left.checked_sub(right),
                    BinOp::Mul(_) => left.checked_mul(right),
                    BinOp::Div(_) => left.checked_div(right),
                    BinOp::Rem(_) => left.checked_rem(right),
                    _ => return Err(syn::Error::new_spanned(expr, WRITE)),
                };
                let message = "this arithmetic leaves the whole numbers from 0 on for some architecture: write it the \
                               other way round, `DEPTH > 2` for `DEPTH - 2 > 0`";
                number.map(Value::Number).ok_or_else(|| syn::Error::new_spanned(expr, message))
            }
            _ => Err(syn::Error::new_spanned(expr, WRITE)),
        }
    }

    /// The value of a parameter, by its own name or that of its axis.
    fn parameter(&self, name: &Ident) -> syn::Result<Value> {
        let is = |choice: &Choice| choice.param == *name || choice.axis == *name;
        let known = self.model.choices.iter().zip(self.at).enumerate().find(|(_, (choice, _))| is(choice));
        let Some((number, (choice, &position))) = known else { return Err(syn::Error::new_spanned(name, WRITE)) };
        let value = match &choice.values {
            ChoiceValues::Widths(widths) => match number_of(&widths[position]) {
                Some(width) => Value::Number(width),
                None => {
                    let message = format!(
                        "the condition of a parameter is decided while the struct is read, and the widths of `{name}` \
                         are not all written as numbers: write them out in its `#[grid(..)]`"
                    );
                    return Err(syn::Error::new_spanned(name, message));
                }
            },
            ChoiceValues::Types(types) => Value::Layer(types[position].0.to_string()),
        };
        if choice.when.is_none() {
            return Ok(value);
        }
        let exists = exists(self.model, choice, &self.at[..number])?;
        Ok(Value::Optional(exists.then(|| Box::new(value))))
    }

    /// `MlpAct::ReLU`.
    fn layer(&self, expr: &Expr) -> syn::Result<Value> {
        let refuse = || syn::Error::new_spanned(expr, WRITE);
        let Expr::Path(path) = expr else { return Err(refuse()) };
        let mut parts = path.path.segments.iter().rev().map(|part| &part.ident);
        let (Some(variant), Some(words)) = (parts.next(), parts.next()) else { return Err(refuse()) };
        let of_enum = |choice: &&Choice| choice_enum(self.model, choice) == *words;
        let Some(choice) = self.model.choices.iter().find(of_enum) else { return Err(refuse()) };
        let ChoiceValues::Types(types) = &choice.values else { return Err(refuse()) };
        if types.iter().any(|(name, _)| name == variant) {
            return Ok(Value::Layer(variant.to_string()));
        }
        let known: Vec<String> = types.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("`{words}` has no layer `{variant}`: it has {}", known.join(", "));
        Err(syn::Error::new_spanned(variant, message))
    }

    /// `matches!(act, MlpAct::ReLU | MlpAct::Tanh)`.
    fn matches(&self, mac: &ExprMacro) -> syn::Result<Value> {
        let parser = |input: ParseStream<'_>| {
            let asked: Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Option<Token![,]>>()?;
            Ok((asked, pattern))
        };
        let (asked, pattern) =
            parser.parse2(mac.mac.tokens.clone()).map_err(|_| syn::Error::new_spanned(mac, WRITE))?;
        self.fits(&self.value(&asked)?, &pattern).map(Value::Truth)
    }

    fn fits(&self, value: &Value, pattern: &Pat) -> syn::Result<bool> {
        let refuse = || Err(syn::Error::new(pattern.span(), WRITE));
        match (pattern, value) {
            (Pat::Wild(_), _) => Ok(true),
            (Pat::Paren(inner), _) => self.fits(value, &inner.pat),
            (Pat::Or(or), _) => {
                for case in &or.cases {
                    if self.fits(value, case)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Pat::Lit(lit), _) => self.equals(value, &Expr::Lit(lit.clone())),
            (Pat::Path(path), _) => self.equals(value, &Expr::Path(path.clone())),
            (Pat::Ident(name), Value::Optional(inner)) if name.ident == "None" => Ok(inner.is_none()),
            (Pat::TupleStruct(some), Value::Optional(inner)) if some.path.is_ident("Some") => {
                match (inner, some.elems.first()) {
                    (Some(inner), Some(pattern)) if some.elems.len() == 1 => self.fits(inner, pattern),
                    (None, Some(_)) => Ok(false),
                    _ => refuse(),
                }
            }
            _ => refuse(),
        }
    }

    fn equals(&self, value: &Value, expr: &Expr) -> syn::Result<bool> {
        let other = self.value(expr)?;
        if same_kind(value, &other) { Ok(*value == other) } else { Err(syn::Error::new_spanned(expr, WRITE)) }
    }
}

/// True of values that Rust compares.
fn same_kind(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Optional(Some(left)), Value::Optional(Some(right))) => same_kind(left, right),
        (Value::Optional(_), Value::Optional(_)) => true,
        _ => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

/// The width that an expression writes out.
fn number_of(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_parse().ok(),
        Expr::Paren(inner) => number_of(&inner.expr),
        Expr::Group(inner) => number_of(&inner.expr),
        _ => None,
    }
}
