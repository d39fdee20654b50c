//! `MlpLayers` and `MlpNet`: the dfdx network.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use super::{Names, Part, columns, computed, gates, generics, inner};
use crate::model::{Input, Model, plain};

/// dfdx's `visit_fields` takes tuples of at most so many.
const TUPLE: usize = 6;

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { path, core, layers, net, conditions, lints, layer_params: params, .. } = names;
    let vis = &model.vis;
    let fields: Vec<&Ident> = model.layers().map(|field| &field.name).collect();
    let types = model.layers().map(|field| gates::built(model, &field.ty, names));
    let attrs = model.layers().enumerate().map(|(at, field)| {
        let attrs = &field.attrs;
        let doc = (!attrs.iter().any(|attr| attr.path().is_ident("doc"))).then(|| format!("Layer {at}."));
        let doc = doc.iter();
        quote!(#(#[doc = #doc])* #(#attrs)*)
    });
    let heads = model.column_fields().count();
    let (first_field, first) = (&fields[heads], &params[heads]);
    let later = fields[heads + 1..].iter().zip(params[heads + 1..].iter().zip(&params[heads..]));
    let later = later.map(|(field, (layer, before))| quote!(#field: #layer after #before));
    let last = &params[params.len() - 1];
    let origins = columns::Origins::of(model, names);
    let network = match &origins {
        None => {
            let (nested, input) = (nested(&fields), input(model, names));
            quote! {
                #core::network! {
                    #layers { #first_field: #first #(, #later)* }
                    last #last, fields #nested, input (#input)
                }
            }
        }
        Some(columns::Origins { field, param, .. }) => {
            let all: Vec<&Ident> = fields.iter().copied().chain([field]).collect();
            let (nested, width, rest) = (nested(&all), columns::width(), rest(names, heads + 1));
            let heads = fields[..heads].iter().zip(&params[..heads]).enumerate().map(|(at, (field, layer))| {
                let positions = columns::positions(at);
                quote!(#field: #layer at #positions)
            });
            quote! {
                #core::column_network! {
                    #layers { #(#heads),*; #first_field: #first #(, #later)*; #field: #param }
                    last #last, fields #nested, input #width, rest (#rest)
                }
            }
        }
    };
    let name = plain(&model.name);
    let doc = format!("The layers of [`{name}`] in their order of application, generic over their types.");
    let alias = format!(
        "The dfdx network of [`{name}`]: a `Module` on batches without a tape, a `ModuleMut` on batches with one."
    );
    let generics = generics::declared(model);
    let (mut origin_field, mut origin_param, mut origin_type) = (None, None, None);
    if let Some(columns::Origins { field, param, layer }) = &origins {
        let doc = "The origins of the columns, see `Features::origins`.";
        origin_field = Some(quote!(#[doc = #doc] pub #field: #param,));
        origin_param = Some(quote!(, #param));
        origin_type = Some(quote!(, #path::Built<#layer>));
    }
    let is_computed = computed::is(model);
    let (declared, network_type) = if is_computed {
        (Some(computed::declaration(model, names)), computed::network(model, names))
    } else {
        (None, quote!(#layers<#(#types),* #origin_type>))
    };
    let networks = is_computed.then(|| computed::networks(model, names, origin_type.as_ref()));
    Part {
        items: quote! {
            #conditions
            #lints
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            #vis struct #layers<#(#params),* #origin_param> {
                #(#attrs pub #fields: #params,)*
                #origin_field
            }

            #conditions
            #lints
            #[doc = #alias]
            #vis type #net<#generics> = #network_type;

            #declared
        },
        impls: quote!(#network #networks),
    }
}

/// The layers from the one at `first` on, as a list of types.
fn rest(names: &Names, first: usize) -> TokenStream {
    let core = &names.core;
    let later = names.layer_params[first..].iter().rev();
    later.fold(quote!(#core::SeqEnd), |rest, layer| quote!(#core::Seq<#layer, #rest>))
}

/// The shape of the network's input: as stated, or read off the first layer that fixes it, for which it is told what
/// comes after it.
fn input(model: &Model, names: &Names) -> TokenStream {
    match &model.options.input {
        Some(Input::Width(width)) => {
            let core = &names.core;
            quote!(#core::Rank1<#width>)
        }
        Some(Input::Shape(shape)) => quote!(#shape),
        None => {
            let rest = rest(names, 1);
            quote!(of #rest)
        }
    }
}

/// The same of a network that is a layer, before the layers `after`.
pub(super) fn input_before(model: &Model, names: &Names, after: &TokenStream) -> TokenStream {
    match &model.options.input {
        Some(_) => input(model, names),
        None => {
            let core = &names.core;
            let later = names.layer_params[1..].iter().rev();
            let rest = later.fold(after.clone(), |rest, layer| quote!(#core::Seq<#layer, #rest>));
            quote!(of #rest)
        }
    }
}

/// The position of the layer with that number of fields before it: each has one, and a searchable struct those of its
/// fields.
pub(super) fn position(model: &Model, number: usize, names: &Names) -> TokenStream {
    let own = number as u32;
    let more = model.layers().take(number).filter(|field| field.inner.is_some());
    let more = more.map(|field| {
        let ty = inner::layer(field, model, names);
        quote!(+ <#ty>::MORE)
    });
    quote!(#own #(#more)*)
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
