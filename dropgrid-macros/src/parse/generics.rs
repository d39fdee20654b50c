//! Searched generic parameters.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Expr, ExprLit, ExprRange, GenericParam, Generics, Ident, Lit, Token, Type, TypeParamBound,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use super::{attributes::Attributes, field::condition};
use crate::{
    axis::{Domain, Values, bracketed},
    errors::Errors,
    literal, mentions,
    model::{Choice, ChoiceValues, identifier, plain},
    ungroup,
};

/// The parameters with an axis, which is taken off them.
pub(super) fn choices(generics: &mut Generics, errors: &mut Errors) -> Vec<Choice> {
    let mut choices = Vec::new();
    for param in &mut generics.params {
        no_default(param, errors);
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(
                &lifetime.lifetime,
                "a searchable model has no lifetimes: its networks are trained on threads and outlive every borrow",
            );
        }
        let attrs = match param {
            GenericParam::Const(param) => &mut param.attrs,
            GenericParam::Type(param) => &mut param.attrs,
            GenericParam::Lifetime(param) => &mut param.attrs,
        };
        let ours = Attributes::sort(std::mem::take(attrs), "parameter", errors);
        for attr in [&ours.train, &ours.param, &ours.columns].into_iter().flatten().chain(&ours.sets) {
            errors.at(attr, "this attribute stands on a field: a parameter is searched by `#[grid(..)]`");
        }
        attrs.clone_from(&ours.passed);
        if let (Some(when), None) = (&ours.when, &ours.axis) {
            errors.at(when, "a condition stands on a parameter that is searched: write its `#[grid(..)]` beside it");
            continue;
        }
        let when = match &ours.when {
            Some(when) => {
                let Some(when) = errors.take(condition(when)) else { continue };
                Some(when)
            }
            None => None,
        };
        let Some(attr) = listed(&ours, param, errors) else { continue };
        let (ident, values) = match param {
            GenericParam::Const(param) => {
                if !matches!(&param.ty, Type::Path(path) if path.path.is_ident("usize")) {
                    errors.at(&param.ty, "a searched const parameter is a width: its type is `usize`");
                    continue;
                }
                (&param.ident, errors.take(widths(attr)))
            }
            GenericParam::Type(param) => {
                if is_usize(&param.bounds) {
                    let name = &param.ident;
                    errors.at(name, format!("a width is a const parameter: write `const {name}: usize`"));
                    continue;
                }
                if !param.bounds.is_empty() {
                    let message = "a searched type parameter has no bounds: each of its types is checked by itself";
                    errors.at(&param.bounds, message);
                }
                (&param.ident, errors.take(types(attr)))
            }
            GenericParam::Lifetime(_) => continue,
        };
        let Some(values) = values else { continue };
        let axis = snake(&plain(ident));
        if ["self", "super", "crate"].contains(&axis.as_str()) {
            errors.at(
                ident,
                format!("the axis of `{ident}` would be called `{axis}`, a word of the language: rename it"),
            );
            continue;
        }
        let axis = identifier(&axis, ident.span());
        choices.push(Choice { param: ident.clone(), axis, values, when });
    }
    choices
}

/// True where the bounds of a type parameter are the type of a constant.
fn is_usize(bounds: &Punctuated<TypeParamBound, Token![+]>) -> bool {
    matches!(bounds.first(), Some(TypeParamBound::Trait(bound)) if bound.path.is_ident("usize"))
}

/// The axis of a parameter, if it is one that lists its values.
fn listed<'a>(ours: &'a Attributes, param: &GenericParam, errors: &mut Errors) -> Option<&'a Attribute> {
    let Some(axis) = &ours.axis else {
        if let (GenericParam::Type(param), false) = (param, ours.has_unknown) {
            let name = &param.ident;
            let message = format!(
                "the type `{name}` is not searched: list its layers, `#[grid(ReLU, Tanh)] {name}`, or write the layer in the fields"
            );
            errors.at(name, message);
        }
        return None;
    };
    if axis.path().is_ident("grid") || axis.path().is_ident("fixed") {
        return Some(axis);
    }
    errors.at(axis, "each value of a parameter is compiled, so its values are listed: write `#[grid(32, 64)]`");
    None
}

/// A condition on a searched parameter has no place: each of its values is checked by itself.
pub(super) fn unconditional(generics: &Generics, choices: &[Choice], errors: &mut Errors) {
    for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
        if let Some(choice) = choices.iter().find(|choice| mentions::name(predicate, &choice.param)) {
            let message =
                format!("`{}` is searched, so it has no bounds: each of its values is checked by itself", choice.param);
            errors.at(predicate, message);
        }
    }
}

