//! `MlpBuilder`: a network from explicit values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Names, Rest, net_args};
use crate::model::{self, Axis, Model, Role};

pub(super) fn expand(model: &Model, names: &Names) -> TokenStream {
    let Names { core, builder, net, layers, .. } = names;
    let vis = &model.vis;
    let axes = network_axes(model);
    let idents: Vec<&Ident> = axes.iter().map(Axis::name).collect();
    let slots: Vec<Ident> = (0..axes.len()).map(|at| model::local("P", at)).collect();
    let Rest { params, args, clause, marker } = &names.rest;
    let setters = axes.iter().enumerate().map(|(at, axis)| setter(axis, at, &idents, &slots, names));

    let filled = axes.iter().map(|axis| match axis {
        Axis::Width(width) => {
            let param = &width.param;
            quote!(#core::Width<#param>)
        }
        Axis::Layer(..) | Axis::Train(..) => quote!(f64),
    });
    let built = model.layers().enumerate().map(|(at, field)| {
        let (name, ty, at) = (&field.name, &field.ty, at as u32);
        let text = name.to_string();
        match &field.role {
            Role::Layer(Some(_)) => quote!(#name: weights.tuned::<#ty>(#at, #text, self.#name)?),
            Role::Layer(None) | Role::Train(_) => quote!(#name: weights.layer::<#ty>(#at)?),
        }
    });
    let generics = &model.generics.params;
    let net_arguments = net_args(model, |at| {
        let param = &model.widths[at].param;
        quote!(#param)
    });
    let doc = format!(
        "Builds a network of [`{}`] from explicit values; `build` exists once every hyperparameter is given.",
        model.name
    );
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #builder<#params #(#slots = #core::Missing),*> #clause {
            #(#idents: #slots,)*
            model: ::core::marker::PhantomData<#marker>,
        }

        #(#setters)*

        impl<#generics> #builder<#args #(#filled),*> #clause {
            /// Builds the network with initial weights drawn from `seed`.
            ///
            /// # Errors
            /// Where a value is outside its layer's range.
            pub fn build(self, seed: u64) -> #core::Result<#net #net_arguments> {
                self.build_with(&#core::Weights::alone(#core::Seed(seed)))
            }

            /// Builds the network with initial weights from `weights`.
            ///
            /// # Errors
            /// Where a value is outside its layer's range.
            pub fn build_with(self, weights: &#core::Weights) -> #core::Result<#net #net_arguments> {
                ::core::result::Result::Ok(#layers { #(#built,)* })
            }
        }
    }
}

/// The axes that a network is made of; training settings are not among them.
pub(super) fn network_axes(model: &Model) -> Vec<Axis<'_>> {
    model.axes().filter(|axis| !matches!(axis, Axis::Train(..))).collect()
}

/// The method that gives one hyperparameter its value.
fn setter(axis: &Axis<'_>, at: usize, idents: &[&Ident], slots: &[Ident], names: &Names) -> TokenStream {
    let Names { core, builder, .. } = names;
    let Rest { params, args, clause, .. } = &names.rest;
    let name = axis.name();
    let doc = axis.doc();
    let (generic, argument, ty, value) = match axis {
        Axis::Width(width) => {
            let param = &width.param;
            (quote!(<const #param: usize>), quote!(), quote!(#core::Width<#param>), quote!(#core::Width))
        }
        Axis::Layer(..) | Axis::Train(..) => (quote!(), quote!(, #name: f64), quote!(f64), quote!(#name)),
    };
    let after = slots.iter().enumerate().map(|(slot, ident)| if slot == at { ty.clone() } else { quote!(#ident) });
    let others = idents.iter().filter(|other| *other != &name);
    quote! {
        impl<#params #(#slots),*> #builder<#args #(#slots),*> #clause {
            #[doc = #doc]
            pub fn #name #generic (self #argument) -> #builder<#args #(#after),*> {
                #builder { #(#others: self.#others,)* #name: #value, model: ::core::marker::PhantomData }
            }
        }
    }
}
