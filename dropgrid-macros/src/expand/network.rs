//! `MlpLayers` and `MlpNet`: the dfdx network.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use super::{Names, Part};
use crate::model::{Input, Model, plain};

/// dfdx's `visit_fields` takes tuples of at most so many.
const TUPLE: usize = 6;

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { path, core, layers, net, conditions, lints, layer_params: params, .. } = names;
    let vis = &model.vis;
    let fields: Vec<&Ident> = model.layers().map(|field| &field.name).collect();
    let types = model.layers().map(|field| &field.ty);
    let attrs = model.layers().enumerate().map(|(at, field)| {
        let attrs = &field.attrs;
        let doc = (!attrs.iter().any(|attr| attr.path().is_ident("doc"))).then(|| format!("Layer {at}."));
        let doc = doc.iter();
        quote!(#(#[doc = #doc])* #(#attrs)*)
    });
    let nested = nested(&fields);
    let (first_field, first) = (&fields[0], &params[0]);
    let later = fields[1..].iter().zip(params[1..].iter().zip(params));
    let later = later.map(|(field, (layer, before))| quote!(#field: #layer after #before));
    let last = &params[params.len() - 1];
    let input = input(model, names);
    let name = plain(&model.name);
    let doc = format!("The layers of [`{name}`] in their order of application, generic over their types.");
    let alias = format!(
        "The dfdx network of [`{name}`]: a `Module` on batches without a tape, a `ModuleMut` on batches with one."
    );
    let generics = &model.generics.params;
    Part {
        items: quote! {
            #conditions
            #lints
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            #vis struct #layers<#(#params),*> {
                #(#attrs pub #fields: #params,)*
            }

            #conditions
            #lints
            #[doc = #alias]
            #vis type #net<#generics> = #layers<#(#path::Built<#types>),*>;
        },
        impls: quote! {
            #core::network! {
                #layers { #first_field: #first #(, #later)* }
                last #last, fields #nested, input (#input)
            }
        },
    }
}

/// The shape of the network's input: as stated, or read off the first layer that fixes it, for which it is told what
/// comes after it.
fn input(model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    match &model.options.input {
        Some(Input::Width(width)) => quote!(#core::Rank1<#width>),
        Some(Input::Shape(shape)) => quote!(#shape),
        None => {
            let later = names.layer_params[1..].iter().rev();
            let rest = later.fold(quote!(#core::SeqEnd), |rest, layer| quote!(#core::Seq<#layer, #rest>));
            quote!(of #rest)
        }
    }
}

/// Items as a tuple of at most six, each a tuple of at most six again, and so on.
fn nested(items: &[impl ToTokens]) -> TokenStream {
    let mut level: Vec<TokenStream> = items.iter().map(ToTokens::to_token_stream).collect();
    while level.len() > 1 {
        level = level
            .chunks(TUPLE)
            .map(|chunk| if let [one] = chunk { one.clone() } else { quote!((#(#chunk),*)) })
            .collect();
    }
    level.pop().unwrap_or_default()
}
