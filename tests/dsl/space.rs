//! The generated space: computed, ordered, exact.

use dropgrid::{
    Error,
    error::SpaceError,
    prelude::*,
    seed::{Purpose, Seed},
    space::{AxisInfo, Domain, Position, sample},
};

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
    assert!(matches!(Small::space().dropout([]).check(), Err(Error::Space(SpaceError::EmptyAxis { axis: "dropout" }))));
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

/// An axis of each kind, a condition and a rule that forbids.
#[searchable(forbid = HIDDEN == 32 && dropout > 0.35)]
struct EveryKind<#[grid(16, 32)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<2, HIDDEN>, Act),
    #[grid(0.0..=0.5, step = 0.1)]
    dropout: Dropout,
    #[set(p = f64::from(single) + if switch == Some(true) { 0.1 } else { 0.0 })]
    late: Dropout,
    output: Linear<HIDDEN, 2>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
    #[train]
    #[grid(log(8..=64), points = 4)]
    batch_size: usize,
    #[train]
    #[uniform(1..=9)]
    patience: usize,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[uniform(0.0..0.99)]
    momentum: f64,
    #[uniform(0.0..0.5)]
    single: f32,
    #[when(momentum.is_some_and(|momentum| momentum > 0.5))]
    #[grid(true, false)]
    switch: bool,
}

/// `count` random numbers of [0, 1) for candidate `number`.
fn shares(number: u64, count: u32) -> Vec<f64> {
    let key = Seed(3).key(Purpose::Proposal).candidate(number);
    (0..count).map(|step| (key.epoch(step).value() >> 11) as f64 / (1_u64 << 53) as f64).collect()
}

#[test]
fn strategies_see_the_kind_of_each_axis() {
    let axes = EveryKind::space().axes();
    let facts: Vec<_> = axes.iter().map(|axis| (axis.name, axis.low(), axis.high(), axis.log(), axis.step())).collect();
    assert_eq!(
        facts,
        [
            ("hidden", Some(16.0), Some(32.0), false, Some(16.0)),
            ("act", None, None, false, None),
            ("dropout", Some(0.0), Some(0.5), false, Some(0.1)),
            ("lr", Some(1e-4), Some(1e-1), true, None),
            ("batch_size", Some(8.0), Some(64.0), true, None),
            ("patience", Some(1.0), Some(9.0), false, Some(1.0)),
            ("optimizer", None, None, false, None),
            ("momentum", Some(0.0), Some(0.99), false, None),
            ("single", Some(0.0), Some(0.5), false, None),
            ("switch", None, None, false, None),
        ]
    );
    let lens = axes.iter().map(AxisInfo::len).collect::<Vec<_>>();
    assert_eq!(lens, [Some(2), Some(2), Some(6), None, Some(4), None, Some(2), None, None, Some(2)]);
    assert_eq!(axes.iter().map(AxisInfo::whole).filter(|whole| *whole).count(), 3);
    assert_eq!(axes[1].domain, Domain::Choices(vec!["ReLU".to_owned(), "Tanh".to_owned()]));
    let conditions: Vec<_> = axes.iter().filter_map(|axis| Some((axis.name, axis.when?.text))).collect();
    assert_eq!(conditions[0], ("momentum", "when(optimizer.is_sgd())"));
    assert_eq!(axes[9].when.map(|when| when.mentions), Some([7].as_slice()));
}

#[test]
fn candidates_are_their_coordinates() {
    let space = EveryKind::space();
    let mut absent = 0;
    for number in 0..400 {
        let params = sample(&space, Seed(1).key(Purpose::Proposal).candidate(number)).expect("a candidate");
        let coordinates = space.coordinates(&params).expect("a candidate of the space");
        absent += coordinates.iter().filter(|coordinate| coordinate.is_none()).count();
        let positions: Vec<Position> =
            coordinates.into_iter().map(|at| at.map_or(Position::Absent, Position::Value)).collect();
        assert_eq!(space.nearest(&positions).as_ref(), Some(&params));
        assert_eq!(space.nearest(&space.positions_of(&params).expect("positions")), Some(params));
    }
    assert!((200..700).contains(&absent), "{absent} axes are absent");
}

#[test]
fn any_coordinates_are_the_nearest_candidate_or_a_forbidden_one() {
    let space = EveryKind::space();
    let (mut forbidden, mut moved) = (0, 0);
    for number in 0..1000 {
        // Up to half of its width beyond either end of each axis.
        let coordinate = |(axis, share): (&AxisInfo, f64)| {
            let (low, high) = (axis.low().unwrap_or(0.0), axis.high().unwrap_or(axis.len().unwrap_or(1) as f64 - 1.0));
            low + (2.0 * share - 0.5) * (high - low)
        };
        let axes = space.axes();
        let coordinates: Vec<f64> = axes.iter().zip(shares(number, 10)).map(coordinate).collect();
        let positions: Vec<Position> = coordinates.iter().map(|&at| Position::Value(at)).collect();
        let Some(params) = space.nearest(&positions) else {
            forbidden += 1;
            assert!(coordinates[0] >= 24.0 && coordinates[2] > 0.35, "{coordinates:?}");
            continue;
        };
        assert!(!(params.hidden == 32 && params.dropout > 0.35), "{params}");
        assert_eq!(params.momentum.is_some(), params.optimizer.is_sgd());
        assert_eq!(params.switch.is_some(), params.momentum.is_some_and(|momentum| momentum > 0.5));
        assert!((1e-4..1e-1).contains(&params.lr) && (1..=9).contains(&params.patience) && params.single < 0.5);
        assert!((params.dropout - coordinates[2].clamp(0.0, 0.5)).abs() < 0.05 + 1e-9, "{coordinates:?}: {params}");
        let back = space.coordinates(&params).expect("a candidate of the space");
        moved += back.iter().zip(&coordinates).filter(|(back, given)| back.is_some_and(|back| back != **given)).count();
    }
    assert!((100..300).contains(&forbidden) && moved > 4000, "{forbidden} forbidden, {moved} moved");
}

#[test]
fn positions_that_no_candidate_has_are_refused() {
    let space = EveryKind::space();
    let params = sample(&space, Seed(1).key(Purpose::Proposal)).expect("a candidate");
    let positions = space.positions_of(&params).expect("positions");
    assert_eq!(space.nearest(&positions[..9]).is_some(), params.switch.is_none());
    for (axis, wrong) in [
        (0, Position::At(2)),
        (0, Position::Absent),
        (3, Position::At(0)),
        (3, Position::Value(f64::NAN)),
        (4, Position::Value(f64::NAN)),
    ] {
        let mut positions = positions.clone();
        positions[axis] = wrong;
        assert_eq!(space.nearest(&positions), None, "{axis} {wrong:?}");
    }
    // A width of 32 excludes the largest dropouts.
    let at = |hidden, dropout| {
        let mut positions = positions.clone();
        (positions[0], positions[2]) = (Position::Value(hidden), Position::Value(dropout));
        space.nearest(&positions).map(|params| (params.hidden, params.dropout))
    };
    assert_eq!([at(16.0, 0.43), at(32.0, 0.43), at(32.0, 0.33)], [Some((16, 0.4)), None, Some((32, 0.3))]);
}
