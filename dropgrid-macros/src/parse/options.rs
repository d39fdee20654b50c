//! The attribute's own arguments.

use syn::{Ident, Path, Token, ext::IdentExt, parse::ParseStream};

use crate::{
    errors::nearest,
    model::{Input, Options},
};

const KNOWN: [&str; 5] = ["input", "crate", "forbid", "max_architectures", "tests"];

pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Options> {
    let mut options = Options::default();
    let mut seen: Vec<String> = Vec::new();
    while !input.is_empty() {
        let name = input.call(Ident::parse_any)?;
        let text = name.to_string();
        // A condition after another is one more rule; the other arguments have one value.
        if text != "forbid" && seen.contains(&text) {
            return Err(syn::Error::new_spanned(&name, format!("`{text}` is given twice")));
        }
        if !KNOWN.contains(&text.as_str()) {
            return Err(unknown(&name));
        }
        if text == "tests" {
            options.tests = true;
        } else {
            input.parse::<Token![=]>().map_err(|error| {
                syn::Error::new(error.span(), format!("`{text}` needs a value: write `{text} = ..`"))
            })?;
            match text.as_str() {
                "input" => options.input = Some(shape(input)?),
                "crate" => options.path = Some(input.call(Path::parse_mod_style)?),
                "forbid" => options.forbid.push(input.parse()?),
                _ => options.max_architectures = Some(input.parse()?),
            }
        }
        seen.push(text);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(options)
}

fn unknown(name: &Ident) -> syn::Error {
    let text = name.to_string();
    let hint = nearest(&text, &KNOWN).map_or_else(
        || format!("the arguments are {}", KNOWN.map(|known| format!("`{known}`")).join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    syn::Error::new_spanned(name, format!("unknown argument `{text}`: {hint}"))
}

/// `64`, or a dfdx shape such as `Rank3<1, 8, 8>`.
fn shape(input: ParseStream<'_>) -> syn::Result<Input> {
    if input.peek(syn::LitInt) {
        input.parse().map(Input::Width)
    } else {
        input.parse().map(|shape| Input::Shape(Box::new(shape)))
    }
}
