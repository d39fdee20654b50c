//! Ranges, run-time axes and rules where they are easy to get wrong.

use dropgrid::{
    Error,
    error::SpaceError,
    prelude::*,
    seed::{Purpose, Seed},
    space::{Axis, Interval, sample},
    testing,
};

/// Steps in single precision, all of a byte, and ends that are the same.
#[searchable]
struct Numbers {
    #[set(p = f64::from(single) + f64::from(byte) / 1000.0 + f64::from(few) / 1000.0)]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(0.1..=0.5, step = 0.1)]
    single: f32,
    #[uniform(0..=255)]
    byte: u8,
    #[uniform(1..=3)]
    few: u8,
    #[train]
    #[log_uniform(1e-3..=1e-3)]
    lr: f64,
}

#[test]
fn single_precision_reaches_the_end() {
    assert_eq!(Axis::stepped(0.1_f32, 0.5, 0.1).values(), [0.1, 0.2, 0.3, 0.4, 0.5]);
    assert_eq!(Axis::log_spaced(1e-3_f32, 1.0, 4).values(), [1e-3, 1e-2, 1e-1, 1.0]);
}

fn drawn(count: u64) -> Vec<NumbersParams> {
    let space = Numbers::space();
    let key = |number| Seed(7).key(Purpose::Proposal).candidate(number);
    (0..count).map(|number| sample(&space, key(number)).expect("a candidate")).collect()
}

#[test]
fn whole_numbers_are_drawn_up_to_both_ends() {
    let drawn = drawn(4000);
    let bytes: Vec<u8> = drawn.iter().map(|params| params.byte).collect();
    assert_eq!((bytes.iter().min(), bytes.iter().max()), (Some(&0), Some(&255)));
    for few in 1..=3 {
        let count = drawn.iter().filter(|params| params.few == few).count();
        assert!((1200..1470).contains(&count), "{few} was drawn {count} times of 4000");
    }
    assert!(drawn.iter().all(|params| params.lr == 1e-3), "equal ends are one value");
}

#[test]
fn half_open_ranges_end_before_their_end() {
    let share = 1.0 - f64::EPSILON / 2.0;
    assert_eq!(Interval::from(1_u8..4), Interval::Uniform(1, 3));
    assert!(matches!(
        Interval::from(0_u8..0).check("byte", |_| Ok(())),
        Err(Error::Space(SpaceError::EmptyAxis { axis: "byte" }))
    ));
    // Near the end of the range a draw rounds up to the end in single precision.
    let space = Interval::from(0.0_f32..1.0);
    assert_eq!(share as f32, 1.0);
    let mut rng = Last(u64::MAX);
    let position = space.sample(&mut rng);
    assert!(space.at(position) < 1.0);
}

/// A generator of one number.
struct Last(u64);

impl rand::TryRng for Last {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(u8::MAX);
        Ok(())
    }
}

#[test]
fn ranges_are_described_as_they_are_drawn() {
    let text = Numbers::describe().to_string();
    assert!(text.contains("uniform from 0 to 255") && text.contains("uniform from 1 to 3"), "{text}");
    assert!(text.contains("candidates without number"), "{text}");
}

/// The wide network has no candidate, and the narrow one no low rate.
#[searchable(forbid = HIDDEN == 16, forbid = HIDDEN == 4 && dropout < 0.25)]
struct Ruled<#[grid(4, 8, 16)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    #[set(p = late.unwrap_or(0.0))]
    last: Dropout,
    output: Linear<HIDDEN, 2>,
    #[when(dropout < 0.15)]
    #[grid(0.4, 0.5)]
    late: f64,
}

#[test]
fn rules_hold_in_descriptions_and_promises() {
    let text = Ruled::describe().to_string();
    assert!(text.ends_with("2 architectures\n  hidden = 4: 22 parameters\n  hidden = 8: 42 parameters"), "{text}");
    let rules = "  late when(dropout < 0.15)\n  forbid = HIDDEN == 16\n  forbid = HIDDEN == 4 && dropout < 0.25\n5 candidates\n";
    assert!(text.contains(rules), "{text}");
    testing::check::<Ruled>();
}

