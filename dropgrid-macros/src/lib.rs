//! The `#[searchable]` attribute of dropgrid; its documentation stands on `dropgrid::searchable`.
//!
//! Source goes one way: `parse` reads the struct into a `model`, `check` holds it against the rules that no
//! single field shows, and `expand` writes the code. Errors of all three are collected and given in one compile.

mod advice;
mod axis;
mod check;
mod columns;
mod containers;
mod derive_above;
mod errors;
mod expand;
mod guide;
mod leftover;
mod literal;
mod mentions;
mod model;
mod named_width;
mod occurs;
mod parse;
mod row;
mod settings;
#[cfg(test)]
mod snapshots;
mod source;
mod stand_in;
mod ungroup;
mod written;

use proc_macro::TokenStream;

use model::Options;

/// Makes a struct of layers and search axes a searchable model. See the crate `dropgrid`.
#[proc_macro_attribute]
pub fn searchable(args: TokenStream, item: TokenStream) -> TokenStream {
    if derive_above::is_there(proc_macro::Span::call_site()) {
        return derive_above::refuse(item.into()).into();
    }
    expand(args.into(), item.into()).into()
}

/// Makes a struct a row of data. See the crate `dropgrid`.
#[proc_macro_derive(Row, attributes(row))]
pub fn row(item: TokenStream) -> TokenStream {
    row::row(item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an enum the categories of a column. See the crate `dropgrid`.
#[proc_macro_derive(Category, attributes(category))]
pub fn category(item: TokenStream) -> TokenStream {
    row::category(item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The text of a page of dropgrid's guide, by its path in the folder of pages. See [`guide`].
#[doc(hidden)]
#[proc_macro]
pub fn guide_page(path: TokenStream) -> TokenStream {
    let path = syn::parse_macro_input!(path as syn::LitStr);
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    match std::fs::read_to_string(std::path::Path::new(&root).join("docs/guide/src").join(path.value())) {
        Ok(text) => {
            let text = guide::page(&path.value(), &text);
            quote::quote!(#text).into()
        }
        Err(error) => syn::Error::new(path.span(), error).into_compile_error().into(),
    }
}

fn expand(args: proc_macro2::TokenStream, item: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let (model, errors) = match parse::model(args, item.clone()) {
        Ok(parsed) => parsed,
        Err(errors) => return stand_in::model(item, &Options::default().dropgrid(), &errors),
    };
    let Err(errors) = check::model(&model, errors) else { return expand::model(&model) };
    // A value out of range is told in the same compile.
    let mut code = stand_in::model(item, &model.options.dropgrid(), &errors);
    code.extend(expand::ranges(&model));
    code
}
