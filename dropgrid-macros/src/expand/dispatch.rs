//! The model's traits: from a candidate to the network type that was compiled for it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{Names, Rest, builder::network_axes, net_args};
use crate::model::{Axis, Model};

pub(super) fn expand(model: &Model, names: &Names) -> TokenStream {
    let Names { core, params, space, builder, net, .. } = names;
    let Rest { params: rest, args, clause, .. } = &names.rest;
    let name = &model.name;
    let text = name.to_string();

    let first: Vec<usize> = vec![0; model.widths.len()];
    let net_arguments = widths(model, &first);
    let settings = model.axes().filter_map(|axis| match axis {
        Axis::Train(field, _) => Some(&field.name),
        Axis::Width(_) | Axis::Layer(..) => None,
    });
    let compiled = model.widths.iter().map(|width| {
        let (axis, values) = (&width.axis, &width.grid.values);
        let text = axis.to_string();
        quote!(#core::compiled(#text, params.#axis, &[#(#values),*])?;)
    });
    let arms = architectures(model).map(|at| arm(model, names, &at));
    let missing = network_axes(model).into_iter().map(|axis| {
        let name = axis.name();
        quote!(#name: #core::Missing)
    });
    let search = format!("Starts a search over the candidates of `{name}`.");
    let space_doc = format!("The search space of `{name}`, to look at or to change before a search.");
    let builder_doc = format!("Starts a network of `{name}` from explicit values.");
    quote! {
        impl<#rest> #name<#args> #clause {
            #[doc = #search]
            pub fn search<S: #core::Strategy<#space>>(strategy: S) -> #core::Search<Self, S> {
                #core::Search::new(strategy)
            }

            #[doc = #space_doc]
            pub fn space() -> #space {
                #space::declared()
            }

            #[doc = #builder_doc]
            pub fn builder() -> #builder<#args> {
                #builder { #(#missing,)* model: ::core::marker::PhantomData }
            }
        }

        #[automatically_derived]
        impl<#rest> #core::Model for #name<#args> #clause {
            type Params = #params;
            type Space = #space;
            type Output = #core::OutputOf<#net #net_arguments>;
            const NAME: &'static str = #text;

            fn space() -> #space {
                #space::declared()
            }

            fn train(params: &#params, recipe: #core::Train) -> #core::Train {
                let _ = params;
                #(let recipe = recipe.#settings(params.#settings);)*
                recipe
            }

            fn visit<V: #core::Visitor<Self>>(params: &#params, visitor: V) -> #core::Result<V::Value> {
                #(#compiled)*
                #(#arms)*
            }
        }
    }
}

/// Every combination of the widths' positions, the last width fastest.
fn architectures(model: &Model) -> impl Iterator<Item = Vec<usize>> {
    let lens: Vec<usize> = model.widths.iter().map(|width| width.grid.values.len()).collect();
    let count: usize = lens.iter().product();
    (0..count).map(move |mut rest| {
        let mut at = vec![0; lens.len()];
        for (position, len) in at.iter_mut().zip(&lens).rev() {
            *position = rest % len;
            rest /= len;
        }
        at
    })
}

/// One architecture: visited where the candidate's widths are its own. The last needs no question.
fn arm(model: &Model, names: &Names, at: &[usize]) -> TokenStream {
    let core = &names.core;
    let net = &names.net;
    let args = widths(model, at);
    let mut builder = quote!(Self::builder());
    for axis in network_axes(model) {
        let name = axis.name();
        builder = match axis {
            Axis::Width(width) => {
                let position = model.widths.iter().position(|other| other.param == width.param).unwrap_or_default();
                let value = &width.grid.values[at[position]];
                quote!(#builder.#name::<{ #value }>())
            }
            Axis::Layer(..) | Axis::Train(..) => quote!(#builder.#name(params.#name)),
        };
    }
    let visit = quote_spanned! {model.name.span()=>
        ::core::result::Result::Ok(
            <V as #core::Visitor<Self>>::visit::<#net #args>(visitor, |weights| #builder.build_with(weights))
        )
    };
    let last = model.widths.iter().zip(at).all(|(width, &at)| at + 1 == width.grid.values.len());
    if last {
        return visit;
    }
    let questions = model.widths.iter().zip(at).map(|(width, &at)| {
        let (axis, value) = (&width.axis, &width.grid.values[at]);
        quote!(params.#axis == #value)
    });
    quote! {
        if #(#questions)&&* {
            return #visit;
        }
    }
}

/// The arguments of the network's alias for one architecture.
fn widths(model: &Model, at: &[usize]) -> TokenStream {
    net_args(model, |width| {
        let value = &model.widths[width].grid.values[at[width]];
        quote!({ #value })
    })
}
