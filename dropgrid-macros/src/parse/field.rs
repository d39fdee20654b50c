//! Fields: layers, training settings and hyperparameters.

use syn::{Attribute, Expr, Ident, Lit, LitStr, Token, Type, ext::IdentExt, parse::ParseStream, parse::Parser};

use super::attributes::Attributes;
use crate::{
    advice,
    axis::{Domain, Values, bracketed},
    errors::Errors,
    model::{ColumnName, Columns, Field, Hyper, Role, Tie, plain},
    settings, ungroup,
};

/// Types that no layer has: a field of one is a hyperparameter.
const PRIMITIVES: [&str; 15] =
    ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "bool", "char", "String"];

pub(super) fn parse(field: syn::Field, errors: &mut Errors) -> Option<Field> {
    let syn::Field { attrs, ident, ty, .. } = field;
    let name = ident?;
    let ours = Attributes::sort(attrs, "field", errors);
    let values = match &ours.axis {
        Some(attr) => Some(errors.take(Values::parse(attr))?),
        None => None,
    };
    let when = match &ours.when {
        Some(attr) => Some(errors.take(condition(attr))?),
        None => None,
    };
    let mut ties = Vec::new();
    for attr in &ours.sets {
        ties.extend(errors.take(self::ties(attr)).into_iter().flatten());
    }

    if ours.searchable.is_some() {
        has_hyperparameters_inside(&name, &ours, errors);
        let role = Role::Layer { axis: None, ties: Vec::new() };
        return Some(Field { attrs: ours.passed, name, inner: Some(ty.clone()), ty, role, columns: None });
    }
    let role = match (&ours.train, &ours.param) {
        (Some(_), Some(param)) => {
            errors.at(param, "a field is a training setting or a hyperparameter of your own: remove one of the two");
            return None;
        }
        (None, None) if !is_primitive(&ty) => {
            if let Some(attr) = &ours.when {
                errors.at(attr, ALWAYS_THERE);
            }
            if is_value(&ty) {
                let advice = advice::on_layers_in(&ty);
                let message = format!(
                    "this type is no layer: {advice}where `{}` is a hyperparameter of your own, put `#[param]` on it",
                    plain(&name)
                );
                errors.at(&ty, message);
                return None;
            }
            if let Some(values) = &values {
                errors.take(bracketed(values.domain.written()));
            }
            if let Some(value) = values.as_ref().and_then(|values| value_of_own_type(values, &ty)) {
                let text = plain(&name);
                let advice = match settings::named(&text) {
                    Some(setting) if setting == text => {
                        format!(", and `{text}` is a training setting: put `#[train]` on it")
                    }
                    _ => {
                        format!(": write one, or, where `{text}` is a hyperparameter of your own, put `#[param]` on it")
                    }
                };
                let message = format!("the values of a layer are numbers{advice}");
                errors.at(value, message);
                return None;
            }
            Role::Layer { axis: values, ties }
        }
        (train, _) => {
            if is_primitive(&ty)
                && let Some(values) = &values
            {
                errors.take(bracketed(values.domain.written()));
            }
            if let Some(attr) = ours.sets.first() {
                errors.at(attr, "`#[set(..)]` stands on a layer, whose setting it ties to a hyperparameter");
            }
            let what = match (train, &ours.param) {
                (Some(_), _) => Said::Train,
                (None, Some(_)) => Said::Param,
                (None, None) => Said::Nothing,
            };
            if values.is_none() && ours.has_unknown {
                return None;
            }
            let domain = hyper(&name, &ty, values, what, errors)?;
            let hyper = Hyper { domain, when };
            if train.is_some() { Role::Train(hyper) } else { Role::Param(hyper) }
        }
    };
    let columns = match &ours.columns {
        Some(attr) if matches!(role, Role::Layer { .. }) => Some(errors.take(columns(attr))?),
        Some(attr) => {
            errors.at(attr, "`#[columns(..)]` stands on a layer, which takes the columns");
            None
        }
        None => None,
    };
    Some(Field { attrs: ours.passed, name, ty, role, columns, inner: None })
}

/// A searchable struct that is a layer has its hyperparameters inside.
fn has_hyperparameters_inside(name: &Ident, ours: &Attributes, errors: &mut Errors) {
    let name = plain(name);
    for attr in ours.axis.iter().chain(&ours.sets) {
        errors.at(attr, format!("the hyperparameters of `{name}` are the fields of its struct: write this there"));
    }
    for attr in ours.train.iter().chain(&ours.param).chain(&ours.columns) {
        let word = attr.path().get_ident().map(plain).unwrap_or_default();
        errors.at(attr, format!("`#[searchable]` says that `{name}` is a layer: remove `#[{word}]`"));
    }
    if let Some(attr) = &ours.when {
        errors.at(attr, ALWAYS_THERE);
    }
}

const ALWAYS_THERE: &str =
    "a layer is always there: put `#[when(..)]` on a hyperparameter, and tie the layer to it by `#[set(..)]`";

