//! Values, ties and rules as people write them: through macros, by functions, with names of their own.

use dropgrid::{
    Error,
    prelude::*,
    seed::{Purpose, Seed},
    space::sample,
    testing,
};

macro_rules! grouped {
    ($name:ident, $width:expr, $rule:expr, $divisor:expr, $first:expr, $range:expr, $layer:ty) => {
        #[searchable(forbid = $rule && hidden == 16)]
        struct $name<#[grid($width * 2)] const HIDDEN: usize, #[grid($layer, Tanh)] Act> {
            input: (Linear<2, HIDDEN>, Act),
            #[grid($first, 0.2)]
            dropout: Dropout,
            #[set(p = dropout / $divisor)]
            late: Dropout,
            output: Linear<HIDDEN, { $width }>,
            #[train]
            #[grid($range, step = 0.1)]
            lr: f64,
        }
    };
}

grouped!(Grouped, 4 + 4, dropout > 0.15 || dropout < 0.05, 1.0 + 1.0, 0.1, 0.1..=0.3, ReLU);

#[test]
fn what_a_macro_passes_on_keeps_together() {
    let space = Grouped::space();
    let widths: Vec<usize> = space.iter().map(|params| params.hidden).collect();
    assert_eq!(widths, vec![16; 2 * 3]);
    assert!(space.iter().all(|params| params.dropout == 0.1));
    let network = Grouped::builder().hidden::<16>().act::<ReLU>().dropout(0.4).build(0).expect("a network");
    assert_eq!(network.late.p, 0.2);
}

/// Rules over axes that are called as what a rule is compiled to.
#[searchable(forbid = left == 1 && at == 1, forbid = values == 1 && positions == 1)]
struct Words {
    #[set(p = f64::from(left + at + values + positions) / 100.0)]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(1, 2)]
    left: u8,
    #[grid(1, 2)]
    at: u8,
    #[grid(1, 2)]
    values: u8,
    #[grid(1, 2)]
    positions: u8,
}

/// A rule that only what the rule before it leaves can be asked.
#[searchable(forbid = below == 0, forbid = above / below == 2)]
struct Divided {
    #[set(p = f64::from(above / below) / 10.0)]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(1, 2, 4)]
    above: u8,
    #[grid(0, 1, 2)]
    below: u8,
}

#[test]
fn rules_ask_axes_of_any_name_one_after_another() {
    assert_eq!(Words::space().len(), 3 * 3);
    let left: Vec<(u8, u8)> = Divided::space().iter().map(|params| (params.above, params.below)).collect();
    assert_eq!(left, [(1, 1), (1, 2), (2, 2), (4, 1)]);
}

/// A tie that asks a searched type, widths of functions, and a type that mentions a width.
#[searchable]
struct Asked<#[grid(2_usize.pow(2), 2_usize.pow(3))] const HIDDEN: usize, #[grid(Tanh, BatchNorm1D<HIDDEN>)] Norm> {
    input: (Linear<2, HIDDEN>, Norm),
    #[set(p = if norm == AskedNorm::Tanh { 0.1 } else { HIDDEN as f64 / 100.0 })]
    dropout: Dropout,
    output: Linear<HIDDEN, 2>,
}

#[test]
fn ties_ask_types_and_types_ask_widths() {
    let network = Asked::builder().hidden::<8>().norm::<Tanh>().build(0).expect("a network");
    assert_eq!(network.dropout.p, 0.1);
    let network = Asked::builder().hidden::<8>().norm::<BatchNorm1D<8>>().build(0).expect("a network");
    assert_eq!(network.dropout.p, 0.08);
    let parameters: Vec<usize> = Asked::describe().architectures.into_iter().map(|(_, count)| count).collect();
    // Of 2 x H + H and H x 2 + 2, and two a channel of the normalisation.
    assert_eq!(parameters, [22, 30, 42, 58]);
    testing::check::<Asked>();
}

/// One candidate of a million.
#[searchable(union(a == 99 && b == 99 && c == 99))]
struct Sparse {
    #[set(p = f64::from(a + b + c) / 1000.0)]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(0..=99, step = 1)]
    a: u16,
    #[grid(0..=99, step = 1)]
    b: u16,
    #[grid(0..=99, step = 1)]
    c: u16,
}

#[test]
fn what_can_be_counted_is_found() {
    assert_eq!(Sparse::space().len(), 1);
    let drawn = sample(&Sparse::space(), Seed(0).key(Purpose::Proposal)).expect("the one candidate");
    assert_eq!((drawn.a, drawn.b, drawn.c), (99, 99, 99));
}

/// A tie that is out of its layer's range for one value of the axis.
#[searchable]
struct Doubled {
    #[set(p = rate * 2.0)]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(0.6, 0.1)]
    rate: f64,
}

/// An axis on a layer whose size the user of the model gives.
#[searchable]
struct Open<const IN: usize> {
    #[grid(momentum: 0.1, 0.2)]
    norm: BatchNorm1D<IN>,
    output: Linear<IN, 2>,
}

#[test]
fn ties_are_checked_before_training() -> dropgrid::Result<()> {
    let text = Doubled::describe().to_string();
    assert!(text.contains("1 architecture\n  the only one: 6 parameters"), "{text}");
    let data = Dataset::new(vec![[0.0, 1.0]; 8], Classes::<2>::new(vec![0, 1, 0, 1, 0, 1, 0, 1])?)?;
    let refused = |error: Error| {
        assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
        error.to_string()
    };
    let error = Doubled::search(Grid).cv(KFold::new(2)).fit(&data).expect_err("no rate");
    assert_eq!(refused(error), "dropout: p 1.2 is outside [0, 1)");
    let space = Open::<2>::space().norm([0.1, 5.0]);
    let error = Open::<2>::search(Grid).space(space).cv(KFold::new(2)).fit(&data).expect_err("no momentum");
    assert_eq!(refused(error), "norm: momentum 5 is outside [0, 1]");
    Ok(())
}

#[searchable]
struct Narrow<#[grid(0, 4)] const HIDDEN: usize> {
    hidden: (Linear<2, HIDDEN>, ReLU),
    output: Linear<HIDDEN, 2>,
}

#[test]
fn a_width_of_nothing_is_a_network() {
    assert_eq!(Narrow::describe().architectures[0].1, 2);
    let network = Narrow::builder().hidden::<0>().build(0).expect("a network");
    assert_eq!(dfdx::tensor::AsArray::array(&network.output.bias), [0.0, 0.0]);
}

#[test]
fn a_rate_is_below_one_in_single_precision() {
    let error = Doubled::builder().rate(0.499_999_999_999).build(0).expect_err("no rate");
    assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
}

/// The slope of a rectifier, by its name and tied.
#[searchable]
struct Slopes {
    #[grid(slope: 0.1, 0.2)]
    first: LeakyReLU,
    #[set(slope = first / 2.0)]
    second: LeakyReLU,
    output: Linear<2, 2>,
    #[train]
    #[log_uniform(1e-5..1e-1)]
    lr: f64,
}

#[test]
fn slopes_have_a_name() {
    let network = Slopes::builder().first(0.2).build(0).expect("a network");
    assert_eq!((network.first.slope, network.second.slope), (0.2, 0.1));
}

#[test]
fn numbers_of_a_file_are_the_numbers_written() {
    for number in 0..2000 {
        let params = sample(&Slopes::space(), Seed(1).key(Purpose::Proposal).candidate(number)).expect("a candidate");
        let text = serde_json::to_string(&params).expect("json");
        assert_eq!(serde_json::from_str::<SlopesParams>(&text).expect("params"), params);
    }
}
