//! A `#[derive(..)]` above `#[searchable]`, which sees fields and parameters that the struct then has no more.
//!
//! A macro is not told what stood above it, so the source is asked, to say one thing in place of an error a field.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Fields, GenericParam, ItemStruct};

/// True where the source has a `#[derive(..)]` between the item before and `span`; false where there is no source to
/// read, as in an editor.
pub(crate) fn is_there(span: proc_macro::Span) -> bool {
    let text = span.local_file().and_then(|path| std::fs::read_to_string(path).ok());
    text.is_some_and(|text| attributes(&text, span.line(), span.column()).contains("#[derive("))
}

/// The text between the item before and a line and column, both from 1.
fn attributes(text: &str, line: usize, column: usize) -> String {
    let mut lines: Vec<&str> = text.lines().take(line).collect();
    let own: String = lines.pop().unwrap_or_default().chars().take(column.saturating_sub(1)).collect();
    let is_of_another = |line: &&&str| {
        let code = line.split("//").next().unwrap_or_default().trim_end();
        code.ends_with(['}', ';', '{'])
    };
    let above = lines.iter().rev().take_while(|line| !is_of_another(line));
    // A comment is no attribute.
    let code = above.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>();
    code.into_iter().rev().chain([own.as_str()]).collect::<Vec<_>>().join("\n")
}

/// The error, and a struct of the same fields and parameters without meaning, for which the derived code compiles.
pub(crate) fn refuse(item: TokenStream) -> TokenStream {
    let message = "`#[derive(..)]` stands above `#[searchable]`, which takes the fields: put it below, between \
                   `#[searchable]` and the struct";
    // The attribute's place among what the user wrote, which is shown without the macro.
    let written = item.clone().into_iter().next().map_or_else(Span::call_site, |first| first.span());
    let error = syn::Error::new(Span::call_site().resolved_at(written), message).into_compile_error();
    let Ok(ItemStruct { vis, ident, mut generics, fields: Fields::Named(fields), .. }) = syn::parse2(item) else {
        return error;
    };
    let mut types = Vec::new();
    for param in &mut generics.params {
        match param {
            GenericParam::Type(param) => {
                param.attrs.clear();
                let name = &param.ident;
                types.push(quote!(#name));
            }
            GenericParam::Const(param) => param.attrs.clear(),
            GenericParam::Lifetime(param) => {
                param.attrs.clear();
                let name = &param.lifetime;
                types.push(quote!(& #name ()));
            }
        }
    }
    let names = fields.named.iter().map(|field| &field.ident);
    let clause = &generics.where_clause;
    let marker = quote!(::core::marker::PhantomData<(#(#types,)*)>);
    quote! {
        #error
        #[allow(dead_code, missing_docs)]
        #vis struct #ident #generics #clause {
            #(#names: #marker,)*
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_above_is_seen_and_what_belongs_to_others_is_not() {
        let is_derived = |text: &str| {
            let line = text.lines().position(|line| line.contains("#[searchable]")).expect("an attribute");
            let column = text.lines().nth(line).and_then(|line| line.find("#[searchable]")).expect("there");
            attributes(text, line + 1, column + 1).contains("#[derive(")
        };
        assert!(is_derived("#[derive(Debug)]\n#[searchable]\nstruct Mlp {}"));
        assert!(is_derived(
            "struct A;\n/// Words.\n#[derive(\n    Debug,\n    Clone,\n)]\n#[allow(x)]\n\n#[searchable]"
        ));
        assert!(is_derived("#[derive(Debug)] #[searchable] struct Mlp {}"));
        assert!(!is_derived("#[searchable]\n#[derive(Debug)]\nstruct Mlp {}"));
        assert!(!is_derived("#[derive(Debug)]\nstruct A;\n\n#[searchable]\nstruct Mlp {}"));
        assert!(!is_derived("#[derive(Debug)]\nstruct A {} // done\n#[searchable]\nstruct Mlp {}"));
        assert!(!is_derived("// #[derive(Debug)] is not for it\n#[searchable]\nstruct Mlp {}"));
    }

    #[test]
    fn what_is_left_of_the_struct_has_its_fields_and_parameters() {
        let item = quote!(
            pub struct Mlp<#[grid(8, 16)] const H: usize, #[grid(ReLU, Tanh)] Act> {
                hidden: Linear<2, H>,
                act: Act,
            }
        );
        let text = refuse(item).to_string();
        assert!(text.contains("pub struct Mlp < const H : usize , Act >"), "{text}");
        assert!(text.contains("act : :: core :: marker :: PhantomData < (Act ,) >"), "{text}");
    }
}
