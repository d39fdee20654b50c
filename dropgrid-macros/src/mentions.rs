//! Which axes an expression asks.

use syn::{
    Expr, ExprPath, Ident, Macro,
    visit::{self, Visit},
};

use crate::model::Axis;

/// The positions of the axes that `expr` mentions, ascending, each with the name that stands in the expression: the
/// axis' own, or the const parameter's.
pub(crate) fn of(expr: &Expr, axes: &[Axis<'_>]) -> Vec<(usize, Ident)> {
    let mut names = Names::default();
    names.visit_expr(expr);
    let mut mentions: Vec<(usize, Ident)> = Vec::new();
    for name in names.0 {
        let is = |axis: &Axis<'_>| *axis.name() == name || matches!(axis, Axis::Choice(choice) if choice.param == name);
        if let Some(at) = axes.iter().position(is)
            && !mentions.iter().any(|(_, known)| *known == name)
        {
            mentions.push((at, name));
        }
    }
    mentions.sort_by_key(|(at, _)| *at);
    mentions
}

/// Every name that stands by itself, in macros too.
#[derive(Default)]
struct Names(Vec<Ident>);

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        self.0.extend(path.path.get_ident().cloned());
        visit::visit_expr_path(self, path);
    }

    /// `matches!(act, MlpAct::ReLU)`: what is inside is only tokens, of which every identifier may be a name.
    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.tokens(mac.tokens.clone());
    }
}

impl Names {
    fn tokens(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(ident) => self.0.push(ident),
                proc_macro2::TokenTree::Group(group) => self.tokens(group.stream()),
                proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
            }
        }
    }
}
