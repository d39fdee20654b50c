//! `#[searchable(tests)]`: tests of the model in the user's own crate.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use super::{
    Names,
    generics::{architectures, exists},
};
use crate::model::{ChoiceValues, Model, plain};

/// The promises of a model, each a function of `dropgrid::testing`.
const PROMISES: [&str; 6] = [
    "builds",
    "training_changes_the_weights",
    "training_lowers_the_loss",
    "evaluation_repeats_itself",
    "saving_keeps_the_predictions",
    "training_is_random",
];

pub(super) fn expand(model: &Model, names: &Names) -> TokenStream {
    if !model.options.tests {
        return TokenStream::new();
    }
    let Names { path, conditions, lints, .. } = names;
    let name = &model.name;
    let module = Ident::new(&format!("{}_tests", snake(&plain(name))), name.span());
    let suffixes = suffixes(model);
    let tests = suffixes.iter().enumerate().flat_map(|(number, suffix)| {
        PROMISES.map(|promise| {
            let test = Ident::new(
                &if suffix.is_empty() { promise.to_owned() } else { format!("{promise}_{suffix}") },
                Span::call_site(),
            );
            let promise = Ident::new(promise, Span::call_site());
            quote! {
                #[::core::prelude::v1::test]
                fn #test() {
                    #path::testing::#promise::<super::#name>(#number);
                }
            }
        })
    });
    quote! {
        #conditions
        #lints
        #[cfg(test)]
        mod #module {
            // The path of dropgrid may be a name of the model's own module.
            #[allow(unused_imports)]
            use super::*;

            #(#tests)*

            #[::core::prelude::v1::test]
            fn every_candidate_is_in_range() {
                #path::testing::every_candidate_is_in_range::<super::#name>();
            }
        }
    }
}

/// The names of the tests of the architectures: their choices in words, and a number where the words are the same.
fn suffixes(model: &Model) -> Vec<String> {
    let words = |at: &Vec<usize>| {
        let words = model.choices.iter().zip(at).enumerate();
        let words = words.filter(|(number, _)| exists(model, *number, at));
        words.map(|(_, (choice, &at))| word(&choice.values, at)).collect::<Vec<_>>().join("_")
    };
    let suffixes: Vec<String> = architectures(model).map(|at| words(&at)).collect();
    let is_known = |(at, suffix): (usize, &String)| suffixes[..at].contains(suffix);
    if suffixes.iter().enumerate().any(is_known) {
        return suffixes.iter().enumerate().map(|(number, suffix)| format!("{suffix}_{number}")).collect();
    }
    suffixes
}

/// A choice as part of a test's name.
fn word(values: &ChoiceValues, at: usize) -> String {
    match values {
        ChoiceValues::Widths(values) => {
            let value = &values[at];
            let text = quote!(#value).to_string();
            let letters = text.chars().filter(|letter| !letter.is_whitespace());
            letters.map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect()
        }
        ChoiceValues::Types(types) => snake(&plain(&types[at].0)),
    }
}

/// `DeepMlp` and `ReLU` become `deep_mlp` and `relu`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        if letter.is_uppercase()
            && at > 0
            && letters[at - 1].is_lowercase()
            && letters.get(at + 1).is_some_and(|next| next.is_lowercase())
        {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
