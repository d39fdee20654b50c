use proc_macro2::TokenStream;
use quote::quote;

use super::*;
use crate::parse;

fn occurring(item: TokenStream) -> syn::Result<Vec<Vec<usize>>> {
    let (model, errors) = parse::model(TokenStream::new(), item)?;
    errors.finish()?;
    architectures(&model)
}

fn under(condition: TokenStream) -> syn::Result<Vec<Vec<usize>>> {
    occurring(quote! {
        struct Mlp<
            #[grid(1, 2)] const DEPTH: usize,
            #[grid(ReLU, Tanh)] Act,
            #[when(#condition)] #[grid(4, 8)] const WIDTH: usize,
        > {
            hidden: Linear<WIDTH, DEPTH>,
            act: Act,
        }
    })
}

#[test]
fn an_absent_parameter_is_its_first_value_once() {
    let all = under(quote!(true)).expect("a condition");
    assert_eq!(all.len(), 8);
    let deep = under(quote!(DEPTH > 1)).expect("a condition");
    assert_eq!(deep, [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]);
    for same in [
        quote!(depth == 2),
        quote!(!(DEPTH < 2)),
        quote!(DEPTH % 2 == 0 && true),
        quote!(matches!(depth, 2 | 7)),
        quote!(DEPTH * 3 - 1 >= 5),
    ] {
        assert_eq!(under(same).expect("a condition"), deep);
    }
    let of_tanh = under(quote!(act == MlpAct::Tanh)).expect("a condition");
    assert_eq!(of_tanh, [[0, 0, 0], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 1, 1]]);
    assert_eq!(under(quote!(matches!(act, self::MlpAct::Tanh))).expect("a condition"), of_tanh);
    assert_eq!(under(quote!(act != MlpAct::ReLU || DEPTH > 9)).expect("a condition"), of_tanh);
}

#[test]
fn a_condition_that_cannot_be_decided_says_why() {
    let refused = |condition| under(condition).expect_err("a fault").to_string();
    assert!(refused(quote!(DEPTH > LIMIT)).starts_with("the condition of a parameter is decided while"));
    assert!(refused(quote!(DEPTH)).starts_with("the condition of a parameter is decided while"));
    assert!(refused(quote!(act > 3)).starts_with("the condition of a parameter is decided while"));
    assert!(refused(quote!(DEPTH - 2 > 0)).starts_with("this arithmetic leaves the whole numbers"));
    assert_eq!(refused(quote!(act == MlpAct::Tahn)), "`MlpAct` has no layer `Tahn`: it has `ReLU`, `Tanh`");
    let named = occurring(quote! {
        struct Mlp<
            #[grid(SMALL, 2)] const DEPTH: usize,
            #[when(DEPTH > 1)] #[grid(4, 8)] const WIDTH: usize,
        > {
            hidden: Linear<WIDTH, DEPTH>,
        }
    });
    let named = named.expect_err("a fault").to_string();
    assert!(named.ends_with("write them out in its `#[grid(..)]`"), "{named}");
}
