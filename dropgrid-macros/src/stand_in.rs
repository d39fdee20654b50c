//! What stands in the place of a model with faults: its names, of types that are errors themselves. So the program that
//! uses the model has the errors of its declaration, and none that comes of them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, GenericParam, Generics, Ident, Token, Visibility,
    parse::{ParseStream, Parser},
};

use crate::model::plain;

/// The errors, told where the names of the model are declared.
pub(crate) fn model(item: TokenStream, dropgrid: &TokenStream, errors: &syn::Error) -> TokenStream {
    let errors = errors.to_compile_error();
    let Ok(Head { conditions, vis, name, generics }) = head.parse2(item) else { return errors };
    let text = plain(&name);
    let (gate, private) = (format_ident!("__{text}Faults"), quote!(#dropgrid::__private));
    let is_own = |param: &&GenericParam| matches!(param, GenericParam::Const(param) if !is_searched(&param.attrs));
    let own = generics.params.iter().filter(is_own).cloned().map(without_attributes);
    let all = generics.params.iter().cloned().map(without_attributes);
    let types: Vec<&Ident> = generics.type_params().map(|param| &param.ident).collect();
    let mut names: Vec<Ident> = Vec::new();
    let words = types.iter().map(|param| plain(param)).filter(|param| param != "Net");
    for word in ["Params", "Space"].map(str::to_owned).into_iter().chain(words) {
        let name = format_ident!("{text}{word}", span = name.span());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let net = format_ident!("{text}Net", span = name.span());
    let conditions = quote!(#(#conditions)*);
    let lints = quote!(#[allow(dead_code, missing_docs, unreachable_pub, private_interfaces)]);
    // Told twice, which is shown once: outside of the gate, the compiler then misses no names in this module.
    quote! {
        #errors
        #conditions
        #lints
        #vis type #gate = #private::Gate<{ #errors true }>;
        #conditions
        #lints
        #vis type #name<#(#own),*> = #private::CheckedType<#gate, ()>;
        #conditions
        #lints
        #vis type #net<#(#all),*> = #private::CheckedType<#gate, (#(#types,)*)>;
        #(
            #conditions
            #lints
            #vis type #names = #private::CheckedType<#gate, ()>;
        )*
    }
}

/// The beginning of a declaration, whatever its body is.
struct Head {
    conditions: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    generics: Generics,
}

fn head(input: ParseStream<'_>) -> syn::Result<Head> {
    let mut conditions = input.call(Attribute::parse_outer)?;
    conditions.retain(|attr| attr.path().is_ident("cfg"));
    let vis = input.parse()?;
    if input.parse::<Option<Token![struct]>>()?.is_none() {
        input.parse::<Token![enum]>()?;
    }
    let head = Head { conditions, vis, name: input.parse()?, generics: input.parse()? };
    input.parse::<TokenStream>()?;
    Ok(head)
}

/// True of a parameter that has an attribute of ours, or one that is misspelt.
fn is_searched(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| !attr.path().is_ident("doc"))
}

fn without_attributes(mut param: GenericParam) -> GenericParam {
    match &mut param {
        GenericParam::Const(param) => {
            param.attrs.clear();
            param.default = None;
        }
        GenericParam::Type(param) => {
            param.attrs.clear();
            param.bounds.clear();
            param.colon_token = None;
            param.default = None;
        }
        GenericParam::Lifetime(param) => param.attrs.clear(),
    }
    param
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn of(item: TokenStream) -> String {
        let errors = syn::Error::new(Span::call_site(), "a fault");
        model(item, &quote!(::dropgrid), &errors).to_string()
    }

    #[test]
    fn the_names_of_the_model_are_there_with_their_parameters() {
        let text = of(quote! {
            #[cfg(unix)]
            pub struct Mlp<#[grid(8, 16)] const H: usize, const IN: usize, #[grid(ReLU, Tanh)] Act> {
                hidden: (Linear<IN, H>, Act),
                rate Dropout,
            }
        });
        for declared in [
            "pub type Mlp < const IN : usize > =",
            "pub type MlpNet < const H : usize , const IN : usize , Act > =",
            "pub type MlpParams =",
            "pub type MlpSpace =",
            "pub type MlpAct =",
        ] {
            assert!(text.contains(declared), "{declared} in {text}");
        }
        assert_eq!(text.matches("a fault").count(), 2, "{text}");
        assert_eq!(text.matches("# [cfg (unix)]").count(), 6, "{text}");
    }

    #[test]
    fn what_is_no_declaration_of_a_type_has_its_error_alone() {
        let text = of(quote!(
            fn mlp() {}
        ));
        assert!(text.starts_with(":: core :: compile_error"), "{text}");
    }
}
