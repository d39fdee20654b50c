//! Widths that are computed from searched ones: `Linear<{ 2 * HIDDEN }, 10>`.
//!
//! Stable Rust computes with numbers, and not with generic parameters. So the network of such a model is a type of each
//! architecture, which a trait finds, and its builder ends in an `impl` for each of them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Expr, GenericParam, Ident, Stmt, Type,
    visit::{self, Visit},
};

use super::{
    Names, gates,
    generics::{architectures, args_at, ident, type_at, value_at},
};
use crate::{
    mentions,
    model::{ChoiceValues, Model},
};

/// True where the type of a layer computes with a searched width.
pub(super) fn is(model: &Model) -> bool {
    struct Expressions<'a> {
        params: Vec<&'a Ident>,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Expressions<'_> {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            if !is_bare(expr) {
                self.found |= self.params.iter().any(|param| mentions::name(expr, param));
            }
        }

        fn visit_type(&mut self, ty: &'ast Type) {
            visit::visit_type(self, ty);
        }
    }
    let widths = model.choices.iter().filter(|choice| matches!(choice.values, ChoiceValues::Widths(_)));
    let mut expressions = Expressions { params: widths.map(|choice| &choice.param).collect(), found: false };
    let searched = model.choices.iter().flat_map(|choice| match &choice.values {
        ChoiceValues::Types(types) => types.as_slice(),
        ChoiceValues::Widths(_) => &[],
    });
    model.layers().map(|field| &field.ty).chain(searched.map(|(_, ty)| ty)).for_each(|ty| expressions.visit_type(ty));
    expressions.found
}

/// True of `HIDDEN` and `{ HIDDEN }`, which generic code may have.
fn is_bare(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Block(block) => matches!(&*block.block.stmts, [Stmt::Expr(expr, None)] if is_bare(expr)),
        _ => false,
    }
}

/// The type by which the network of an architecture is found: its declaration.
pub(super) fn declaration(model: &Model, names: &Names) -> TokenStream {
    let (vis, architecture, generics) = (&model.vis, architecture(model), &model.generics.params);
    let types = model.generics.params.iter().filter(|param| matches!(param, GenericParam::Type(_))).map(ident);
    let (lints, conditions) = (&names.lints, &names.conditions);
    quote! {
        #conditions
        #[doc(hidden)]
        #lints
        #[allow(missing_debug_implementations)]
        #vis struct #architecture<#generics>(::core::marker::PhantomData<fn() -> (#(#types,)*)>);
    }
}

/// The network of the architecture that the model's generics are.
pub(super) fn network(model: &Model, names: &Names) -> TokenStream {
    let (architecture, path) = (architecture(model), &names.path);
    let args = model.generics.params.iter().map(ident);
    quote!(<#architecture<#(#args),*> as #path::Architecture>::Network)
}

/// The network of each architecture; `last` is an argument behind the layers.
pub(super) fn networks(model: &Model, names: &Names, last: Option<&TokenStream>) -> TokenStream {
    let (architecture, path, layers, rest) = (architecture(model), &names.path, &names.layers, &names.rest);
    let (params, clause) = (&rest.params, &rest.clause);
    let impls = architectures(model).map(|at| {
        let args = args_at(model, &at);
        let types = model.layers().map(|field| gates::built(model, &type_at(model, &field.ty, &at), names));
        quote! {
            impl<#params> #path::Architecture for #architecture #args #clause {
                type Network = #layers<#(#types),* #last>;
            }
        }
    });
    impls.collect()
}

/// The searched parameters of one architecture under their own names, for code that is written with them.
pub(super) fn locals(model: &Model, at: &[usize]) -> TokenStream {
    let locals = model.choices.iter().enumerate().map(|(number, choice)| {
        let (param, value) = (&choice.param, value_at(model, number, at));
        match choice.values {
            ChoiceValues::Widths(_) => quote!(#[allow(dead_code)] const #param: usize = #value;),
            ChoiceValues::Types(_) => quote!(#[allow(dead_code, non_camel_case_types)] type #param = #value;),
        }
    });
    locals.collect()
}

fn architecture(model: &Model) -> Ident {
    model.derived("Architecture")
}
