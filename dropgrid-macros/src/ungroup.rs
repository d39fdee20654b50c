//! Tokens that another macro passes on stand in invisible brackets, which the compiler forgets once a procedural macro
//! has had them in its hands: `$width * 2` of `4 + 4` would become `4 + 4 * 2`. So they become brackets that are seen,
//! or none where there is nothing to hold together.

use syn::{
    Expr, GenericArgument, ItemStruct, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

/// Without invisible brackets.
pub(crate) fn item(item: &mut ItemStruct) {
    Ungroup.visit_item_struct_mut(item);
}

/// Without invisible brackets.
pub(crate) fn expr(mut expr: Expr) -> Expr {
    Ungroup.visit_expr_mut(&mut expr);
    expr
}

/// Without invisible brackets.
pub(crate) fn ty(mut ty: Type) -> Type {
    Ungroup.visit_type_mut(&mut ty);
    ty
}

struct Ungroup;

impl VisitMut for Ungroup {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        while let Type::Group(group) = ty {
            *ty = (*group.elem).clone();
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_generic_argument_mut(&mut self, argument: &mut GenericArgument) {
        if let GenericArgument::Const(Expr::Group(group)) = argument {
            let value = &group.expr;
            *argument = GenericArgument::Const(parse_quote!({ #value }));
        }
        visit_mut::visit_generic_argument_mut(self, argument);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        while let Expr::Group(group) = expr {
            let inner = (*group.expr).clone();
            *expr = if holds_by_itself(&inner) { inner } else { parse_quote!((#inner)) };
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// True where nothing around an expression can take a part of it. A range stands only where it is alone.
fn holds_by_itself(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(_) | Expr::Path(_) | Expr::Paren(_) | Expr::Call(_) | Expr::MethodCall(_) | Expr::Range(_))
        || matches!(expr, Expr::Group(_))
}
