//! A model as a layer of another, where it can be one.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Names, Part, Rest, dispatch, gates, generics::own_args, network, shape_checks};
use crate::model::{Model, Role};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { core, net, params, layers, layer_params, .. } = names;
    let Rest { params: rest, args, clause, .. } = &names.rest;
    let name = &model.name;
    let named = |obstacle: TokenStream, what: TokenStream| {
        quote! {
            #[automatically_derived]
            impl<#rest> #core::SearchableStruct for #name<#args> #clause {
                type Named = Self;
                type Obstacle = #core::#obstacle;
                type Name = #what;
            }
        }
    };
    if let Some((obstacle, what)) = obstacle(model) {
        return Part { items: TokenStream::new(), impls: named(quote!(#obstacle), names.marker(what)) };
    }
    let args_of_net = own_args(model);
    let built = gates::network(model, names, &quote!(#net #args_of_net));
    let positions = network::position(model, model.layers().count(), names);
    let ending = shape_checks::ending(model, names);
    let build = dispatch::builder(model, &[], names);
    let first = &layer_params[0];
    let after = names.free("After");
    let input = network::input_before(model, names, &quote!(#after));
    let is = named(quote!(NoObstacle), quote!(#core::NoObstacle));
    let impls = quote! {
        #is

        #[automatically_derived]
        impl<#rest> #core::SearchableLayer for #name<#args> #clause {
            type Struct = Self;
            type Built = #built;
            const POSITIONS: u32 = #positions;
            const ENDING: usize = #ending;

            fn build_layer(init: &#core::Init<'_>, params: &#params) -> #core::Result<#built> {
                #build.build_with(init)
            }
        }

        #core::layer_input! { #layers<#(#layer_params),*> #first (#input, #after) }
    };
    Part { items: TokenStream::new(), impls }
}

/// The fault that keeps the model from being a layer, and its name.
pub(super) fn obstacle(model: &Model) -> Option<(Ident, &Ident)> {
    let train = model
        .fields
        .iter()
        .find(|field| matches!(field.role, Role::Train(_)))
        .map(|field| ("TrainingSetting", &field.name));
    let searched = model.choices.first().map(|choice| ("SearchedParameter", &choice.param));
    let columns = model.column_fields().next().map(|(field, _)| ("FieldOfColumns", &field.name));
    let (what, name) = train.or(searched).or(columns)?;
    Some((Ident::new(what, Span::call_site()), name))
}
