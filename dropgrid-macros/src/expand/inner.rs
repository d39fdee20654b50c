//! Searchable structs that are layers: their hyperparameters and spaces are fields of the model's.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, GenericArgument, Type, parse_quote, visit_mut::VisitMut};

use super::{
    Names, Part, gates,
    generics::{ident, is_open, type_at},
    rules, space,
};
use crate::model::{Axis, Field, Model, plain};

/// The word for a field in the macros of params and spaces.
pub(super) fn kind(axis: &Axis<'_>) -> Ident {
    Ident::new(if matches!(axis, Axis::Inner(_)) { "inner" } else { "axis" }, Span::call_site())
}

/// The type of a searchable struct in one architecture, for what no parameter changes: hyperparameters and spaces. A
/// number stands for a parameter of the model that is not searched.
pub(super) fn any_type(model: &Model, ty: &Type) -> Type {
    struct Numbers<'a>(&'a Model);
    impl VisitMut for Numbers<'_> {
        fn visit_generic_argument_mut(&mut self, argument: &mut GenericArgument) {
            if is_open(self.0, argument)
                && matches!(argument, GenericArgument::Type(Type::Path(_)) | GenericArgument::Const(Expr::Path(_)))
                && self.0.generics.params.iter().any(|param| *ident(param) == quote!(#argument).to_string())
            {
                *argument = parse_quote!({ 1 });
                return;
            }
            syn::visit_mut::visit_generic_argument_mut(self, argument);
        }
    }
    let mut ty = type_at(model, ty, &vec![0; model.choices.len()]);
    Numbers(model).visit_type_mut(&mut ty);
    ty
}

/// The type of the hyperparameters of a field, in the scope of the struct.
pub(super) fn params(field: &Field, model: &Model, names: &Names) -> TokenStream {
    of("CheckedParams", field, model, names)
}

/// The type of the space of a field, in the scope of the struct.
fn space_of(field: &Field, model: &Model, names: &Names) -> TokenStream {
    of("CheckedSpace", field, model, names)
}

