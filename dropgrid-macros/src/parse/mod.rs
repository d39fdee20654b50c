//! From tokens to a [`Model`].

mod field;
mod generics;
mod options;

use proc_macro2::TokenStream;
use syn::{Attribute, Fields, Item, ItemStruct, parse::Parser};

use crate::{axis::KINDS, errors::Errors, model::Model};

/// Attributes beside the axis kinds that dropgrid reads and takes off the struct.
const OTHERS: [&str; 4] = ["train", "param", "set", "when"];

pub(crate) fn model(args: TokenStream, item: TokenStream) -> syn::Result<Model> {
    let mut errors = Errors::default();
    let options = errors.take(options::parse.parse2(args)).unwrap_or_default();
    let item = structure(syn::parse2(item)?)?;
    let ItemStruct { attrs, vis, ident, generics: mut declared, fields, .. } = item;

    let choices = generics::choices(&mut declared, &mut errors);
    let fields = fields.into_iter().filter_map(|it| field::parse(it, &mut errors)).collect();
    errors.finish()?;
    Ok(Model { attrs, vis, name: ident, generics: declared, choices, fields, options })
}

/// The struct, or an error that says what to write in place of what was annotated.
fn structure(item: Item) -> syn::Result<ItemStruct> {
    const WRITE: &str =
        "`#[searchable]` stands on a struct with named fields: write `struct Mlp { hidden: Linear<64, 10> }`";
    match item {
        Item::Struct(item) => match &item.fields {
            Fields::Named(named) if !named.named.is_empty() => Ok(item),
            Fields::Named(_) => {
                let message = "the model has no layers: write one as a field, `output: Linear<64, 10>`";
                Err(syn::Error::new_spanned(&item.ident, message))
            }
            Fields::Unnamed(fields) => Err(syn::Error::new_spanned(fields, WRITE)),
            Fields::Unit => Err(syn::Error::new_spanned(&item.ident, WRITE)),
        },
        Item::Enum(item) => Err(syn::Error::new_spanned(item.enum_token, WRITE)),
        Item::Union(item) => Err(syn::Error::new_spanned(item.union_token, WRITE)),
        other => Err(syn::Error::new_spanned(other, WRITE)),
    }
}

/// Takes dropgrid's own attributes off an item.
fn take_ours(attrs: &mut Vec<Attribute>) -> Vec<Attribute> {
    let is_ours = |attr: &Attribute| KINDS.iter().chain(&OTHERS).any(|name| attr.path().is_ident(name));
    let (ours, rest) = attrs.drain(..).partition(is_ours);
    *attrs = rest;
    ours
}

/// Whether an attribute makes an axis.
fn is_axis(attr: &Attribute) -> bool {
    KINDS.iter().any(|kind| attr.path().is_ident(kind))
}
