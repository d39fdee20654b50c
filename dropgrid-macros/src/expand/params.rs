//! `MlpParams`: one candidate. And an enum for each searched type, whose values name its layers.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Attribute, Expr, Ident, spanned::Spanned};

use super::{Names, Part, gates, inner};
use crate::{
    axis::Domain,
    model::{Axis, Choice, ChoiceValues, Model, choice_enum, plain},
};

pub(super) fn expand(model: &Model, names: &Names) -> Part {
    let Names { path, params, conditions, lints, .. } = names;
    let vis = &model.vis;
    let axes = model.axes();
    let has_inner = model.inner().next().is_some();
    let fields = axes.iter().map(|axis| {
        let (name, text, doc) = (axis.name(), axis.text(), axis.doc());
        let (ty, attrs) = (axis.checked_field_ty(model, names), axis.attrs());
        // As it is declared, for the text of a candidate.
        let declared = gates::type_of_own(axis, model).map(|_| axis.field_ty(model, names)).map(|ty| quote!(= #ty));
        // After what the user says of it.
        let space = attrs.iter().any(|attr| attr.path().is_ident("doc")).then(|| quote!(#[doc = ""]));
        let kind = has_inner.then(|| inner::kind(axis));
        quote!(#kind #(#attrs)* #space #[doc = #doc] #text #name: #ty #declared)
    });
    let doc = format!("The hyperparameters of one candidate of [`{}`].", plain(&model.name));
    let params_macro = Ident::new(if has_inner { "nested_params" } else { "params" }, Span::call_site());
    let serde = names.serde();
    let enums = model.choices.iter().filter_map(|choice| enumeration(model, choice, names));
    Part {
        items: quote! {
            #conditions
            #path::#params_macro! {
                #[serde(crate = #serde)]
                #lints
                #[doc = #doc]
                #vis struct #params { #(#fields,)* }
            }

            #(#enums)*
        },
        impls: TokenStream::new(),
    }
}

/// The enum of a searched type: `MlpAct { ReLU, Tanh }`.
fn enumeration(model: &Model, choice: &Choice, names: &Names) -> Option<TokenStream> {
    let ChoiceValues::Types(types) = &choice.values else { return None };
    let Names { path, conditions, lints, .. } = names;
    let (vis, name, serde) = (&model.vis, choice_enum(model, choice), names.serde());
    let variants = types.iter().map(|(variant, _)| variant);
    let docs = types.iter().map(|(_, ty)| format!("`{}`.", quote!(#ty).to_string().replace(' ', "")));
    let doc = format!("The layers that `{}` stands for in [`{}`].", choice.param, plain(&model.name));
    Some(quote! {
        #conditions
        #path::choice! {
            #[serde(crate = #serde)]
            #lints
            #[doc = #doc]
            #vis enum #name { #(#[doc = #docs] #variants,)* }
        }
    })
}

impl Axis<'_> {
    /// The type of the axis' values.
    pub(super) fn ty(&self, model: &Model, names: &Names) -> TokenStream {
        match self {
            Axis::Choice(choice) => match &choice.values {
                ChoiceValues::Widths(_) => quote!(usize),
                ChoiceValues::Types(_) => {
                    let name = choice_enum(model, choice);
                    quote!(#name)
                }
            },
            Axis::Layer(..) => quote!(f64),
            Axis::Inner(field) => inner::params(field, model, names),
            Axis::Train(field, _) | Axis::Param(field, _) => {
                let ty = &field.ty;
                quote!(#ty)
            }
        }
    }

    /// The same behind its gate, where it is a type of the user's own.
    pub(super) fn checked_ty(&self, model: &Model, names: &Names) -> TokenStream {
        let Names { path, typed, .. } = names;
        match gates::type_of_own(self, model) {
            Some(ty) => quote!(#path::CheckedType<#typed, #ty>),
            None => self.ty(model, names),
        }
    }

    /// The type of the axis' field in the params: optional where the axis is.
    fn field_ty(&self, model: &Model, names: &Names) -> TokenStream {
        self.optional(&self.ty(model, names))
    }

    /// The same behind the gate of the type.
    pub(super) fn checked_field_ty(&self, model: &Model, names: &Names) -> TokenStream {
        self.optional(&self.checked_ty(model, names))
    }

    fn optional(&self, ty: &TokenStream) -> TokenStream {
        if self.when().is_some() { quote!(::core::option::Option<#ty>) } else { ty.clone() }
    }

    /// The attributes that the user wrote on the axis' own field.
    fn attrs(&self) -> &[Attribute] {
        match self {
            Axis::Choice(_) | Axis::Layer(..) | Axis::Inner(_) => &[],
            Axis::Train(field, _) | Axis::Param(field, _) => &field.attrs,
        }
    }

    /// The kind of the axis and its declared values.
    pub(super) fn doc(&self) -> String {
        let what = match self {
            Axis::Inner(field) => return format!("The hyperparameters of the layer `{}`.", field.name),
            Axis::Choice(choice) => format!("The generic parameter `{}`", choice.param),
            Axis::Layer(field, values) => match &values.setting {
                Some(setting) => format!("The `{setting}` of the layer `{}`", field.name),
                None => format!("The hyperparameter of the layer `{}`", field.name),
            },
            Axis::Train(field, _) => format!("The training setting `{}`", field.name),
            Axis::Param(field, _) => format!("The hyperparameter `{}`", field.name),
        };
        let values = match self {
            Axis::Choice(choice) => match &choice.values {
                ChoiceValues::Widths(values) => texts(values),
                ChoiceValues::Types(types) => {
                    types.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>().join(", ")
                }
            },
            _ => self.domain().map(domain).unwrap_or_default(),
        };
        let when = self.when().map(|when| format!(", where `{}`", text(when))).unwrap_or_default();
        format!("{what}: declared as {values}{when}.")
    }
}

fn domain(domain: &Domain) -> String {
    match domain {
        Domain::List(values) => texts(values),
        Domain::Stepped { low, high, step } => format!("`{}..={}` in steps of {}", text(low), text(high), text(step)),
        Domain::Log { low, high, points } => {
            format!("`{}..={}` in {} logarithmic points", text(low), text(high), text(points))
        }
        Domain::Continuous { low, high, inclusive, log } => {
            let dots = if *inclusive { "..=" } else { ".." };
            format!("{}uniform in `{}{dots}{}`", if *log { "log-" } else { "" }, text(low), text(high))
        }
    }
}

fn texts(values: &[Expr]) -> String {
    values.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// An expression as the user wrote it.
fn text(expr: &Expr) -> String {
    expr.span().source_text().unwrap_or_else(|| quote!(#expr).to_string())
}
