//! `MlpLayers` and `MlpNet`: the dfdx network.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use super::Names;
use crate::model::{Input, Model};

/// dfdx's `visit_fields` takes tuples of at most so many.
const TUPLE: usize = 6;

pub(super) fn expand(model: &Model, names: &Names) -> TokenStream {
    let Names { core, layers, net, layer_params: params, .. } = names;
    let vis = &model.vis;
    let fields: Vec<&Ident> = model.layers().map(|field| &field.name).collect();
    let types = model.layers().map(|field| &field.ty);
    let attrs = model.layers().enumerate().map(|(at, field)| {
        let attrs = &field.attrs;
        let doc = (!attrs.iter().any(|attr| attr.path().is_ident("doc"))).then(|| format!("Layer {at}."));
        let doc = doc.iter();
        quote!(#(#[doc = #doc])* #(#attrs)*)
    });
    let modules: Vec<TokenStream> = fields
        .iter()
        .map(|field| {
            let text = field.to_string();
            let text = text.trim_start_matches("r#");
            quote! {
                <Self as #core::TensorCollection<E, D>>::module(#text, |it| &it.#field, |it| &mut it.#field)
            }
        })
        .collect();
    let modules = nested(&modules);
    let pattern = nested(&fields);
    let evaluation = Pass::evaluation(core).expand(model, names);
    let training = Pass::training(core).expand(model, names);
    let input = input(model, names);
    let doc = format!("The layers of [`{}`] in their order of application, generic over their types.", model.name);
    let alias = format!(
        "The dfdx network of [`{}`]: a `Module` on batches without a tape, a `ModuleMut` on batches with one.",
        model.name
    );
    let generics = &model.generics.params;
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #layers<#(#params),*> {
            #(#attrs pub #fields: #params,)*
        }

        #[doc = #alias]
        #vis type #net<#generics> = #layers<#(#core::Built<#types>),*>;

        #[automatically_derived]
        impl<E: #core::Dtype, D: #core::Device<E>, #(#params: #core::TensorCollection<E, D>),*>
            #core::TensorCollection<E, D> for #layers<#(#params),*>
        {
            type To<E2: #core::Dtype, D2: #core::Device<E2>> = #layers<#(#params::To<E2, D2>),*>;

            fn iter_tensors<V: #core::ModuleVisitor<Self, E, D>>(
                visitor: &mut V,
            ) -> ::core::result::Result<::core::option::Option<Self::To<V::E2, V::D2>>, V::Err> {
                #core::ModuleVisitor::visit_fields(visitor, #modules, |#pattern| #layers { #(#fields),* })
            }
        }

        #evaluation
        #training

        #input
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

/// The two phases, as the two traits of dfdx on the two kinds of batch.
struct Pass {
    module: TokenStream,
    tape: TokenStream,
    this: TokenStream,
    field: TokenStream,
    method: TokenStream,
}

impl Pass {
    fn evaluation(core: &TokenStream) -> Self {
        Self {
            module: quote!(#core::Module),
            tape: quote!(#core::NoneTape),
            this: quote!(&self),
            field: quote!(&self),
            method: quote!(try_forward),
        }
    }

    fn training(core: &TokenStream) -> Self {
        Self {
            module: quote!(#core::ModuleMut),
            tape: quote!(#core::OwnedTape<E, D>),
            this: quote!(&mut self),
            field: quote!(&mut self),
            method: quote!(try_forward_mut),
        }
    }

    /// Each layer takes what the one before it gives.
    fn expand(&self, model: &Model, names: &Names) -> TokenStream {
        let Self { module, tape, this, field, method } = self;
        let Names { core, layers, layer_params: params, .. } = names;
        let fields = model.layers().map(|field| &field.name);
        let input = quote!(#core::Tensor<S, E, D, #tape>);
        let (first, later, last) = (&params[0], &params[1..], &params[params.len() - 1]);
        quote! {
            #[automatically_derived]
            impl<S: #core::Shape, E: #core::Dtype, D: #core::Device<E>, #(#params),*> #module<#input>
                for #layers<#(#params),*>
            where
                #first: #module<#input>,
                #(#later: #module<#params::Output, Error = #first::Error>,)*
            {
                type Output = #last::Output;
                type Error = #first::Error;

                fn #method(#this, input: #input) -> ::core::result::Result<Self::Output, Self::Error> {
                    #(let input = #module::#method(#field.#fields, input)?;)*
                    ::core::result::Result::Ok(input)
                }
            }
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
