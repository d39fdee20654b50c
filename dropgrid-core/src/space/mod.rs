//! Parameter spaces: sequences of candidates that are computed, never stored.

mod axis;
mod cover;
mod enumerate;
mod finite;
mod interval;
mod iter;
mod literal;
mod name;
mod number;
mod params;
mod sample;

pub use axis::{Axis, AxisInfo};
pub(crate) use cover::{architectures, every_value};
pub use enumerate::Enumeration;
pub use finite::{Continuous, Enumerable, Finite, FiniteSpace};
pub use interval::Interval;
pub use iter::Iter;
pub use literal::literal;
pub(crate) use name::name;
pub use name::{steady, written};
pub use number::Number;
pub use params::Params;
pub use sample::sample;
pub(crate) use sample::sample_below;

use crate::error::Result;

/// Where a candidate stands on one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Position {
    /// At the value of that number.
    At(usize),
    /// At this number of a continuous axis.
    Value(f64),
    /// The candidate does not have the axis: its `#[when(...)]` does not hold.
    Absent,
}

/// A rule of a space: which axes exist in a candidate, and which candidates there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What the rule decides.
    pub kind: RuleKind,
    /// The axes that it asks, ascending.
    pub mentions: &'static [usize],
    /// The rule as it is declared: `when(optimizer.is_sgd())`, `forbid = width == 8`, `union(width == 8, lr < 0.1)`.
    pub text: &'static str,
}

/// What a [`Rule`] decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// Whether the axis of this number exists.
    When(usize),
    /// Whether the candidate is ruled out.
    Forbid,
}

/// All candidates of a model, in declaration order of the axes; those that choose an architecture come first.
///
/// `#[searchable]` implements this. A space of finite axes is a [`FiniteSpace`] too.
pub trait Space: Clone + Default + std::fmt::Debug + Send + Sync + 'static {
    /// One candidate.
    type Params: Params;
    /// [`Finite`], or [`Continuous`] with the name of an axis that is not.
    type Kind;

    /// The rules between axes.
    const RULES: &'static [Rule] = &[];

    /// The axes in declaration order.
    fn axes(&self) -> Vec<AxisInfo>;

    /// The candidate at these positions, one for each axis.
    fn at(&self, positions: &[Position]) -> Self::Params;

    /// Where a candidate stands, or `None` where one of its values is not on its axis.
    fn positions_of(&self, params: &Self::Params) -> Option<Vec<Position>>;

    /// What rule number `rule` says of a candidate whose mentioned axes stand at `positions`.
    fn holds(&self, rule: usize, positions: &[Position]) -> bool {
        let _ = (rule, positions);
        false
    }

    /// A random position on the axis of that number.
    fn draw(&self, axis: usize, rng: &mut rand_chacha::ChaCha8Rng) -> Position;

    /// Checks every value of every axis by itself.
    ///
    /// # Errors
    /// [`Error::EmptyAxis`](crate::Error::EmptyAxis), [`Error::DuplicateValue`](crate::Error::DuplicateValue),
    /// [`Error::OutOfRange`](crate::Error::OutOfRange), [`Error::NotCompiled`](crate::Error::NotCompiled),
    /// [`Error::Interval`](crate::Error::Interval), [`Error::Setting`](crate::Error::Setting).
    fn check(&self) -> Result<()>;
}

/// The first few of a list in words.
fn list(values: impl ExactSizeIterator<Item = String>) -> String {
    const SHOWN: usize = 8;
    let more = values.len().saturating_sub(SHOWN);
    let mut text = values.take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += ", …";
    }
    text
}
