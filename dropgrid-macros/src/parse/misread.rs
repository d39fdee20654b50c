//! Advice on a declaration that is no Rust, of which the compiler says only where.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

const ATTRIBUTE: &str = "an attribute stands on a field, and not in its type: put this layer into a field of its own";
const VALUES: &str = "a layer is a type: its widths stand in angle brackets, as in `Linear<4, 8>`, and its values in an attribute, as in \
                      `#[fixed(0.5)] dropout: Dropout`";

/// The error of reading `item`, with what to write where that is known.
pub(super) fn advised(item: TokenStream, error: syn::Error) -> syn::Error {
    let body = item.into_iter().last();
    let Some(TokenTree::Group(body)) = body.filter(|last| matches!(last, TokenTree::Group(_))) else { return error };
    advice(body.stream(), false).unwrap_or(error)
}

/// An attribute among the layers of a tuple, or numbers in parentheses behind the name of a layer.
fn advice(tokens: TokenStream, in_tuple: bool) -> Option<syn::Error> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        match token {
            TokenTree::Group(group)
                if in_tuple
                    && group.delimiter() == Delimiter::Bracket
                    && matches!(before, Some(TokenTree::Punct(hash)) if hash.as_char() == '#') =>
            {
                return Some(syn::Error::new_spanned(group, ATTRIBUTE));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                let first = group.stream().into_iter().next();
                if matches!(before, Some(TokenTree::Ident(_))) && matches!(first, Some(TokenTree::Literal(_))) {
                    return Some(syn::Error::new_spanned(group, VALUES));
                }
                if let Some(error) = advice(group.stream(), true) {
                    return Some(error);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let item: TokenStream = text.parse().expect("tokens");
        let error = syn::parse2::<syn::ItemStruct>(item.clone()).err().expect("no Rust");
        advised(item, error).to_string()
    }

    #[test]
    fn what_newcomers_write_has_advice() {
        assert_eq!(of("struct Net { hidden: (Linear<4, 8>, #[grid(0.1, 0.2)] Dropout) }"), ATTRIBUTE);
        assert_eq!(of("struct Net { hidden: (ReLU, (Tanh, #[fixed(0.1)] Dropout)) }"), ATTRIBUTE);
        assert_eq!(of("struct Net { #[grid(1, 2)] hidden: Linear(4, 8), output: Linear<8, 3> }"), VALUES);
        assert_eq!(of("struct Net { #[grid(1, 2)] hidden: Linear<4, 8> output: Linear<8, 3> }"), "expected `,`");
    }
}
