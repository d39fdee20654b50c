//! The expansion, read beside its source: a change of what users' crates compile shows here line by line.

use proc_macro2::TokenStream;
use quote::quote;

/// The formatted expansion of a model.
fn expansion(args: TokenStream, item: TokenStream) -> String {
    let tokens = crate::expand(args, item);
    let file = syn::parse2(tokens).unwrap_or_else(|error| panic!("the expansion is no Rust: {error}"));
    prettyplease::unparse(&file)
}

#[test]
fn the_first_example() {
    let text = expansion(
        quote!(),
        quote! {
            /// Dense(64, relu), dropout, Dense(10): one struct is the network and its search space.
            pub struct Mlp {
                hidden: (Linear<64, 64>, ReLU),
                #[grid(0.1, 0.2, 0.3)]
                dropout: Dropout,
                output: Linear<64, 10>,
            }
        },
    );
    insta::assert_snapshot!(text);
}

#[test]
fn every_kind_of_axis() {
    let text = expansion(
        quote!(forbid = HIDDEN == 32 && dropout > 0.4),
        quote! {
            struct Mlp<#[grid(32, 64)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
                hidden: (Linear<64, HIDDEN>, Act),
                #[grid(0.0..=0.5, step = 0.1)]
                dropout: Dropout,
                #[grid(momentum: 0.05, 0.1)]
                norm: BatchNorm1D<HIDDEN>,
                #[set(p = dropout / 2.0)]
                late: Dropout,
                output: Linear<HIDDEN, 10>,
                #[train]
                #[log_uniform(1e-4..1e-1)]
                lr: f64,
                #[train]
                #[grid(Optimizer::adam(), Optimizer::sgd())]
                optimizer: Optimizer,
                #[train]
                #[when(optimizer.is_sgd())]
                #[grid(0.0, 0.9)]
                momentum: f64,
            }
        },
    );
    insta::assert_snapshot!(text);
}
