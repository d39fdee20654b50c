//! From tokens to a [`Model`].

use proc_macro2::TokenStream;
use syn::{Attribute, Fields, GenericParam, Ident, Item, ItemStruct, Token, Type, parse::ParseStream, parse::Parser};

use crate::{
    axis::Grid,
    errors::{Errors, nearest},
    model::{Field, Input, Model, Options, Role, Width},
};

/// Attributes that dropgrid reads and takes off the struct.
const OURS: [&str; 2] = ["grid", "train"];

pub(crate) fn model(args: TokenStream, item: TokenStream) -> syn::Result<Model> {
    let mut errors = Errors::default();
    let options = errors.take(options.parse2(args));
    let item = structure(syn::parse2(item)?)?;
    let ItemStruct { attrs, vis, ident, mut generics, fields, .. } = item;

    let mut widths = Vec::new();
    for param in &mut generics.params {
        if let Some(width) = width(param, &mut errors) {
            widths.push(width);
        }
        no_default(param, &mut errors);
    }
    let fields = fields.into_iter().filter_map(|it| field(it, &mut errors)).collect();
    errors.finish()?;
    let options = options.unwrap_or(Options { input: None, path: None });
    Ok(Model { attrs, vis, name: ident, generics, widths, fields, options })
}

/// The struct, or an error that says what to write in place of what was annotated.
fn structure(item: Item) -> syn::Result<ItemStruct> {
    const WRITE: &str =
        "`#[searchable]` stands on a struct with named fields: write `struct Mlp { hidden: Linear<64, 10> }`";
    match item {
        Item::Struct(item) => match &item.fields {
            Fields::Named(named) if !named.named.is_empty() => Ok(item),
            Fields::Named(_) => Err(syn::Error::new_spanned(
                &item.ident,
                "the model has no layers: write one as a field, `output: Linear<64, 10>`",
            )),
            Fields::Unnamed(fields) => Err(syn::Error::new_spanned(fields, WRITE)),
            Fields::Unit => Err(syn::Error::new_spanned(&item.ident, WRITE)),
        },
        Item::Enum(item) => Err(syn::Error::new_spanned(item.enum_token, WRITE)),
        Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, WRITE)),
        other => Err(syn::Error::new_spanned(other, WRITE)),
    }
}

/// The attribute's own arguments.
fn options(input: ParseStream<'_>) -> syn::Result<Options> {
    const KNOWN: [&str; 2] = ["input", "crate"];
    let mut options = Options { input: None, path: None };
    while !input.is_empty() {
        let name = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
        input.parse::<Token![=]>()?;
        match name.to_string().as_str() {
            "input" if options.input.is_none() => options.input = Some(input_shape(input)?),
            "crate" if options.path.is_none() => options.path = Some(input.call(syn::Path::parse_mod_style)?),
            known if KNOWN.contains(&known) => {
                return Err(syn::Error::new_spanned(&name, format!("`{known}` is given twice")));
            }
            unknown => {
                let message = match nearest(unknown, &KNOWN) {
                    Some(near) => format!("unknown argument `{unknown}`: did you mean `{near}`?"),
                    None => format!("unknown argument `{unknown}`: the arguments are `input` and `crate`"),
                };
                return Err(syn::Error::new_spanned(&name, message));
            }
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(options)
}

/// `64`, or a dfdx shape such as `Rank3<1, 8, 8>`.
fn input_shape(input: ParseStream<'_>) -> syn::Result<Input> {
    if input.peek(syn::LitInt) {
        input.parse().map(Input::Width)
    } else {
        input.parse().map(|shape| Input::Shape(Box::new(shape)))
    }
}

/// A generic parameter with a `#[grid(...)]`, which is taken off it.
fn width(param: &mut GenericParam, errors: &mut Errors) -> Option<Width> {
    let attrs = match param {
        GenericParam::Const(param) => &mut param.attrs,
        GenericParam::Type(param) => &mut param.attrs,
        GenericParam::Lifetime(param) => &mut param.attrs,
    };
    let ours = take_ours(attrs);
    let attr = ours.first()?;
    let GenericParam::Const(param) = param else {
        errors.at(attr, "`#[grid]` stands on a const parameter here: write `#[grid(32, 64)] const WIDTH: usize`");
        return None;
    };
    if !attr.path().is_ident("grid") {
        errors.at(attr, "a const parameter is searched by `#[grid(32, 64)]`");
        return None;
    }
    if let Some(second) = ours.get(1) {
        errors.at(second, "this parameter has an axis already: remove one of the two");
    }
    if !matches!(&param.ty, Type::Path(path) if path.path.is_ident("usize")) {
        errors.at(&param.ty, "a searched const parameter is a width: its type is `usize`");
        return None;
    }
    let grid = errors.take(Grid::parse(attr))?;
    let axis = Ident::new(&param.ident.to_string().to_lowercase(), param.ident.span());
    Some(Width { param: param.ident.clone(), axis, grid })
}

/// What is generated is generic in places where a default means nothing.
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

fn field(field: syn::Field, errors: &mut Errors) -> Option<Field> {
    let syn::Field { mut attrs, ident, ty, .. } = field;
    let name = ident?;
    let ours = take_ours(&mut attrs);
    let mut grids = ours.iter().filter(|attr| attr.path().is_ident("grid"));
    let grid = match grids.next() {
        None => None,
        Some(attr) => Some(errors.take(Grid::parse(attr))?),
    };
    if let Some(second) = grids.next() {
        errors.at(second, "this field has an axis already: remove one of the two");
    }
    if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")) {
        errors.at(cfg, "a field of a searchable model cannot be conditional: put the `#[cfg]` on the struct");
    }
    let train = ours.iter().find(|attr| attr.path().is_ident("train"));
    let role = match (train, grid) {
        (None, grid) => Role::Layer(grid),
        (Some(train), None) => {
            errors.at(train, format!("`{name}` has no values: write `#[train] #[grid(...)] {name}: ...`"));
            return None;
        }
        (Some(_), Some(grid)) => Role::Train(grid),
    };
    Some(Field { attrs, name, ty, role })
}

fn take_ours(attrs: &mut Vec<Attribute>) -> Vec<Attribute> {
    let (ours, rest) = attrs.drain(..).partition(|attr| OURS.iter().any(|name| attr.path().is_ident(name)));
    *attrs = rest;
    ours
}
