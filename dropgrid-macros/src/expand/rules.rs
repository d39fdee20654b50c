//! Conditions of axes and rules that forbid, as one list.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, Ident};

use super::Names;
use crate::{
    mentions,
    model::{Axis, Model},
    written::written,
};

/// One rule: what it decides, and the axes that it asks.
pub(super) struct Rule<'a> {
    /// The axis that it decides; `None` of a rule that forbids.
    when: Option<usize>,
    mentions: Vec<(usize, Ident)>,
    condition: &'a Expr,
    /// The rule as it is declared.
    text: String,
}

/// The conditions in the order of the axes, then the rules that forbid.
pub(super) fn of<'a>(model: &'a Model, axes: &'a [Axis<'a>]) -> Vec<Rule<'a>> {
    let whens = axes.iter().enumerate().filter_map(|(at, axis)| {
        let when = axis.when()?;
        Some((Some(at), when, format!("when({})", written(when))))
    });
    let texts = model.options.forbid_texts.iter().cloned();
    let forbids = model.options.forbid.iter().zip(texts);
    let forbids = forbids.map(|(rule, text)| (None, rule, text));
    let rule = |(when, condition, text)| Rule { when, mentions: mentions::of(condition, axes), condition, text };
    whens.chain(forbids).map(rule).collect()
}

/// The rules as the items of a space: the list of them, and what each says of a candidate.
pub(super) fn expand(rules: &[Rule<'_>], axes: &[Axis<'_>], names: &Names) -> TokenStream {
    let core = &names.core;
    // An axis may be called like this argument.
    let positions = Ident::new("positions", Span::mixed_site());
    let data = rules.iter().map(|rule| rule.data(names));
    let conditions = rules.iter().map(|rule| rule.condition(axes, &positions));
    let numbers = 0..rules.len();
    quote! {
        const RULES: &'static [#core::Rule] = &[#(#data),*];

        fn holds(&self, rule: usize, #positions: &[#core::Position]) -> bool {
            match rule {
                #(#numbers => #conditions,)*
                _ => false,
            }
        }
    }
}

/// A condition on the candidate `params`: each axis that it asks is a variable of its name.
pub(super) fn of_params(condition: &Expr, axes: &[Axis<'_>]) -> TokenStream {
    let variables = mentions::of(condition, axes).into_iter().map(|(at, name)| {
        let axis = axes[at].name();
        quote!(let #name = params.#axis;)
    });
    quote!({
        #[allow(non_snake_case)]
        let exists = { #(#variables)* #condition };
        exists
    })
}

impl Rule<'_> {
    /// The rule as data.
    pub(super) fn data(&self, names: &Names) -> TokenStream {
        let core = &names.core;
        let Self { when, text, .. } = self;
        let kind = match when {
            Some(at) => quote!(#core::RuleKind::When(#at)),
            None => quote!(#core::RuleKind::Forbid),
        };
        let mut mentions: Vec<usize> = self.mentions.iter().map(|(at, _)| *at).collect();
        mentions.dedup();
        quote!(#core::Rule { kind: #kind, mentions: &[#(#mentions),*], text: #text })
    }

    /// The rule as data in a space with other spaces in it: its numbers are those of fields, whose axes start at
    /// `starts`.
    pub(super) fn data_of_fields(&self, starts: &Ident, names: &Names) -> TokenStream {
        let core = &names.core;
        let Self { when, text, .. } = self;
        let kind = match when {
            Some(at) => quote!(#core::RuleKind::When(#starts[#at])),
            None => quote!(#core::RuleKind::Forbid),
        };
        let mut mentions: Vec<usize> = self.mentions.iter().map(|(at, _)| *at).collect();
        mentions.dedup();
        quote!({
            const ASKED: [usize; #core::asked_len(&[#(#mentions),*], &#starts)] =
                #core::asked(&[#(#mentions),*], &#starts);
            #core::Rule { kind: #kind, mentions: &ASKED, text: #text }
        })
    }

    /// The rule's condition on a candidate at the positions: each axis that it asks is a variable of its name.
    fn condition(&self, axes: &[Axis<'_>], positions: &Ident) -> TokenStream {
        self.condition_by(axes, &|axis, at| {
            let (name, get) = (axis.name(), Ident::new(getter(axis), Span::call_site()));
            quote!(self.#name.#get(#positions[#at]))
        })
    }

    /// The rule's condition, given the code that reads the value of an axis.
    pub(super) fn condition_by(
        &self,
        axes: &[Axis<'_>],
        read: &dyn Fn(&Axis<'_>, usize) -> TokenStream,
    ) -> TokenStream {
        let condition = self.condition;
        let variables = self.mentions.iter().map(|(at, name)| {
            let value = read(&axes[*at], *at);
            quote!(let #name = #value;)
        });
        quote!({ #(#variables)* #condition })
    }
}

/// The function of a list or a range that gives the value at a position.
pub(super) fn getter(axis: &Axis<'_>) -> &'static str {
    if axis.when().is_some() { "get" } else { "at" }
}