/// `#[columns(age, "ticket class")]`, or `#[columns(..)]`.
fn columns(attr: &Attribute) -> syn::Result<Columns> {
    const EXAMPLE: &str = "`#[columns(..)]` takes names of columns: write `#[columns(age, fare)]`, `#[columns(\"Sepal.Length\")]` for a \
                           name that is no identifier, or `#[columns(..)]` for all that no other field names";
    let list = attr.meta.require_list().map_err(|_| syn::Error::new_spanned(attr, EXAMPLE))?;
    let parser = |input: ParseStream<'_>| {
        let mut names: Vec<ColumnName> = Vec::new();
        let mut rest = false;
        while !input.is_empty() {
            if input.peek(Token![..]) {
                let dots: Token![..] = input.parse()?;
                if rest {
                    return Err(syn::Error::new_spanned(dots, "the other columns are named by one `..`"));
                }
                rest = true;
            } else {
                let name = if input.peek(LitStr) {
                    ColumnName::Text(input.parse()?)
                } else {
                    ColumnName::Ident(
                        input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), EXAMPLE))?,
                    )
                };
                if names.iter().any(|other| other.text() == name.text()) {
                    return Err(syn::Error::new(name.span(), format!("the column `{}` is named twice", name.text())));
                }
                names.push(name);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Columns { attr: attr.clone(), names, rest })
    };
    let columns = parser.parse2(list.tokens.clone())?;
    if columns.names.is_empty() && !columns.rest {
        return Err(syn::Error::new_spanned(attr, EXAMPLE));
    }
    Ok(columns)
}

/// The value of an axis that shows that its field is a hyperparameter: text, a truth value, or one of the field's type,
/// such as `Kind::Small` for `Kind`.
fn value_of_own_type<'a>(values: &'a Values, ty: &Type) -> Option<&'a Expr> {
    let Type::Path(ty) = ty else { return None };
    let own = &ty.path.segments.last()?.ident;
    let shows = |value: &&Expr| {
        let mut value = *value;
        loop {
            value = match value {
                Expr::Call(call) => &call.func,
                Expr::Paren(paren) => &paren.expr,
                Expr::Group(group) => &group.expr,
                Expr::Lit(lit) => return matches!(lit.lit, Lit::Str(_) | Lit::Bool(_) | Lit::Char(_)),
                Expr::Struct(value) => return value.path.segments.last().is_some_and(|last| last.ident == *own),
                Expr::Path(path) => return path.path.segments.iter().rev().skip(1).any(|part| part.ident == *own),
                _ => return false,
            }
        }
    };
    values.domain.written().iter().find(shows)
}

/// True where a type is one of values and never of layers.
fn is_value(ty: &Type) -> bool {
    const VALUES: [&str; 5] = ["Option", "Vec", "Box", "u128", "i128"];
    match ty {
        Type::Reference(_) | Type::Array(_) | Type::Slice(_) => true,
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| VALUES.iter().any(|value| last.ident == value))
        }
        _ => false,
    }
}

/// The attribute that gives a field without a layer its role, if it has one.
#[derive(Clone, Copy)]
enum Said {
    Train,
    Param,
    Nothing,
}

/// The values of a field that is no layer.
fn hyper(name: &Ident, ty: &Type, values: Option<Values>, said: Said, errors: &mut Errors) -> Option<Domain> {
    match values {
        Some(Values { setting: None, domain }) => Some(domain),
        Some(Values { setting: Some(setting), .. }) => {
            errors.at(setting, "this field is one value and has no settings: write its values alone");
            None
        }
        None => {
            let (text, ty) = (plain(name), quote::quote!(#ty).to_string());
            let (attr, what) = match said {
                Said::Train => ("#[train] ", "training setting"),
                Said::Param | Said::Nothing => ("", "hyperparameter"),
            };
            let advice = advice::meant(&text, &ty).filter(|_| matches!(said, Said::Nothing));
            let advice = advice.unwrap_or_else(|| format!("write `{attr}#[grid(..)] {text}: {ty}`"));
            errors.at(name, format!("the {what} `{text}` has no values: {advice}"));
            None
        }
    }
}

fn is_primitive(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if PRIMITIVES.iter().any(|name| path.path.is_ident(name)))
}

/// `#[when(condition)]`.
pub(super) fn condition(attr: &Attribute) -> syn::Result<Expr> {
    let example = "`#[when(..)]` takes a condition: write `#[when(optimizer.is_sgd())]`";
    let list = attr.meta.require_list().map_err(|_| syn::Error::new_spanned(attr, example))?;
    if list.tokens.is_empty() {
        return Err(syn::Error::new_spanned(attr, example));
    }
    syn::parse2(list.tokens.clone()).map(ungroup::expr)
}

/// `#[set(p = rate / 2.0, ..)]`.
fn ties(attr: &Attribute) -> syn::Result<Vec<Tie>> {
    let example = "`#[set(..)]` takes a setting and its value: write `#[set(p = rate / 2.0)]`";
    let list = attr.meta.require_list().map_err(|_| syn::Error::new_spanned(attr, example))?;
    let parser = |input: ParseStream<'_>| {
        let mut ties = Vec::new();
        while !input.is_empty() {
            let setting = input.call(Ident::parse_any)?;
            // At the end of the input syn has the whole macro call to point at.
            let incomplete = || syn::Error::new_spanned(&setting, example);
            let equals: Option<Token![=]> = input.parse().map_err(|_| incomplete())?;
            if equals.is_none() || input.is_empty() {
                return Err(incomplete());
            }
            let value = ungroup::expr(input.parse()?);
            ties.push(Tie { setting, value });
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(ties)
    };
    let ties = parser.parse2(list.tokens.clone())?;
    if ties.is_empty() { Err(syn::Error::new_spanned(attr, example)) } else { Ok(ties) }
}
