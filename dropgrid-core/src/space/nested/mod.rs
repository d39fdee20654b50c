//! The axes of a space with other spaces in it: their names, `block.dropout`, and their rules. All of it is put
//! together while a model is compiled.

mod lists;
mod names;
mod rules;
mod text;

pub use lists::{Part, asked, asked_len, flat, flat_len, starts};
pub use names::{NamePart, names, names_count, names_len, names_text};
pub use rules::{InnerRules, rules, rules_count, rules_len, rules_text};

use super::{AxisInfo, Continuous, Finite, FiniteSpace, Iter, Rule, Space};

/// The kind of a space with another one in it: it can be listed where both can.
#[doc(hidden)]
pub trait KindWith {
    /// The kind, where the rest of the space has the kind `Rest`.
    type With<Rest>;
}

impl KindWith for Finite {
    type With<Rest> = Rest;
}

impl<A> KindWith for Continuous<A> {
    type With<Rest> = Self;
}

impl AxisInfo {
    /// The axes of a space and of those in it, with the names and the conditions that they have outside.
    #[doc(hidden)]
    pub fn outside(names: &[&'static str], rules: &[Rule], axes: Vec<Self>) -> Vec<Self> {
        let named = axes.into_iter().zip(names).map(|(axis, name)| Self { name, when: None, ..axis });
        Self::under(rules, named.collect())
    }
}

/// A space that can be listed, in a bound that need not hold.
#[doc(hidden)]
pub trait Listed<'a>: Space {
    /// Its candidates.
    type Iter: Iterator<Item = Self::Params>;

    /// The candidates in order.
    fn listed(&'a self) -> Self::Iter;
}

impl<'a, S: FiniteSpace> Listed<'a> for S {
    type Iter = Iter<'a, S>;

    fn listed(&'a self) -> Iter<'a, S> {
        self.iter()
    }
}
