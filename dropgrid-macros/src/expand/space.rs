//! `MlpSpace`: all candidates.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Ident, LitStr, spanned::Spanned};

use super::{Names, Part, generics::type_at, params::choice_enum, rules};
use crate::{
    axis::Domain,
    model::{Axis, Choice, ChoiceValues, Model},
};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { path, core, space, shared, .. } = names;
    let vis = &model.vis;
    let axes = model.axes();
    let idents: Vec<&Ident> = axes.iter().map(Axis::name).collect();
    let types: Vec<TokenStream> = axes.iter().map(|axis| axis_ty(axis, model, path)).collect();
    let inner = axes.iter().map(|axis| axis_ty(axis, model, core));
    let docs: Vec<String> = axes.iter().map(Axis::doc).collect();
    let methods = docs.iter().map(|doc| format!("Replaces the values of this axis. {doc}"));
    let values = axes.iter().map(|axis| declared(axis, model, names));
    let doc = format!("The search space of [`{}`]: every candidate, computed when asked for.", model.name);
    let declared_doc = format!("The space as declared on [`{}`].", model.name);
    let serde = LitStr::new(&quote!(#path::serde).to_string().replace(' ', ""), model.name.span());
    let implementation = implementation(model, &axes, names);
    let iteration = (!axes.iter().any(Axis::is_continuous)).then(|| {
        quote! {
            #core::iteration!(#space);
        }
    });
    Part {
        items: quote! {
            #shared
            #[doc = #doc]
            #[derive(
                ::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq,
                #path::serde::Serialize, #path::serde::Deserialize,
            )]
            #[serde(crate = #serde, default, deny_unknown_fields)]
            #vis struct #space {
                #(#[doc = #docs] #idents: #types,)*
            }
        },
        impls: quote! {
            impl #space {
                #(
                    #[doc = #methods]
                    #[must_use]
                    pub fn #idents(mut self, values: impl ::core::convert::Into<#inner>) -> Self {
                        self.#idents = ::core::convert::Into::into(values);
                        self
                    }
                )*
            }

            #[automatically_derived]
            impl ::core::default::Default for #space {
                #[doc = #declared_doc]
                fn default() -> Self {
                    Self { #(#idents: #values,)* }
                }
            }

            #implementation
            #iteration
        },
    }
}

