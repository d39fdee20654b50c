//! The declaration as its author wrote it, for reports and studies.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Field, FieldsNamed, GenericParam, ItemStruct, Lit, Meta, Visibility};

use crate::written::written;

/// The text of a struct with the arguments of its `#[searchable]`: the body letter by letter where the compiler knows
/// its source, the rest one attribute, generic and field a line.
pub(crate) fn source(args: &TokenStream, item: &ItemStruct) -> String {
    let (docs, attrs): (Vec<&Attribute>, Vec<&Attribute>) =
        item.attrs.iter().partition(|attr| attr.path().is_ident("doc"));
    let searchable = if args.is_empty() { String::new() } else { format!("({})", written(args)) };
    let lines = docs.into_iter().map(attribute).chain([format!("#[searchable{searchable}]")]);
    let above: String = lines.chain(attrs.into_iter().map(attribute)).map(|line| line + "\n").collect();
    let params: Vec<String> = item.generics.params.iter().map(generic).collect();
    let generics = if item.generics.params.iter().any(|param| !attributes(param).is_empty()) {
        format!("<\n    {},\n>", params.join(",\n    "))
    } else if params.is_empty() {
        String::new()
    } else {
        format!("<{}>", params.join(", "))
    };
    let clause = item.generics.where_clause.as_ref().map_or_else(|| " ".to_owned(), |it| format!("\n{}\n", tidy(it)));
    let body = match &item.fields {
        syn::Fields::Named(fields) => letter_by_letter(fields).unwrap_or_else(|| by_field(fields)),
        _ => String::new(),
    };
    format!("{above}{}struct {}{generics}{clause}{body}", visibility(&item.vis), item.ident)
}

/// A visibility with the space behind it; nothing where it is private.
fn visibility(vis: &Visibility) -> String {
    let text = tidy(vis);
    if text.is_empty() { text } else { text + " " }
}

/// The source of the fields, with the indentation of its last line taken away. `None` where the compiler has none, or
/// one of other tokens, as where a macro wrote the struct.
fn letter_by_letter(fields: &FieldsNamed) -> Option<String> {
    let text = fields.brace_token.span.join().source_text()?;
    let tokens: TokenStream = text.parse().ok()?;
    if leaves(tokens) != leaves(fields.to_token_stream()) {
        return None;
    }
    let last = text.lines().last()?;
    let indentation = last.len() - last.trim_start().len();
    let outdented = |line: &str| {
        let own = line.len() - line.trim_start().len();
        line[own.min(indentation)..].trim_end().to_owned()
    };
    // The first line has none, for it begins with the brace.
    let mut lines = text.lines();
    let first = lines.next().map(str::trim_end).map(str::to_owned);
    Some(first.into_iter().chain(lines.map(outdented)).collect::<Vec<_>>().join("\n"))
}

/// The tokens without their groups.
fn leaves(tokens: TokenStream) -> Vec<String> {
    let leaf = |token: TokenTree| match token {
        TokenTree::Group(group) => leaves(group.stream()),
        other => vec![other.to_string()],
    };
    tokens.into_iter().flat_map(leaf).collect()
}

/// The fields with their attributes, each on a line.
fn by_field(fields: &FieldsNamed) -> String {
    let lines = |field: &Field| {
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let own = format!("{}{name}: {},", visibility(&field.vis), tidy(&field.ty));
        field.attrs.iter().map(attribute).chain([own]).map(|line| ["    ", &line, "\n"].concat()).collect::<String>()
    };
    format!("{{\n{}}}", fields.named.iter().map(lines).collect::<String>())
}

fn attributes(param: &GenericParam) -> &[Attribute] {
    match param {
        GenericParam::Type(param) => &param.attrs,
        GenericParam::Const(param) => &param.attrs,
        GenericParam::Lifetime(param) => &param.attrs,
    }
}

fn generic(param: &GenericParam) -> String {
    let mut bare = param.clone();
    match &mut bare {
        GenericParam::Type(param) => param.attrs.clear(),
        GenericParam::Const(param) => param.attrs.clear(),
        GenericParam::Lifetime(param) => param.attrs.clear(),
    }
    attributes(param).iter().map(attribute).chain([tidy(&bare)]).collect::<Vec<_>>().join(" ")
}

/// An attribute as people write it.
fn attribute(attr: &Attribute) -> String {
    if let Meta::NameValue(pair) = &attr.meta
        && pair.path.is_ident("doc")
        && let Expr::Lit(ExprLit { lit: Lit::Str(doc), .. }) = &pair.value
    {
        return doc.value().lines().map(|line| format!("///{line}")).collect::<Vec<_>>().join("\n");
    }
    format!("#[{}]", written(&attr.meta).replace("..= ", "..="))
}

/// A type, a generic or a visibility on one line.
fn tidy(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (from, to) in [
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" ,", ","),
        (" :", ":"),
        ("( ", "("),
        (" )", ")"),
        (" (", "("),
        (" ;", ";"),
        ("& ", "&"),
    ] {
        text = text.replace(from, to);
    }
    text
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_struct_of_a_macro_has_one_attribute_generic_and_field_a_line() {
        let item = quote! {
            /// A network.
            #[derive(Debug)]
            pub(crate) struct Mlp<#[search(32, 64)] const HIDDEN: usize, #[search(ReLU, Tanh)] Act> {
                first: Linear<{ 4 * 16 }, HIDDEN>,
                /// Nothing at all.
                act: Act,
                #[search(0.0, 0.1..=0.5 => 3)]
                pub dropout: Dropout,
                #[train(lr = log(1e-4..1e-1))]
                last: (Linear<HIDDEN, 10>, nn::Softmax),
            }
        };
        let item: ItemStruct = syn::parse2(item).expect("a struct");
        let expected = "\
/// A network.
#[searchable(input = 64, forbid = HIDDEN > 32)]
#[derive(Debug)]
pub(crate) struct Mlp<
    #[search(32, 64)] const HIDDEN: usize,
    #[search(ReLU, Tanh)] Act,
> {
    first: Linear<{ 4 * 16 }, HIDDEN>,
    /// Nothing at all.
    act: Act,
    #[search(0.0, 0.1..=0.5 => 3)]
    pub dropout: Dropout,
    #[train(lr = log(1e-4..1e-1))]
    last: (Linear<HIDDEN, 10>, nn::Softmax),
}";
        assert_eq!(source(&quote!(input = 64, forbid = HIDDEN > 32), &item), expected);
        let plain: ItemStruct = syn::parse2(quote!(
            struct Net<T>
            where
                T: Copy,
            {
                a: T,
            }
        ))
        .expect("a struct");
        assert_eq!(source(&quote!(), &plain), "#[searchable]\nstruct Net<T>\nwhere T: Copy,\n{\n    a: T,\n}");
    }
}
