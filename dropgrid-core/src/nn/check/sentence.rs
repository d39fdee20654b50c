//! Messages about invalid values, as trait bounds. For an unmet bound, the compiler prints only the message. For a
//! constant that panics, it would print `evaluation panicked` before it.
//!
//! A check returns the [`TEXT`](Once::TEXT) of the message for the fault that it finds. Generated code then requires
//! [`Holds`] to implement the trait of each message that the check may return. The bound is on a type parameter, since
//! the compiler then omits the note about the missing trait.

use crate::nn::{Range, contract::str_eq, range_of};

/// The result of a check: true if it found no fault.
#[derive(Debug)]
#[doc(hidden)]
pub struct Holds<const TRUE: bool>;

/// Marks the result of a check that found no fault.
#[allow(unnameable_types, reason = "`Nothing` is the name of a shape, too")]
#[doc(hidden)]
pub trait Nothing {}

impl Nothing for Holds<true> {}

/// The type that must implement the message's trait: [`Holds`] if there is no fault, else `Parameter`, which does not
/// implement it.
#[doc(hidden)]
pub trait Asked<Parameter> {
    /// The type.
    type Of;
}

impl<Parameter> Asked<Parameter> for Holds<true> {
    type Of = Self;
}

impl<Parameter> Asked<Parameter> for Holds<false> {
    type Of = Parameter;
}

/// Returns true if the fault is not this message.
#[doc(hidden)]
pub const fn is_not(fault: Option<&str>, sentence: &str) -> bool {
    match fault {
        Some(fault) => !str_eq(fault, sentence),
        None => true,
    }
}

/// Defines a trait for each message. `Field` is the name of the field in the message.
macro_rules! sentences {
    ($($name:ident $(<$field:ident>)?: $text:literal, $label:literal;)+) => {$(
        #[diagnostic::on_unimplemented(message = $text, label = $label)]
        #[doc = $text]
        #[doc(hidden)]
        pub trait $name $(<$field>)? {
            /// The message.
            const TEXT: &'static str = $text;
            /// Exists if the message does not apply.
            const HOLDS: () = ();
        }

        #[diagnostic::do_not_recommend]
        impl<Found: Nothing $(, $field)?> $name $(<$field>)? for Found {}
    )+};
}

sentences! {
    Rate<Field>: "a value of `{Field}` is outside [0, 1)", "write a number from 0 and below 1";
    Share<Field>: "a value of `{Field}` is outside [0, 1]", "write a number from 0 to 1";
    NonNegative<Field>: "a value of `{Field}` is below 0 or no number", "write a number from 0";
    Positive<Field>: "a value of `{Field}` is not above 0", "write a number above 0";
    FiniteNumber<Field>: "a value of `{Field}` is not finite", "write a finite number";

    HasP<Field>: "`{Field}` has no setting of this name: it has `p`", "write `p`";
    HasEpsilon<Field>: "`{Field}` has no setting of this name: it has `epsilon`", "write `epsilon`";
    HasMomentum<Field>: "`{Field}` has no setting of this name: it has `momentum` and `epsilon`", "write `momentum` or `epsilon`";
    SetOnce: "the axis of this field gives this setting already: remove one of the two", "set twice";

    Once: "this value stands in the grid already: every value would be trained twice", "remove it";
    LeavesSome: "this rule forbids every candidate: nothing is left to search", "no candidate is left";
    LeavesSomeMore: "this rule forbids every candidate that the rules before it leave: nothing is left to search", "no candidate is left";

    FiniteEnds: "the ends of a range are finite numbers", "not finite";
    LowFirst: "the range is upside down: its low end comes first", "not above the low end";
    NotEmpty: "the range is empty: its ends are equal, and the high one is not part of it", "an empty range";
    AboveZero: "a logarithmic range starts above 0: write a small number such as 1e-6", "not above 0";
    StepAboveZero: "the step is not above 0, so it never reaches the end", "not above 0";
    ReachesTheEnd: "the step never reaches the end: write another step, or the last value that it reaches", "misses the end";

    AsManyColumns<Field>: "`{Field}` names another number of columns than its layers take", "these layers take another number of columns";
    WholeRow: "the row has another number of columns than the network takes: name each column in a field, or leave its field out of the row by `#[row(skip)]`", "another number of columns";
    NoCategories: "a column of the row has categories: prepare it by a field of its own, `#[columns(sex)] sex: OneHot<2>`", "takes numbers";
    NoMissingCells: "a column of the row may be missing: prepare it by a field of its own, `#[columns(age)] age: Impute<1>`", "takes no missing cells";
    HasColumn: "the row has no such column: it has no field of this name, or one that is skipped", "no column of the row";
    TakesCategories: "the column has categories, and the layers take numbers: begin with `OneHot`, `Ordinal` or `Embed`", "a column of categories";
    TakesNumbers: "the column has numbers, and the layers take categories: an enum that derives `Category`", "a column of numbers";
    AsManyCategories: "the layers take another number of categories than the column has: write `OneHot<{{ Sex::COUNT }}>`", "another number of categories";
    TakesMissing: "cells of the column may be missing: begin with `Impute`, as in `(Impute<1>, Standardize<1>)`", "cells may be missing";
}

/// The text of a message.
macro_rules! text_of {
    ($name:ident $(<$field:ty>)?) => {
        <$crate::nn::check::Holds<true> as $crate::nn::check::$name $(<$field>)?>::TEXT
    };
}
pub(crate) use text_of;

/// Returns the message about a value outside `range`. Returns `None` for a value inside `range`, and for a range that
/// no layer of dropgrid uses.
#[doc(hidden)]
pub const fn outside(range: Range, value: f64) -> Option<&'static str> {
    if range.contains(value) {
        None
    } else if is(range, Range::RATE) {
        Some(text_of!(Rate<()>))
    } else if is(range, Range::SHARE) {
        Some(text_of!(Share<()>))
    } else if is(range, Range::NON_NEGATIVE) {
        Some(text_of!(NonNegative<()>))
    } else if is(range, Range::POSITIVE) {
        Some(text_of!(Positive<()>))
    } else if is(range, Range::FINITE) {
        Some(text_of!(FiniteNumber<()>))
    } else {
        None
    }
}

const fn is(one: Range, other: Range) -> bool {
    one.low == other.low && one.high == other.high && one.closed == other.closed
}

/// Returns the message about a `name` that is not among the `settings` of a layer. Returns `None` if it is among them,
/// and for combinations of settings without a message of this form.
#[doc(hidden)]
pub const fn unknown(settings: &[(&str, Range)], name: &str) -> Option<&'static str> {
    if range_of(settings, name).is_some() {
        return None;
    }
    match settings {
        [(only, _)] if str_eq(only, "p") => Some(text_of!(HasP<()>)),
        [(only, _)] if str_eq(only, "epsilon") => Some(text_of!(HasEpsilon<()>)),
        [(first, _), (second, _)] if str_eq(first, "momentum") && str_eq(second, "epsilon") => {
            Some(text_of!(HasMomentum<()>))
        }
        _ => None,
    }
}

/// Returns the message about a setting that the axis of its field already sets.
#[doc(hidden)]
pub const fn set_twice(alias: Option<&str>, name: &str) -> Option<&'static str> {
    match alias {
        Some(alias) if str_eq(alias, name) => Some(text_of!(SetOnce)),
        _ => None,
    }
}
