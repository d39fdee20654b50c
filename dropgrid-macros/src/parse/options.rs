//! The attribute's own arguments.

use proc_macro2::TokenTree;
use syn::{Expr, Ident, Path, Token, ext::IdentExt, parse::ParseStream, parse_quote_spanned, punctuated::Punctuated};

use crate::{
    errors::{Errors, nearest},
    model::{Input, Options},
    ungroup,
    written::written,
};

const KNOWN: [&str; 7] = ["input", "rows", "crate", "forbid", "union", "max_architectures", "tests"];

/// The arguments, one after another; what is wrong with one of them does not hide the others.
pub(super) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Options> {
    let mut options = Options::default();
    let mut seen: Vec<String> = Vec::new();
    while !input.is_empty() {
        let name = input.call(Ident::parse_any)?;
        let text = name.to_string();
        // A condition after another is one more rule; the other arguments have one value.
        if !["forbid", "union"].contains(&text.as_str()) && seen.contains(&text) {
            errors.at(&name, format!("`{text}` is given twice"));
        }
        if !KNOWN.contains(&text.as_str()) {
            errors.push(unknown(&name));
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
        } else if text == "tests" {
            options.tests = true;
            if input.peek(Token![=]) {
                return Err(syn::Error::new(input.span(), "`tests` has no value: write `tests` alone"));
            }
        } else if text == "union" {
            let (condition, text) = union(&name, input)?;
            options.forbid.push(condition);
            options.forbid_texts.push(text);
        } else {
            input.parse::<Token![=]>().map_err(|error| {
                syn::Error::new(error.span(), format!("`{text}` needs a value: write `{text} = ..`"))
            })?;
            match text.as_str() {
                "input" => options.input = Some(shape(input)?),
                "rows" => options.rows = Some(input.parse()?),
                "crate" => options.path = Some(input.call(Path::parse_mod_style)?),
                "forbid" => {
                    let condition = ungroup::expr(input.parse()?);
                    options.forbid_texts.push(format!("forbid = {}", written(&condition)));
                    options.forbid.push(condition);
                }
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

/// `(alternative, alternative, ..)`: what is in none of them is forbidden. With the text of the rule.
fn union(name: &Ident, input: ParseStream<'_>) -> syn::Result<(Expr, String)> {
    const WRITE: &str =
        "`union` takes alternatives: write `union(optimizer.is_adam(), optimizer.is_sgd() && lr > 1e-2)`";
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new_spanned(name, WRITE));
    }
    let content;
    syn::parenthesized!(content in input);
    let alternatives = Punctuated::<Expr, Token![,]>::parse_terminated(&content)?;
    if alternatives.is_empty() {
        return Err(syn::Error::new_spanned(name, WRITE));
    }
    let alternatives: Vec<Expr> = alternatives.into_iter().map(ungroup::expr).collect();
    let texts: Vec<String> = alternatives.iter().map(written).collect();
    let text = format!("union({})", texts.join(", "));
    Ok((parse_quote_spanned!(name.span()=> !(#((#alternatives))||*)), text))
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
