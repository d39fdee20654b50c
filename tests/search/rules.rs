//! Rules between axes: conditions on conditions, alternatives, and rules that leave nothing.

use dropgrid::{Error, error::SpaceError, prelude::*};

fn every<S: FiniteSpace>(space: &S) -> Vec<S::Params> {
    space.iter().collect()
}

/// A condition on a condition: `c` exists where `b` does and is 2.
#[searchable(forbid = a == 3)]
struct Chain {
    #[set(p = f64::from(a) / 10.0 + b.map_or(0.0, f64::from) / 100.0 + c.unwrap_or(0.0))]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(1, 2, 3)]
    a: u8,
    #[when(a == 2)]
    #[grid(1, 2)]
    b: u8,
    #[when(b == Some(2))]
    #[grid(0.001, 0.002)]
    c: f64,
}

#[test]
fn conditions_follow_one_another() {
    let all: Vec<(u8, Option<u8>, Option<f64>)> =
        every(&Chain::space()).into_iter().map(|params| (params.a, params.b, params.c)).collect();
    assert_eq!(all, [(1, None, None), (2, Some(1), None), (2, Some(2), Some(0.001)), (2, Some(2), Some(0.002))]);
    let network = Chain::builder().a(2).b(Some(2)).c(Some(0.001)).build(0).expect("a network");
    assert!((network.dropout.p - 0.221).abs() < 1e-7);
}

#[test]
fn a_space_that_its_rules_leave_empty_is_refused() {
    let space = Chain::space().a([3]);
    assert_eq!((space.len(), space.is_empty()), (0, true));
    let data =
        Dataset::new(vec![[0.0, 1.0]; 10], Classes::<2>::new(vec![0, 1, 0, 1, 0, 1, 0, 1, 0, 1]).expect("labels"));
    let data = data.expect("data");
    let error = Chain::search(Grid).space(space.clone()).fit(&data).expect_err("no candidates");
    assert!(matches!(error, Error::Space(SpaceError::Empty)), "{error}");
    let error = Chain::search(Random::new(2)).space(space).fit(&data).expect_err("no candidates");
    assert!(matches!(error, Error::Space(SpaceError::Empty)), "{error}");
}

/// scikit-learn's list of grids: two recipes that do not mix.
#[searchable(union(optimizer.is_adam() && lr < 1e-2, optimizer.is_sgd() && lr >= 1e-2 && dropout == 0.0))]
struct Alternatives {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[grid(1e-3, 1e-2, 1e-1)]
    lr: f64,
}

#[test]
fn alternatives_are_a_union_without_duplicates() {
    let all: Vec<(f64, Optimizer, f64)> =
        every(&Alternatives::space()).into_iter().map(|params| (params.dropout, params.optimizer, params.lr)).collect();
    let expected = [
        (0.0, Optimizer::Adam, 1e-3),
        (0.0, Optimizer::Sgd, 1e-2),
        (0.0, Optimizer::Sgd, 1e-1),
        (0.2, Optimizer::Adam, 1e-3),
    ];
    assert_eq!(all, expected);
    assert_eq!(Alternatives::space().len(), 4);
    let rule = "union(optimizer.is_adam() && lr < 1e-2, optimizer.is_sgd() && lr >= 1e-2 && dropout == 0.0)";
    let description = Alternatives::describe();
    assert_eq!(description.rules, [rule]);
    assert!(description.to_string().contains(&format!("\n  {rule}\n4 candidates\n")), "{description}");
}