/// A tie that cannot be computed for a candidate that the rules forbid.
#[searchable(forbid = a == 1 && b == 1)]
struct Impossible {
    #[set(p = match (a, b) { (1, 1) => unreachable!("a forbidden candidate was built"), _ => 0.1 })]
    dropout: Dropout,
    output: Linear<2, 2>,
    #[grid(1, 2)]
    a: u8,
    #[grid(1, 2)]
    b: u8,
}

#[test]
fn forbidden_candidates_are_never_built() -> dropgrid::Result<()> {
    assert_eq!(Impossible::describe().architectures.len(), 1);
    testing::check::<Impossible>();
    let data = Dataset::new(vec![[0.0, 1.0]; 8], Classes::<2>::new(vec![0, 1, 0, 1, 0, 1, 0, 1])?)?;
    let report = Impossible::search(Grid).cv(KFold::new(2)).train(Train::default().epochs(1)).fit(&data)?;
    assert_eq!(report.results().candidates().len(), 3);
    Ok(())
}

#[test]
fn an_empty_axis_is_described_and_refused() {
    let space = Ruled::space().dropout([]);
    let text = dropgrid::model::Description::of::<Ruled>(&space).to_string();
    assert!(text.contains("\n0 candidates\n") && text.ends_with("no architecture has a candidate"), "{text}");
    assert!(matches!(space.check(), Err(Error::Space(SpaceError::EmptyAxis { axis: "dropout" }))));
    let error = sample(&space, Seed(0).key(Purpose::Proposal)).expect_err("nothing to draw");
    assert!(matches!(error, Error::Space(SpaceError::EmptyAxis { axis: "dropout" })), "{error}");
}

#[test]
fn values_that_come_twice_are_refused() {
    let refusal = |space: NumbersSpace| space.check().expect_err("a value twice").to_string();
    let twice = |axis: &str, value: &str| {
        format!("axis `{axis}` has the value {value} twice: every candidate of it would be trained twice")
    };
    assert_eq!(refusal(Numbers::space().single([0.1, 0.2, 0.1])), twice("single", "0.1"));
    assert_eq!(refusal(Numbers::space().single([0.0, -0.0])), twice("single", "-0.0"));
    assert_eq!(refusal(Numbers::space().byte([7, 7])), twice("byte", "7"));
    let space: RuledSpace = toml::from_str("dropout = [0.1, 0.1]").expect("a file");
    assert_eq!(space.check().expect_err("a value twice").to_string(), twice("dropout", "0.1"));
}

#[test]
fn settings_of_the_recipe_are_checked_on_the_axis() {
    let error = Numbers::space().lr([f64::INFINITY]).check().expect_err("no learning rate");
    assert_eq!(error.to_string(), "lr is inf, expected a positive, finite number");
}

#[test]
fn a_file_that_says_something_else_is_told_what_it_can_say() {
    for text in ["lr = 0.1", "lr = { uniform = 0.1 }", "lr = { normal = [0.0, 1.0] }", "lr = ['a']"] {
        let error = toml::from_str::<NumbersSpace>(text).expect_err("no axis").to_string();
        let expected = "expected a list of values, `uniform = [low, high]` or `log_uniform = [low, high]`";
        assert!(error.contains(expected), "{text}: {error}");
    }
}

/// Rates at which a small layer may drop all of its values, and rectifiers that may all be dead.
#[searchable]
struct Unlucky {
    hidden: (Linear<2, 2>, ReLU),
    #[grid(0.99)]
    dropout: Dropout,
    output: Linear<2, 2>,
}

/// A network that has nothing to train.
#[searchable(input = 2)]
struct Weightless {
    #[grid(0.001)]
    dropout: Dropout,
}

#[test]
fn promises_are_not_broken_by_chance() {
    testing::check::<Unlucky>();
    testing::check::<Weightless>();
}

/// Values that are written otherwise but make the same words.
#[searchable(tests)]
struct Wordy<#[grid(2 + 2, 2 * 3)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    output: Linear<HIDDEN, 2>,
}

/// The axis of a width goes by both of its names.
#[searchable(forbid = HIDDEN == 4 && hidden < 8)]
struct BothNames<#[grid(4, 8)] const HIDDEN: usize> {
    first: Linear<2, HIDDEN>,
    output: Linear<HIDDEN, 2>,
}

#[test]
fn a_width_goes_by_both_names() {
    assert_eq!(BothNames::space().iter().map(|params| params.hidden).collect::<Vec<_>>(), [8]);
}
