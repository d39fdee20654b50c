//! Fields: layers, training settings and hyperparameters.

use syn::{Attribute, Expr, Ident, Token, Type, ext::IdentExt, parse::ParseStream, parse::Parser};

use super::{is_axis, take_ours};
use crate::{
    axis::{Domain, Values},
    errors::Errors,
    model::{Field, Hyper, Role, Tie, plain},
};

/// Types that no layer has: a field of one is a hyperparameter.
const PRIMITIVES: [&str; 15] =
    ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "f32", "f64", "bool", "char", "String"];

pub(super) fn parse(field: syn::Field, errors: &mut Errors) -> Option<Field> {
    let syn::Field { mut attrs, ident, ty, .. } = field;
    let name = ident?;
    let ours = take_ours(&mut attrs);
    unconditional(&attrs, errors);

    let mut axes = ours.iter().filter(|attr| is_axis(attr));
    let axis = axes.next();
    if let Some(second) = axes.next() {
        errors.at(second, "this field has an axis already: remove one of the two");
    }
    let values = match axis {
        Some(attr) => Some(errors.take(Values::parse(attr))?),
        None => None,
    };
    let find = |name: &str| ours.iter().find(|attr| attr.path().is_ident(name));
    let when = match find("when") {
        Some(attr) => Some(errors.take(condition(attr))?),
        None => None,
    };
    let mut ties = Vec::new();
    for attr in ours.iter().filter(|attr| attr.path().is_ident("set")) {
        ties.extend(errors.take(self::ties(attr)).into_iter().flatten());
    }

    let role = match (find("train"), find("param")) {
        (Some(_), Some(param)) => {
            errors.at(param, "a field is a training setting or a hyperparameter of your own: remove one of the two");
            return None;
        }
        (None, None) if !is_primitive(&ty) => {
            if let Some(attr) = find("when") {
                let message = "a layer is always there: put `#[when(..)]` on a hyperparameter, and tie the layer to it by `#[set(..)]`";
                errors.at(attr, message);
            }
            Role::Layer { axis: values, ties }
        }
        (train, _) => {
            if let Some(attr) = find("set") {
                errors.at(attr, "`#[set(..)]` stands on a layer, whose setting it ties to a hyperparameter");
            }
            let domain = hyper(&name, &ty, values, train.is_some(), errors)?;
            let hyper = Hyper { domain, when };
            if train.is_some() { Role::Train(hyper) } else { Role::Param(hyper) }
        }
    };
    Some(Field { attrs, name, ty, role })
}

/// The values of a field that is no layer.
fn hyper(name: &Ident, ty: &Type, values: Option<Values>, train: bool, errors: &mut Errors) -> Option<Domain> {
    match values {
        Some(Values { setting: None, domain }) => Some(domain),
        Some(Values { setting: Some(setting), .. }) => {
            errors.at(setting, "this field is one value and has no settings: write its values alone");
            None
        }
        None => {
            let text = plain(name);
            let (attr, what) = if train { ("#[train] ", "training setting") } else { ("", "hyperparameter") };
            let ty = quote::quote!(#ty);
            errors.at(name, format!("the {what} `{text}` has no values: write `{attr}#[grid(..)] {text}: {ty}`"));
            None
        }
    }
}

fn is_primitive(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if PRIMITIVES.iter().any(|name| path.path.is_ident(name)))
}

/// What is generated names every field, so none may come and go.
fn unconditional(attrs: &[Attribute], errors: &mut Errors) {
    if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")) {
        errors.at(cfg, "a field of a searchable model cannot be conditional: put the `#[cfg]` on the struct");
    }
}

/// `#[when(condition)]`.
fn condition(attr: &Attribute) -> syn::Result<Expr> {
    let example = "`#[when(..)]` takes a condition: write `#[when(optimizer.is_sgd())]`";
    let list = attr.meta.require_list().map_err(|_| syn::Error::new_spanned(attr, example))?;
    if list.tokens.is_empty() {
        return Err(syn::Error::new_spanned(attr, example));
    }
    syn::parse2(list.tokens.clone())
}

/// `#[set(p = rate / 2.0, ..)]`.
fn ties(attr: &Attribute) -> syn::Result<Vec<Tie>> {
    let example = "`#[set(..)]` takes a setting and its value: write `#[set(p = rate / 2.0)]`";
    let list = attr.meta.require_list().map_err(|_| syn::Error::new_spanned(attr, example))?;
    let parser = |input: ParseStream<'_>| {
        let mut ties = Vec::new();
        while !input.is_empty() {
            let setting = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), example))?;
            ties.push(Tie { setting, value: input.parse()? });
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(ties)
    };
    let ties = parser.parse2(list.tokens.clone())?;
    if ties.is_empty() { Err(syn::Error::new_spanned(attr, example)) } else { Ok(ties) }
}
