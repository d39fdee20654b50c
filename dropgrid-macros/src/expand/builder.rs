//! `MlpBuilder`: a network from explicit values.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use super::{
    Names, Part, Rest, columns, computed,
    constants::settings_spec,
    gates,
    generics::{self, architectures, args_at, own_args, type_at, value_at},
    network, ties,
};
use crate::{
    mentions,
    model::{Axis, Choice, ChoiceValues, Field, Model, Role, choice_enum, plain},
};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { core, builder, net, layers, conditions, lints, .. } = names;
    let vis = &model.vis;
    let axes = network_axes(model);
    let idents: Vec<&Ident> = axes.iter().map(Axis::name).collect();
    let slots: Vec<Ident> = (0..axes.len()).map(|at| names.free(&format!("P{at}"))).collect();
    let Rest { params, args, .. } = &names.rest;
    let setters = axes.iter().enumerate().map(|(at, axis)| setter(axis, at, &idents, &slots, model, names));

    let variables = ties::variables(model, &axes, names);
    let chosen = chosen(model, names);
    let init = Ident::new("init", Span::mixed_site());
    let mut ties = ties::values(model);
    let evaluated = ties::evaluated(model, &init);
    let built = model.layers().enumerate().map(|(at, field)| layer(field, at, &init, &mut ties, model, names));
    let mut built: Vec<TokenStream> = built.collect();
    if let Some(columns::Origins { field, layer, .. }) = columns::Origins::of(model, names) {
        let position = network::position(model, built.len(), names);
        built.push(quote!(#field: #init.layer::<#layer>(#position)?));
    }
    let generics = generics::declared(model);
    let network = quote!({
        #variables
        #evaluated
        #layers { #(#built,)* }
    });
    let built_with: TokenStream = if computed::is(model) {
        let one = |at: Vec<usize>| {
            let filled = axes.iter().map(|axis| slot_at(axis, model, names, &at));
            let (net_args, locals, clause) = (args_at(model, &at), computed::locals(model, &at), &names.rest.clause);
            quote! {
                #[allow(non_snake_case)]
                impl<#params> #builder<#args #(#filled),*> #clause {
                    #core::build!(self, #init, #net #net_args, {
                        #locals
                        #network
                    });
                }
            }
        };
        architectures(model).map(one).collect()
    } else {
        let filled = axes.iter().map(|axis| slot(axis, model, names));
        let (net_args, bounds) = (own_args(model), bounds(model, names));
        quote! {
            #[allow(non_snake_case)]
            impl<#generics> #builder<#args #(#filled),*> #bounds {
                #core::build!(self, #init, #net #net_args, #network);
            }
        }
    };
    let doc = format!(
        "Builds a network of [`{}`] from explicit values; `build` exists once every hyperparameter is given.",
        plain(&model.name)
    );
    Part {
        items: quote! {
            #conditions
            #lints
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::fmt::Debug)]
            #vis struct #builder<#params #(#slots),*> {
                #(#idents: #slots,)*
            }
        },
        impls: quote! {
            #chosen
            #(#setters)*

            #built_with
        },
    }
}

/// The axes that a network is made of: those of its shape and its layers, and those that its layers are tied to.
pub(super) fn network_axes(model: &Model) -> Vec<Axis<'_>> {
    let axes = model.axes();
    let tied: Vec<usize> = model.ties().flat_map(|tie| mentions::of(&tie.value, &axes)).map(|(at, _)| at).collect();
    let is_part = |(at, axis): &(usize, Axis<'_>)| {
        matches!(axis, Axis::Choice(_) | Axis::Layer(..) | Axis::Inner(_)) || tied.contains(at)
    };
    axes.into_iter().enumerate().filter(is_part).map(|(_, axis)| axis).collect()
}

/// The searched types that a tie asks.
fn asked_types(model: &Model) -> Vec<&Choice> {
    let axes = model.axes();
    let asks = |choice: &&Choice| {
        let is_choice = |(at, _): (usize, Ident)| matches!(axes[at], Axis::Choice(other) if other.axis == choice.axis);
        matches!(choice.values, ChoiceValues::Types(_))
            && model.ties().any(|tie| mentions::of(&tie.value, &axes).into_iter().any(is_choice))
    };
    model.choices.iter().filter(asks).collect()
}

