//! The model's traits: from a candidate to the network type that was compiled for it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;

use super::{
    Names, Part, Rest,
    builder::network_axes,
    columns, gates,
    generics::{architectures, args_at, exists, is_open, type_at, value_at},
    inner, rules, shape_checks,
    spans::of_span,
};
use crate::model::{Axis, ChoiceValues, Model, Role, Tie, choice_enum, plain};

/// The training settings that no training step depends on: when a training stops, and how it is evaluated.
const EVALUATION_ONLY: [&str; 6] = ["epochs", "early_stopping", "patience", "min_delta", "mc_samples", "threshold"];

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { core, params, space, builder, .. } = names;
    let Rest { params: rest, args, clause, .. } = &names.rest;
    let name = &model.name;
    let text = plain(name);

    let axes = model.axes();
    let output = shape_checks::output(model, names);
    let last = shape_checks::last(model, names);
    let recipe = recipe(&axes, names);
    let parts = network_axes(model);
    let parts: Vec<&Ident> = parts.iter().map(Axis::name).collect();
    let markers = parts.iter().map(|part| names.marker(part));
    let is_evaluation_only = |axis: &Axis<'_>| {
        let is_setting = matches!(axis, Axis::Train(..)) && EVALUATION_ONLY.contains(&axis.text().as_str());
        is_setting && !parts.contains(&axis.name())
    };
    let positions: Vec<usize> = (0..axes.len()).filter(|&at| is_evaluation_only(&axes[at])).collect();
    let evaluation_only = (!positions.is_empty())
        .then(|| inner::numbers(model, &positions, names))
        .map(|numbers| quote!(const EVALUATION_ONLY: &'static [usize] = #numbers;));
    let compiled = model.choices.iter().map(|choice| {
        let axis = &choice.axis;
        let text = plain(axis);
        let exists = choice.when.as_ref().map(|when| {
            let condition = rules::of_params(when, &axes);
            quote!(#core::exists(#text, params.#axis.is_some(), #condition)?;)
        });
        let compiled = match &choice.values {
            ChoiceValues::Widths(values) => {
                let widths = if choice.when.is_some() { quote!(params.#axis) } else { quote!([params.#axis]) };
                Some(quote!(#core::compiled(#text, #widths, const { &[#(#values),*] })?;))
            }
            ChoiceValues::Types(_) => None,
        };
        quote!(#exists #compiled)
    });
    let is_checked = model.layers().any(|field| match &field.role {
        Role::Layer { axis, ties } => {
            let is_open = axis.is_some() && is_open(model, &field.ty);
            is_open || !ties.is_empty() || axis.as_ref().is_some_and(|values| values.setting.is_some())
        }
        Role::Train(_) | Role::Param(_) => false,
    });
    let checked_by_building = if is_checked {
        quote!(
            const CHECKED_BY_BUILDING: bool = true;
        )
    } else {
        inner::checked_by_building(model, names)
    };
    let source = &model.source;
    let layers: Vec<String> = model.layers().map(|field| plain(&field.name)).collect();
    let columns = columns::of_model(model, names);
    let ties = ties(model);
    let ties = if model.inner().next().is_some() {
        inner::ties(model, &ties, names)
    } else {
        let ties = (!ties.is_empty()).then(|| quote!(const TIES: &'static [&'static str] = &[#(#ties),*];));
        quote!(#ties)
    };
    let all: Vec<Vec<usize>> = architectures(model).collect();
    let arms = all.iter().enumerate().map(|(number, at)| arm(model, names, at, number + 1 == all.len()));
    let [strategy, visitor] = ["S", "V"].map(|name| names.free(name));
    // Of the struct's place, which the message on a strategy that is none then shows.
    let search = Ident::new("search", name.span());
    let bound = of_span(quote!(#core::Strategy<#space>), name.span());
    let impls = quote! {
        impl<#rest> #name<#args> #clause {
            #core::entry!(
                #text, #search, #strategy: [#bound], #space,
                #builder<#args #(#core::NotGiven<#markers>),*>, #builder { #(#parts: #core::NotGiven::new()),* }
            );
        }

        #[automatically_derived]
        impl<#rest> #core::Model for #name<#args> #clause {
            type Params = #params;
            type Space = #space;
            type Output = #output;
            type Last = #last;
            #columns
            const NAME: &'static str = #text;
            const DECLARATION: &'static str = #source;
            const LAYERS: &'static [&'static str] = &[#(#layers),*];
            #ties
            #evaluation_only
            #checked_by_building

            #recipe

            fn visit<#visitor: #core::Visitor<Self>>(params: &#params, visitor: #visitor) -> #core::Result<#visitor::Value> {
                #(#compiled)*
                #(#arms)*
            }
        }
    };
    Part { items: TokenStream::new(), impls }
}

/// The function that gives a recipe the searched settings of the training, where there are some.
fn recipe(axes: &[Axis<'_>], names: &Names) -> Option<TokenStream> {
    let Names { core, params, .. } = names;
    let settings = axes.iter().filter(|axis| matches!(axis, Axis::Train(..))).map(|axis| {
        let setting = axis.name();
        if axis.when().is_some() {
            quote! {
                let recipe = match ::core::clone::Clone::clone(&params.#setting) {
                    ::core::option::Option::Some(value) => recipe.#setting(value),
                    ::core::option::Option::None => recipe,
                };
            }
        } else {
            quote!(let recipe = recipe.#setting(::core::clone::Clone::clone(&params.#setting));)
        }
    });
    let settings: Vec<TokenStream> = settings.collect();
    (!settings.is_empty()).then(|| {
        quote! {
            fn recipe(params: &#params, recipe: #core::Train) -> #core::Train {
                #(#settings)*
                recipe
            }
        }
    })
}

/// One architecture: visited where the candidate's choices are its own. The last needs no question.
fn arm(model: &Model, names: &Names, at: &[usize], is_last: bool) -> TokenStream {
    let Names { core, net, .. } = names;
    let args = args_at(model, at);
    let builder = builder(model, at, names);
    // The parameter of `visit`, which a name from another macro's call would not see by itself.
    let visitor = quote!(visitor);
    let network = gates::network(model, names, &quote!(#net #args));
    let visit = quote_spanned! {model.name.span()=>
        #core::visit!(Self, #network, #visitor, |init| #builder.build_with(init))
    };
    if is_last {
        return visit;
    }
    // Where a parameter does not exist, those before it say so.
    let asked = model.choices.iter().enumerate().filter(|(number, _)| exists(model, *number, at));
    let questions = asked.map(|(number, choice)| {
        let (axis, at) = (&choice.axis, at[number]);
        let value = match &choice.values {
            ChoiceValues::Widths(values) => {
                let value = &values[at];
                quote!(#value)
            }
            ChoiceValues::Types(types) => {
                let (name, variant) = (choice_enum(model, choice), &types[at].0);
                quote!(#name::#variant)
            }
        };
        if choice.when.is_some() {
            quote!(params.#axis == ::core::option::Option::Some(#value))
        } else {
            quote!(params.#axis == #value)
        }
    });
    quote! {
        if #(#questions)&&* {
            return #visit;
        }
    }
}

/// The builder with the values of `params`, in one architecture.
pub(super) fn builder(model: &Model, at: &[usize], names: &Names) -> TokenStream {
    let mut builder = quote!(Self::builder());
    for axis in network_axes(model) {
        let name = axis.name();
        builder = match axis {
            Axis::Choice(choice) => {
                let position = model.choices.iter().position(|other| other.param == choice.param).unwrap_or_default();
                let value = match &choice.values {
                    ChoiceValues::Widths(_) => value_at(model, position, at),
                    // A type that is no layer is told by the gate, and what comes of it is none more.
                    ChoiceValues::Types(types) => {
                        gates::type_of(model, &type_at(model, &types[at[position]].1, at), names)
                    }
                };
                quote!(#builder.#name::<#value>())
            }
            Axis::Layer(..) => quote!(#builder.#name(params.#name)),
            Axis::Train(..) | Axis::Param(..) | Axis::Inner(_) => {
                quote!(#builder.#name(::core::clone::Clone::clone(&params.#name)))
            }
        };
    }
    builder
}

/// The settings that are tied, `field.setting`, in the order in which their values are told.
fn ties(model: &Model) -> Vec<String> {
    let ties = model.layers().flat_map(|field| match &field.role {
        Role::Layer { ties, .. } => ties.iter().map(|tie| (field, tie)).collect(),
        Role::Train(_) | Role::Param(_) => Vec::new(),
    });
    ties.map(|(field, Tie { setting, .. })| format!("{}.{}", plain(&field.name), plain(setting))).collect()
}
