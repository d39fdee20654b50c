//! `MlpLayers` and `MlpNet`: the dfdx network.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use super::{Names, Part};
use crate::model::{Input, Model};

/// dfdx's `visit_fields` takes tuples of at most so many.
const TUPLE: usize = 6;

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { path, core, layers, net, shared, layer_params: params, .. } = names;
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
    let doc = format!("The layers of [`{}`] in their order of application, generic over their types.", model.name);
    let alias = format!(
        "The dfdx network of [`{}`]: a `Module` on batches without a tape, a `ModuleMut` on batches with one.",
        model.name
    );
    let generics = &model.generics.params;
    Part {
        items: quote! {
            #shared
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            #vis struct #layers<#(#params),*> {
                #(#attrs pub #fields: #params,)*
            }

            #shared
            #[doc = #alias]
            #vis type #net<#generics> = #layers<#(#path::Built<#types>),*>;
        },
        impls: quote! {
            #core::network! {
                #layers { #first_field: #first #(, #later)* }
                last #last, fields #nested
            }

            #input
        },
    }
}

/// The shape of the network's input: as stated, or read off the first layer that fixes it.
fn input(model: &Model, names: &Names) -> TokenStream {
    let Names { core, layers, layer_params: params, .. } = names;
    let (first, later) = (&params[0], &params[1..]);
    let (clause, sample) = match &model.options.input {
        Some(Input::Width(width)) => (quote!(), quote!(#core::Rank1<#width>)),
        Some(Input::Shape(shape)) => (quote!(), quote!(#shape)),
        None => {
            let rest = later.iter().rev().fold(quote!(#core::End), |rest, layer| quote!(#core::Seq<#layer, #rest>));
            (quote!(where #first: #core::TakesInput<#rest>), quote!(#first::Sample))
        }
    };
    quote! {
        #[automatically_derived]
        impl<#(#params),*> #core::InputShape for #layers<#(#params),*> #clause {
            type Sample = #sample;
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
