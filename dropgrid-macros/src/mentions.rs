//! The names in an expression or a type.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Expr, ExprPath, Ident, Macro,
    visit::{self, Visit},
};

use crate::{errors::nearest, model::Axis};

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

/// The axes that names in `expr` are near to, where they may be misspelt.
pub(crate) fn near<'a>(expr: &Expr, axes: &'a [Axis<'_>]) -> Vec<&'a Ident> {
    let known: Vec<String> = axes.iter().map(Axis::text).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut names: Vec<String> = all(&expr.to_token_stream()).into_iter().collect();
    names.sort();
    let near = names.iter().filter_map(|name| nearest(name, &known).filter(|near| near != name));
    near.filter_map(|near| axes.iter().find(|axis| axis.text() == near).map(Axis::name)).collect()
}

/// The name of an axis or of its parameter that a name in `expr` is near to.
pub(crate) fn meant(expr: &Expr, axes: &[Axis<'_>]) -> Option<String> {
    let params = axes.iter().filter_map(|axis| match axis {
        Axis::Choice(choice) => Some(choice.param.to_string()),
        Axis::Layer(..) | Axis::Inner(_) | Axis::Train(..) | Axis::Param(..) => None,
    });
    let known: Vec<String> = axes.iter().map(Axis::text).chain(params).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut names: Vec<String> = all(&expr.to_token_stream()).into_iter().collect();
    names.sort();
    names.iter().find_map(|name| nearest(name, &known)).map(str::to_owned)
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

/// True where the identifier stands anywhere in the tokens.
pub(crate) fn name(tokens: &impl ToTokens, ident: &Ident) -> bool {
    let mut names = Names::default();
    names.tokens(tokens.to_token_stream());
    names.0.contains(ident)
}

/// Every identifier in the tokens.
pub(crate) fn all(tokens: &TokenStream) -> HashSet<String> {
    let mut names = Names::default();
    names.tokens(tokens.clone());
    names.0.iter().map(Ident::to_string).collect()
}

impl Names {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.0.push(ident),
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}
