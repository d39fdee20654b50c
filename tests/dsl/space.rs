//! The generated space: computed, ordered, exact.

use dropgrid::{Error, prelude::*};

#[searchable]
struct Small<#[grid(8, 16)] const HIDDEN: usize> {
    first: Linear<4, HIDDEN>,
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[grid(1e-3, 3e-3)]
    lr: f64,
}

/// Twelve axes of ten values: 10^12 candidates.
#[searchable]
struct Huge {
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    a: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    b: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    c: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    d: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    e: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    f: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    g: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    h: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    i: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    j: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    k: Dropout,
    #[grid(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]
    l: Dropout,
    output: Linear<4, 3>,
}

#[test]
fn candidates_come_in_declaration_order_with_the_last_axis_fastest() {
    let mut expected = Vec::new();
    for hidden in [8, 16] {
        for dropout in [0.1, 0.2, 0.3] {
            for lr in [1e-3, 3e-3] {
                expected.push(SmallParams { hidden, dropout, lr });
            }
        }
    }
    let space = Small::space();
    assert_eq!(space.len(), 12);
    assert_eq!(space.iter().collect::<Vec<_>>(), expected);
    assert_eq!((&space).into_iter().rev().collect::<Vec<_>>(), expected.iter().rev().cloned().collect::<Vec<_>>());
    for (index, params) in expected.iter().enumerate() {
        assert_eq!(space.nth(index).as_ref(), Some(params));
    }
    assert_eq!(space.nth(12), None);
    let mut iter = space.iter();
    assert_eq!((iter.nth(3), iter.len()), (Some(expected[3].clone()), 8));
    assert_eq!((iter.nth_back(1), iter.len()), (Some(expected[10].clone()), 6));
}

#[test]
fn a_space_of_10_to_the_12_costs_nothing_to_hold() {
    let space = Huge::space();
    assert_eq!(space.len(), 1_000_000_000_000);
    let params = space.nth(123_456_789_012).expect("inside");
    let digits = [params.a, params.b, params.c, params.d, params.k, params.l];
    assert_eq!(digits, [0.1, 0.2, 0.3, 0.4, 0.1, 0.2]);
    assert_eq!(space.iter().len(), 1_000_000_000_000);
    assert_eq!(space.iter().next_back().expect("a last one").a, 0.9);
}

#[test]
fn axes_can_be_replaced() {
    let space = Small::space().dropout([0.45]).lr([0.1, 0.2, 0.3]).hidden([16]);
    assert_eq!(space.len(), 3);
    assert_eq!(space.nth(2), Some(SmallParams { hidden: 16, dropout: 0.45, lr: 0.3 }));
    assert!(space.check().is_ok());
    assert!(Small::space().dropout([]).is_empty());
    assert!(matches!(Small::space().dropout([]).check(), Err(Error::EmptyAxis { axis: "dropout" })));
    let error = Small::space().dropout([0.1, 1.2]).check().expect_err("no rate");
    assert_eq!(error.to_string(), "dropout: rate 1.2 is outside [0, 1)");
    let error = Small::space().hidden([8, 12]).check().expect_err("not compiled");
    assert_eq!(error.to_string(), "`hidden` = 12 was not compiled; the struct's #[grid] lists [8, 16]");
}

#[test]
fn params_print_compare_and_go_through_serde() {
    let params = Small::space().nth(0).expect("a first one");
    assert_eq!(params.to_string(), "SmallParams { hidden: 8, dropout: 0.1, lr: 0.001 }");
    let json = serde_json::to_string(&params).expect("json");
    assert_eq!(json, r#"{"hidden":8,"dropout":0.1,"lr":0.001}"#);
    assert_eq!(serde_json::from_str::<SmallParams>(&json).expect("params"), params);
    assert!(serde_json::from_str::<SmallParams>(r#"{"hidden":8,"dropout":0.1,"lr":0.001,"x":1}"#).is_err());
}

/// A rate given by a name, as a value of a grid.
const RATE: f64 = 0.2;

/// How strongly a network is regularised, as a type of the user's own.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
enum Strength {
    Off,
    Rate(f64),
}

#[searchable]
struct Own {
    #[set(p = match strength { Strength::Off => 0.0, Strength::Rate(rate) => rate })]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[param]
    #[grid(Strength::Off, Strength::Rate(0.1), Strength::Rate(RATE))]
    strength: Strength,
}

#[test]
fn hyperparameters_have_any_type() {
    let all: Vec<Strength> = Own::space().iter().map(|params| params.strength).collect();
    assert_eq!(all, [Strength::Off, Strength::Rate(0.1), Strength::Rate(0.2)]);
    let network = Own::builder().strength(Strength::Rate(0.3)).build(0).expect("a network");
    assert_eq!(network.dropout.p, 0.3);
    let params = OwnParams { strength: Strength::Rate(0.2) };
    assert_eq!(Own::space().index_of(&params), Some(2));
    assert_eq!(serde_json::to_string(&params).expect("json"), r#"{"strength":{"Rate":0.2}}"#);
}