/// The name of a searched type, where a tie asks it.
fn chosen(model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let all = asked_types(model).into_iter().flat_map(|choice| {
        let words = choice_enum(model, choice);
        let ChoiceValues::Types(types) = &choice.values else { return Vec::new() };
        let impls = architectures(model).flat_map(|at| {
            let words = &words;
            types.iter().map(move |(variant, ty)| {
                let ty = type_at(model, ty, &at);
                quote!(impl #core::Chosen<#words> for #ty { const VALUE: #words = #words::#variant; })
            })
        });
        let mut impls: Vec<TokenStream> = impls.collect();
        let mut seen = HashSet::new();
        impls.retain(|one| seen.insert(one.to_string()));
        impls
    });
    all.collect()
}

/// One layer: built, with its searched hyperparameter and its ties, whose values are the next ones of `values`.
fn layer(
    field: &Field,
    number: usize,
    init: &Ident,
    values: &mut impl Iterator<Item = Ident>,
    model: &Model,
    names: &Names,
) -> TokenStream {
    let core = &names.core;
    let position = network::position(model, number, names);
    let (name, ty, text) = (&field.name, gates::layer(model, &field.ty, core, names), plain(&field.name));
    if let Some(inner) = &field.inner {
        let checked = &names.checked;
        let inner = quote!(<#core::CheckedInner<#checked, #inner> as #core::SearchableLayer>);
        return quote!(#name: #init.nested(#position, #text, |#init| #inner::build_layer(#init, &self.#name))?);
    }
    let Role::Layer { axis, ties } = &field.role else { return TokenStream::new() };
    let mut built = match axis {
        Some(values) if values.setting.is_none() => {
            quote!(#init.tuned::<#ty>(#position, <#ty as #core::TunableLayer>::SPEC, #text, self.#name)?)
        }
        _ => quote!(#init.layer::<#ty>(#position)?),
    };
    let searched = axis.iter().filter_map(|values| Some((values.setting.as_ref()?, quote!(self.#name))));
    let tied = ties.iter().zip(values).map(|(tie, value)| (&tie.setting, quote!(#value)));
    let (mut is_set, spec) = (false, settings_spec(field, &ty, core));
    for (setting, value) in searched.chain(tied) {
        let setting = plain(setting);
        built = quote!(#init.set(#built, #spec, #text, #setting, #value)?);
        is_set = true;
    }
    if is_set {
        built = quote!(#init.settled(#built, #spec, #text)?);
    }
    quote!(#name: #built)
}

/// The type of a slot of the builder once its value is given.
fn slot(axis: &Axis<'_>, model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    match axis {
        Axis::Choice(choice) => {
            let param = &choice.param;
            match &choice.values {
                ChoiceValues::Widths(_) => quote!(#core::Width<#param>),
                ChoiceValues::Types(_) => quote!(#core::Choice<#param>),
            }
        }
        _ => axis.checked_field_ty(model, names),
    }
}

/// The type of a slot in one architecture.
fn slot_at(axis: &Axis<'_>, model: &Model, names: &Names, at: &[usize]) -> TokenStream {
    let core = &names.core;
    let Axis::Choice(choice) = axis else { return slot(axis, model, names) };
    let number = model.choices.iter().position(|other| other.param == choice.param).unwrap_or_default();
    let value = value_at(model, number, at);
    match &choice.values {
        ChoiceValues::Widths(_) => quote!(#core::Width<#value>),
        ChoiceValues::Types(_) => quote!(#core::Choice<#value>),
    }
}

/// The bounds under which a network can be built: those of the struct, and that layers of a searched type can be built.
fn bounds(model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let own = names.rest.clause.iter().flat_map(|clause| &clause.predicates);
    let searched = model.choices.iter().filter(|choice| matches!(choice.values, ChoiceValues::Types(_)));
    let types: Vec<&Ident> = searched.map(|choice| &choice.param).collect();
    let layers = model.layers().map(|field| &field.ty);
    let open = layers.filter(|ty| types.iter().any(|param| mentions::name(ty, param)));
    let asked = asked_types(model).into_iter().map(|choice| {
        let (param, words) = (&choice.param, choice_enum(model, choice));
        quote!(#param: #core::Chosen<#words>)
    });
    let predicates = own.map(|predicate| quote!(#predicate)).chain(asked);
    let predicates = predicates.chain(open.map(|ty| quote!(#ty: #core::BuildOnDevice<#core::Cpu, f32>)));
    quote!(where #(#predicates),*)
}

/// The method that gives one hyperparameter its value.
fn setter(axis: &Axis<'_>, at: usize, idents: &[&Ident], slots: &[Ident], model: &Model, names: &Names) -> TokenStream {
    let Names { core, builder, .. } = names;
    let Rest { params, args, .. } = &names.rest;
    let (name, doc, ty) = (axis.name(), axis.doc(), slot(axis, model, names));
    let (generic, argument, value) = match axis {
        Axis::Choice(choice) => {
            let param = &choice.param;
            match &choice.values {
                ChoiceValues::Widths(_) => (quote!(<const #param: usize>), quote!(), quote!(#core::Width)),
                ChoiceValues::Types(_) => (quote!(<#param>), quote!(), quote!(#core::Choice::new())),
            }
        }
        _ => (quote!(), quote!(, #name: #ty), quote!(#name)),
    };
    let after = slots.iter().enumerate().map(|(slot, ident)| if slot == at { ty.clone() } else { quote!(#ident) });
    let others = idents.iter().filter(|other| *other != &name);
    quote! {
        impl<#params #(#slots),*> #builder<#args #(#slots),*> {
            #[doc = #doc]
            pub fn #name #generic (self #argument) -> #builder<#args #(#after),*> {
                #builder { #(#others: self.#others,)* #name: #value }
            }
        }
    }
}
