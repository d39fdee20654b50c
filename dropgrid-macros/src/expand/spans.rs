//! The places of generated code in the messages of the compiler.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The variable of the shape of a sample, in the checks of shapes.
pub(super) const SHAPE: &str = "__shape";

/// The variable of the shape that the first architecture gives.
pub(super) const FIRST: &str = "__first";

/// The tokens with the names and the place of what the user wrote at `span`: the compiler then shows that place alone,
/// without the macro.
pub(crate) fn of_span(tokens: TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), of_span(group.stream(), span)));
        }
        // `$crate` is known by its place alone. The variables are the same where one of two layers came through a
        // macro.
        let is_own =
            matches!(&token, TokenTree::Ident(ident) if ["$crate", SHAPE, FIRST].iter().any(|name| *ident == name));
        token.set_span(if is_own { token.span().located_at(span) } else { span });
        token
    });
    tokens.collect()
}