/// A type that the searchable struct of a field has, behind the gate of the layers.
fn of(what: &str, field: &Field, model: &Model, names: &Names) -> TokenStream {
    let (path, checked, what) = (&names.path, &names.checked, Ident::new(what, Span::call_site()));
    let ty = any_type(model, field.inner.as_ref().unwrap_or(&field.ty));
    quote!(#path::#what<#checked, #ty>)
}

/// The layer of a field with a searchable struct, whatever the parameters are.
pub(super) fn layer(field: &Field, model: &Model, names: &Names) -> TokenStream {
    gates::layer(model, &any_type(model, &field.ty), &names.core, names)
}

/// The space of a model with searchable structs as layers.
pub(super) fn space(model: &Model, names: &Names) -> Part {
    let Names { path, core, markers, params, space, conditions, lints, .. } = names;
    let (vis, axes, serde) = (&model.vis, model.axes(), names.serde());
    let doc = format!("The search space of [`{}`]: every candidate, computed when asked for.", plain(&model.name));
    // An axis may be called like one of these.
    let [number, positions] = ["number", "positions"].map(|name| Ident::new(name, Span::mixed_site()));
    let starts = names.free("STARTS");
    let fields = axes.iter().enumerate().map(|(at, axis)| {
        let (word, doc, text, name) = (kind(axis), axis.doc(), axis.text(), axis.name());
        let (values, check) = (space::declared(axis, model, names), space::check(axis, model, names));
        let (ty, held, access) = match axis {
            Axis::Inner(field) => (axis.ty(model, names), space_of(field, model, names), TokenStream::new()),
            _ => {
                let (ty, kind) = (axis.checked_ty(model, names), space::kind(axis));
                (ty.clone(), quote!(#path::#kind<#ty>), space::access(axis))
            }
        };
        quote!(#word #at #doc #text #name: #ty as #held [#access] = #values, #check;)
    });
    let continuous = axes.iter().find(|axis| axis.is_continuous()).map(Axis::name);
    let kind = match continuous {
        Some(name) => quote!(#path::Continuous<#markers::#name>),
        None => model.inner().fold(quote!(#path::Finite), |kind, (field, _)| {
            let space = space_of(field, model, names);
            quote!(<<#space as #path::Space>::Kind as #path::KindWith>::With<#kind>)
        }),
    };
    let named = continuous.map(|name| quote!(of #markers::#name));
    let iteration = continuous.is_none().then(|| quote!(#core::nested_iteration!(#space);));
    let rules = rules::of(model, &axes);
    let data = rules.iter().map(|rule| rule.data_of_fields(&starts, names));
    let arms = rules.iter().enumerate().map(|(at, rule)| {
        let condition = rule.condition_by(&axes, &|axis, at| {
            let name = axis.name();
            if matches!(axis, Axis::Inner(_)) {
                return quote!(#core::Space::at(&self.#name, &#positions[#starts[#at]..#starts[#at + 1]]));
            }
            let get = Ident::new(rules::getter(axis), Span::call_site());
            quote!(self.#name.#get(#positions[#starts[#at]]))
        });
        quote!(#at => #condition,)
    });
    Part {
        items: quote! {
            #conditions
            #path::nested_space! {
                #[serde(crate = #serde)]
                #lints
                #[doc = #doc]
                #vis struct #space of #params, kind (#kind) #named { #(#fields)* }
                starts #starts
                rules { #(#data),* }
                holds(#number, #positions, self) { #(#arms)* }
            }
        },
        impls: quote!(#iteration),
    }
}

/// The numbers of axes by those of their fields, as a constant.
pub(super) fn numbers(model: &Model, fields: &[usize], names: &Names) -> TokenStream {
    if model.inner().next().is_none() {
        return quote!(&[#(#fields),*]);
    }
    let (core, axes) = (&names.core, model.axes());
    let number = |&at: &usize| {
        let before = axes[..at].iter().map(|axis| match axis {
            Axis::Inner(field) => {
                let params = params(field, model, names);
                quote!(<#params as #core::Params>::NAMES.len())
            }
            _ => quote!(1),
        });
        quote!(0 #(+ #before)*)
    };
    let numbers = fields.iter().map(number);
    quote!(&[#(#numbers),*])
}

/// The names of the model's ties and of those in its searchable structs; the values of these, and the declarations.
pub(super) fn ties(model: &Model, own: &[String], names: &Names) -> TokenStream {
    let (core, params) = (&names.core, &names.params);
    let all = model.inner().map(|(field, _)| {
        let (text, inner) = (plain(&field.name), of("CheckedStruct", field, model, names));
        quote!(#core::NamePart::Inner(#text, <#inner as #core::Model>::TIES))
    });
    let (mut values, mut declarations) = (TokenStream::new(), TokenStream::new());
    for (field, _) in model.inner() {
        let (name, ty) = (&field.name, layer(field, model, names));
        values.extend(quote!(ties.extend(<#ty>::ties(&params.#name)?);));
        declarations.extend(quote! {
            for declaration in <#ty>::declarations() {
                if !all.contains(&declaration) {
                    all.push(declaration);
                }
            }
        });
    }
    quote! {
        const TIES: &'static [&'static str] =
            #core::joined_names!(#(#core::NamePart::Own(#own),)* #(#all),*);

        fn declarations() -> #core::Vec<&'static str> {
            let mut all = #core::vec([Self::DECLARATION]);
            #declarations
            all
        }

        fn inner_ties(params: &#params) -> #core::Result<#core::Vec<f64>> {
            let mut ties = #core::Vec::new();
            #values
            ::core::result::Result::Ok(ties)
        }
    }
}

/// Whether a search builds candidates to check them, where a searchable struct in the model asks for it.
pub(super) fn checked_by_building(model: &Model, names: &Names) -> TokenStream {
    let core = &names.core;
    let all = model.inner().map(|(field, _)| {
        let inner = of("CheckedStruct", field, model, names);
        quote!(<#inner as #core::Model>::CHECKED_BY_BUILDING)
    });
    let all: Vec<TokenStream> = all.collect();
    if all.is_empty() { TokenStream::new() } else { quote!(const CHECKED_BY_BUILDING: bool = #(#all)||*;) }
}
