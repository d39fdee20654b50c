//! The places of generated code in the messages of the compiler.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The tokens, shown at `span` in messages, with the names they had.
pub(super) fn at_span(tokens: TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), at_span(group.stream(), span)));
        }
        token.set_span(token.span().located_at(span));
        token
    });
    tokens.collect()
}

/// The tokens with the names and the place of what the user wrote at `span`: the compiler then shows that place alone, without
/// the macro.
pub(super) fn of_span(tokens: TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), of_span(group.stream(), span)));
        }
        // `$crate` is known by its place alone.
        let is_crate = matches!(&token, TokenTree::Ident(ident) if *ident == "$crate");
        token.set_span(if is_crate { token.span().located_at(span) } else { span });
        token
    });
    tokens.collect()
}
