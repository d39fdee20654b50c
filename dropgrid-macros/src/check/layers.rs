//! The rules of the types that layers are of.

use syn::{
    Expr, ExprLit, GenericArgument, GenericParam, Lit, Type,
    visit::{self, Visit},
};

use super::{is_param, visit_layers};
use crate::{
    containers::searchable_struct,
    errors::Errors,
    model::{ChoiceValues, Model, plain},
    named_width,
};

/// A searchable struct in a field is one, whose hyperparameters are fields of the model's.
pub(super) fn structs_are_not_searched(model: &Model, errors: &mut Errors) {
    for (_, ty) in model.inner() {
        let ty = searchable_struct(ty).1;
        let is_choice = |choice: &&crate::model::Choice| {
            matches!(choice.values, ChoiceValues::Types(_)) && is_param(ty, &choice.param)
        };
        if let Some(choice) = model.choices.iter().find(is_choice) {
            let message = format!(
                "`{}` stands for several structs, each with hyperparameters of its own: write one of them here, and declare a model for each",
                choice.param
            );
            errors.at(ty, message);
        }
    }
}

/// The widths of layers are of one type.
pub(super) fn widths_are_usize(model: &Model, errors: &mut Errors) {
    for param in &model.generics.params {
        if let GenericParam::Const(param) = param
            && !matches!(&param.ty, Type::Path(path) if path.path.is_ident("usize"))
            && named_width::is_in_layers(model, &param.ident)
        {
            errors.at(&param.ty, format!("a width is of type `usize`: write `const {}: usize`", plain(&param.ident)));
        }
    }
}

/// No type has a parameter that is a fraction.
pub(super) fn fractions_are_values(model: &Model, errors: &mut Errors) {
    struct Fractions<'a>(&'a mut Errors);
    impl<'ast> Visit<'ast> for Fractions<'_> {
        fn visit_generic_argument(&mut self, argument: &'ast GenericArgument) {
            if let GenericArgument::Const(Expr::Lit(ExprLit { lit: Lit::Float(number), .. })) = argument {
                let message = format!(
                    "a fraction is no part of a type: give it to the layer, in a field of its own, as in `#[fixed({number})] dropout: Dropout`"
                );
                self.0.at(number, message);
            }
            visit::visit_generic_argument(self, argument);
        }
    }
    visit_layers(model, &mut Fractions(errors));
}