fn implementation(model: &Model, axes: &[Axis<'_>], names: &Names) -> TokenStream {
    let Names { core, params, space, .. } = names;
    let idents: Vec<&Ident> = axes.iter().map(Axis::name).collect();
    let numbers: Vec<usize> = (0..axes.len()).collect();
    let gets = axes.iter().map(|axis| if axis.when().is_some() { quote!(get) } else { quote!(at) });
    let infos = axes.iter().map(|axis| {
        let (name, text) = (axis.name(), axis.text());
        let info = if matches!(axis, Axis::Choice(_)) { quote!(architecture_info) } else { quote!(info) };
        quote!(self.#name.#info(#text))
    });
    let places = axes.iter().map(|axis| {
        let name = axis.name();
        if axis.when().is_some() {
            quote! {
                match &params.#name {
                    ::core::option::Option::Some(value) => self.#name.position_of(value)?,
                    ::core::option::Option::None => #core::Position::Absent,
                }
            }
        } else {
            quote!(self.#name.position_of(&params.#name)?)
        }
    });
    let rules = rules::of(model, axes, names);
    let (data, holds) = if rules.is_empty() { Default::default() } else { rules::expand(&rules, axes, names) };
    let checks = axes.iter().map(|axis| check(axis, model, names));
    // A type named after the axis lets the compiler say which one no grid can list.
    let (marker, kind) = match axes.iter().find(|axis| axis.is_continuous()) {
        Some(axis) => {
            let name = axis.name();
            let marker = quote! {
                #[allow(non_camel_case_types)]
                #[derive(::core::fmt::Debug)]
                #[doc(hidden)]
                pub enum #name {}
            };
            (marker, quote!(#core::Continuous<#name>))
        }
        None => (TokenStream::new(), quote!(#core::Finite)),
    };
    let implementation = quote! {
            #[automatically_derived]
            #[allow(non_snake_case, clippy::all, clippy::pedantic)]
            impl #core::Space for #space {
                type Params = #params;
                type Kind = #kind;

                #data
                fn axes(&self) -> #core::Vec<#core::AxisInfo> {
                    #core::vec([#(#infos),*])
                }

                fn at(&self, positions: &[#core::Position]) -> #params {
                    #params { #(#idents: self.#idents.#gets(positions[#numbers]),)* }
                }

                fn positions_of(&self, params: &#params) -> ::core::option::Option<#core::Vec<#core::Position>> {
                    ::core::option::Option::Some(#core::vec([#(#places),*]))
                }

                #holds

                fn draw(&self, axis: usize, rng: &mut #core::ChaCha8Rng) -> #core::Position {
                    match axis {
                        #(#numbers => self.#idents.sample(rng),)*
                        _ => #core::Position::Absent,
                    }
                }

                fn check(&self) -> #core::Result<()> {
                    #(#checks)*
                    ::core::result::Result::Ok(())
                }
            }
    };
    if marker.is_empty() { implementation } else { quote!(const _: () = { #marker #implementation };) }
}

/// The type of an axis: a list, or a range.
fn axis_ty(axis: &Axis<'_>, model: &Model, core: &impl ToTokens) -> TokenStream {
    let ty = axis.ty(model);
    if axis.is_continuous() { quote!(#core::Interval<#ty>) } else { quote!(#core::Axis<#ty>) }
}

/// The declared values, each checked against the type of the axis at its own place.
fn declared(axis: &Axis<'_>, model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let ty = axis.ty(model);
    let typed = |value: &Expr| quote_spanned!(value.span()=> #core::value::<#ty>(#value));
    let list = |values: &[Expr]| {
        let values = values.iter().map(typed);
        quote!(#core::Axis::<#ty>::list([#(#values),*]))
    };
    let domain = match axis {
        Axis::Choice(choice) => return variants(choice, model, names, list),
        Axis::Layer(_, values) => &values.domain,
        Axis::Train(_, hyper) | Axis::Param(_, hyper) => &hyper.domain,
    };
    match domain {
        Domain::List(values) => list(values),
        Domain::Stepped { low, high, step } => {
            let (low, high, step) = (typed(low), typed(high), typed(step));
            quote!(#core::Axis::stepped(#low, #high, #step))
        }
        Domain::Log { low, high, points } => {
            let (low, high) = (typed(low), typed(high));
            quote!(#core::Axis::log_spaced(#low, #high, #points))
        }
        Domain::Continuous { low, high, inclusive, log } => {
            let (low, high) = (typed(low), typed(high));
            let range = if *inclusive { quote!(#low..=#high) } else { quote!(#low..#high) };
            let interval = quote!(<#core::Interval<#ty> as ::core::convert::From<_>>::from(#range));
            if *log { quote!(#interval.log()) } else { interval }
        }
    }
}

/// The values of a searched generic.
fn variants(choice: &Choice, model: &Model, names: &Names, list: impl Fn(&[Expr]) -> TokenStream) -> TokenStream {
    match &choice.values {
        ChoiceValues::Widths(values) => list(values),
        ChoiceValues::Types(types) => {
            let core = &names.core;
            let name = choice_enum(model, choice);
            let variants = types.iter().map(|(variant, _)| variant);
            quote!(#core::Axis::list([#(#name::#variants),*]))
        }
    }
}

/// The check of an axis' values: its architectures, its layer's range, or that there are any.
fn check(axis: &Axis<'_>, model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let (name, text) = (axis.name(), axis.text());
    let accept = quote!(|_| ::core::result::Result::Ok(()));
    let check = match axis {
        Axis::Choice(choice) => match &choice.values {
            ChoiceValues::Widths(values) => quote!(|value| #core::compiled(#text, *value, &[#(#values),*])),
            ChoiceValues::Types(_) => accept,
        },
        Axis::Layer(field, values) => {
            let first = vec![0; model.choices.len()];
            let ty = type_at(model, &field.ty, &first);
            match &values.setting {
                Some(setting) => {
                    let setting = setting.to_string();
                    quote!(|value| #core::check_setting::<#core::Built<#ty>>(#text, #setting, *value))
                }
                None => quote!(|value| <#core::Built<#ty> as #core::Tunable>::check(#text, *value)),
            }
        }
        Axis::Train(..) | Axis::Param(..) => accept,
    };
    quote!(self.#name.check(#text, #check)?;)
}