fn widths(attr: &Attribute) -> syn::Result<ChoiceValues> {
    const LISTED: &str = "each width is compiled, so the widths are listed: write `#[grid(32, 64)]`";
    if let Ok(range) = attr.parse_args_with(|input: ParseStream<'_>| {
        let range = input.parse::<ExprRange>()?;
        input.parse::<TokenStream>().map(|_| range)
    }) {
        return Err(syn::Error::new_spanned(range, LISTED));
    }
    match Values::parse(attr)? {
        Values { setting: None, domain: Domain::List(values) } => {
            bracketed(&values)?;
            whole_numbers(&values)?;
            Ok(ChoiceValues::Widths(values))
        }
        _ => Err(syn::Error::new_spanned(attr, LISTED)),
    }
}

/// What is written out among widths is a whole number.
fn whole_numbers(widths: &[Expr]) -> syn::Result<()> {
    let mut errors = Errors::default();
    for width in widths {
        if let Some(number) = literal::number(width)
            && !literal::is_whole(width)
        {
            let write = if number >= 1.0 { format!(": write `{number:.0}`") } else { String::new() };
            errors.at(width, format!("a width is a whole number{write}"));
        } else if matches!(width, Expr::Lit(ExprLit { lit, .. }) if !matches!(lit, Lit::Int(_) | Lit::Float(_))) {
            errors.at(width, "a width is a whole number");
        }
    }
    errors.finish()
}

/// A list of layer types, each named by the last word of its path.
fn types(attr: &Attribute) -> syn::Result<ChoiceValues> {
    const WRITE: &str = "a type parameter is searched over layer types: write `#[grid(ReLU, Tanh)]`";
    let list = attr.meta.require_list().map_err(|_| syn::Error::new_spanned(attr, WRITE))?;
    let types = Punctuated::<Type, Token![,]>::parse_terminated
        .parse2(list.tokens.clone())
        .map_err(|error| syn::Error::new(error.span(), WRITE))?;
    if let (true, Some(second)) = (attr.path().is_ident("fixed"), types.iter().nth(1)) {
        return Err(syn::Error::new_spanned(second, "a fixed axis has one value: write `#[grid(..)]` for several"));
    }
    if types.is_empty() {
        return Err(syn::Error::new_spanned(attr, "the grid is empty: write at least one layer type"));
    }
    let mut named: Vec<(Ident, Type)> = Vec::new();
    for ty in types.into_iter().map(ungroup::ty) {
        let name = match &ty {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.clone()),
            // It is refused where every type is.
            Type::Tuple(tuple) if tuple.elems.is_empty() => Some(Ident::new("Unit", ty.span())),
            _ => None,
        };
        let Some(name) = name else {
            let message = "this type has no name to stand for it in the results: write a type alias for it";
            return Err(syn::Error::new_spanned(ty, message));
        };
        if let Some((_, other)) = named.iter().find(|(known, _)| *known == name) {
            let same = text(other) == text(&ty);
            let message = if same {
                "this type stands in the grid already: every value would be trained twice".to_owned()
            } else {
                format!("two of these types are called `{name}` in the results: write a type alias for one")
            };
            return Err(syn::Error::new_spanned(ty, message));
        }
        named.push((name, ty));
    }
    Ok(ChoiceValues::Types(named))
}

fn text(tokens: &impl ToTokens) -> String {
    let tokens: TokenStream = tokens.to_token_stream();
    tokens.to_string()
}

/// The generated items are generic in places where a default means nothing.
fn no_default(param: &GenericParam, errors: &mut Errors) {
    const MESSAGE: &str = "a parameter of a searchable model has no default: remove it";
    match param {
        GenericParam::Const(param) => {
            if let Some((_, default)) = &param.default {
                errors.at(default, MESSAGE);
            }
        }
        GenericParam::Type(param) => {
            if let Some((_, default)) = &param.default {
                errors.at(default, MESSAGE);
            }
        }
        GenericParam::Lifetime(_) => {}
    }
}

/// `HIDDEN` and `Hidden` become `hidden`, `FirstAct` and `FIRST_ACT` become `first_act`.
fn snake(name: &str) -> String {
    let shouting = name.chars().all(|letter| !letter.is_lowercase());
    let mut snake = String::new();
    for (at, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && at > 0 && !shouting {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn axes_have_names_in_snake_case() {
        let names = ["HIDDEN", "Act", "FirstAct", "FIRST_ACT", "n"].map(snake);
        assert_eq!(names, ["hidden", "act", "first_act", "first_act", "n"]);
    }
}
