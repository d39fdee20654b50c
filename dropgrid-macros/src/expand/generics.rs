//! The model's generics: those that are searched, and the rest.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Expr, GenericArgument, GenericParam, Ident, Type, WhereClause, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::spans::of_span;
use crate::{
    mentions,
    model::{ChoiceValues, Model},
    occurs,
};

/// The generics that are not searched, which are const: what the declared type itself is generic over.
pub(super) struct Rest {
    /// `const IN: usize,` with a comma after each.
    pub(super) params: TokenStream,
    /// `IN,` with a comma after each.
    pub(super) args: TokenStream,
    pub(super) clause: Option<WhereClause>,
}

impl Rest {
    pub(super) fn new(model: &Model) -> Self {
        let params: Vec<&GenericParam> =
            model.generics.params.iter().filter(|param| model.choice_of(param).is_none()).collect();
        let args = params.iter().map(|param| ident(param));
        Self { args: quote!(#(#args,)*), params: quote!(#(#params,)*), clause: model.generics.where_clause.clone() }
    }
}

/// The name of a generic parameter, and so the argument that it is.
pub(super) fn ident(param: &GenericParam) -> &Ident {
    match param {
        GenericParam::Lifetime(param) => &param.lifetime.ident,
        GenericParam::Type(param) => &param.ident,
        GenericParam::Const(param) => &param.ident,
    }
}

/// The generics as declared, at the place of the macro: to those at the user's the compiler proposes to add a name that
/// it does not find, and then says twice that it does not.
pub(super) fn declared(model: &Model) -> TokenStream {
    let params = model.generics.params.iter().cloned().map(|mut param| {
        match &mut param {
            GenericParam::Const(param) => {
                let ty = of_span(param.ty.to_token_stream(), Span::call_site());
                param.ty = parse_quote!(#ty);
            }
            GenericParam::Type(param) => param.ident.set_span(Span::call_site()),
            GenericParam::Lifetime(_) => {}
        }
        param
    });
    quote!(#(#params),*)
}

/// The arguments of the network's alias inside an impl that is generic over everything.
pub(super) fn own_args(model: &Model) -> TokenStream {
    let args = model.generics.params.iter().map(ident);
    quote!(<#(#args),*>)
}

/// The arguments of the network's alias for one architecture.
pub(super) fn args_at(model: &Model, at: &[usize]) -> TokenStream {
    let args = model.generics.params.iter().map(|param| match model.choice_of(param) {
        Some(choice) => value_at(model, choice, at),
        None => ident(param).to_token_stream(),
    });
    quote!(<#(#args),*>)
}

/// A searched parameter's value in one architecture, as a generic argument.
pub(super) fn value_at(model: &Model, choice: usize, at: &[usize]) -> TokenStream {
    match &model.choices[choice].values {
        ChoiceValues::Widths(values) => {
            let value = &values[at[choice]];
            quote!({ #value })
        }
        ChoiceValues::Types(types) => type_at(model, &types[at[choice]].1, at).to_token_stream(),
    }
}

/// Every architecture that occurs, by the positions of the searched parameters, the last parameter fastest.
pub(super) fn architectures(model: &Model) -> impl Iterator<Item = Vec<usize>> {
    // A condition that cannot be decided was refused before.
    occurs::architectures(model).unwrap_or_default().into_iter()
}

/// True where an architecture has the searched parameter of that number.
pub(super) fn exists(model: &Model, number: usize, at: &[usize]) -> bool {
    occurs::exists(model, &model.choices[number], &at[..number]).unwrap_or(true)
}

/// A layer's type in one architecture.
pub(super) fn type_at(model: &Model, ty: &Type, at: &[usize]) -> Type {
    let mut ty = ty.clone();
    Substitution { model, at }.visit_type_mut(&mut ty);
    ty
}

struct Substitution<'a> {
    model: &'a Model,
    at: &'a [usize],
}

impl Substitution<'_> {
    fn choice(&self, ty: &Type) -> Option<usize> {
        let Type::Path(path) = ty else { return None };
        self.model.choices.iter().position(|choice| path.qself.is_none() && path.path.is_ident(&choice.param))
    }
}

impl VisitMut for Substitution<'_> {
    // A bare name among generic arguments reads as a type, a const parameter's too.
    fn visit_generic_argument_mut(&mut self, argument: &mut GenericArgument) {
        if let GenericArgument::Type(ty) = argument
            && let Some(choice) = self.choice(ty)
            && let ChoiceValues::Widths(values) = &self.model.choices[choice].values
        {
            let value = &values[self.at[choice]];
            *argument = GenericArgument::Const(parse_quote!({ #value }));
            return;
        }
        visit_mut::visit_generic_argument_mut(self, argument);
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(choice) = self.choice(ty)
            && let ChoiceValues::Types(types) = &self.model.choices[choice].values
        {
            *ty = types[self.at[choice]].1.clone();
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        for (choice, at) in self.model.choices.iter().zip(self.at) {
            if let ChoiceValues::Widths(values) = &choice.values
                && matches!(expr, Expr::Path(path) if path.path.is_ident(&choice.param))
            {
                let value = &values[*at];
                *expr = parse_quote!({ #value });
                return;
            }
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// True where a type or value depends on generics that are not searched, so that nothing about it is known before it is
/// used.
pub(super) fn is_open(model: &Model, tokens: &impl ToTokens) -> bool {
    let mut rest = model.generics.params.iter().filter(|param| model.choice_of(param).is_none());
    rest.any(|param| mentions::name(tokens, ident(param)))
}
