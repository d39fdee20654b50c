//! Tokens as people write them: `optimizer.is_sgd() && lr > 1e-2`, where `quote` gives each token a space.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The text of an expression on one line.
pub(crate) fn written(tokens: &impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    // What stands before decides on the space: nothing at the beginning, and an operator takes what follows it.
    let mut before = Before::Start;
    for token in tokens {
        let next = match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                let is_call = before == Before::Word && group.delimiter() != Delimiter::Brace;
                if !matches!(before, Before::Start | Before::Tight) && !is_call {
                    text.push(' ');
                }
                *text += open;
                write(group.stream(), text);
                *text += close;
                Before::Word
            }
            TokenTree::Punct(punct) => {
                let letter = punct.as_char();
                let goes_on = before == Before::Joint;
                // A sign, a reference, a negation: an operator where there is nothing for one to stand between.
                let is_prefix = matches!(letter, '-' | '!' | '&' | '*') && before != Before::Word && !goes_on;
                let is_close = matches!(letter, '.' | ':' | ',' | ';' | '?');
                // The mark of a macro stands behind its name.
                let is_call = letter == '!' && before == Before::Word && punct.spacing() == Spacing::Alone;
                if !(goes_on || is_close || is_call || matches!(before, Before::Start | Before::Tight)) {
                    text.push(' ');
                }
                text.push(letter);
                let is_path = letter == '.' || letter == ':' && goes_on;
                match punct.spacing() {
                    Spacing::Joint => Before::Joint,
                    Spacing::Alone if is_path || is_prefix || is_call => Before::Tight,
                    Spacing::Alone if letter == '?' => Before::Word,
                    Spacing::Alone => Before::Operator,
                }
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if matches!(before, Before::Word | Before::Operator) {
                    text.push(' ');
                }
                *text += &token.to_string();
                Before::Word
            }
        };
        before = next;
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Before {
    Start,
    /// A word, a number or a closing bracket.
    Word,
    /// A finished operator or a comma.
    Operator,
    /// The first letter of a longer operator.
    Joint,
    /// A dot, a path or a sign, to which what follows belongs.
    Tight,
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn expressions_look_as_people_write_them() {
        let cases = [
            (quote!(optimizer.is_sgd() && lr > 1e-2), "optimizer.is_sgd() && lr > 1e-2"),
            (quote!(HIDDEN == 32 && dropout > 0.4), "HIDDEN == 32 && dropout > 0.4"),
            (quote!(!(a || -b < -1)), "!(a || -b < -1)"),
            (quote!(act == MlpAct::ReLU), "act == MlpAct::ReLU"),
            (quote!(late.unwrap_or(0.0) >= f(a, b)[1]), "late.unwrap_or(0.0) >= f(a, b)[1]"),
            (quote!(matches!(act, Act::A | Act::B { x: 1 })), "matches!(act, Act::A | Act::B { x: 1 })"),
            (quote!(a as f64 * 2.0 == "x y".len() as f64), "a as f64 * 2.0 == \"x y\".len() as f64"),
        ];
        for (tokens, expected) in cases {
            assert_eq!(written(&tokens), expected);
        }
    }
}
