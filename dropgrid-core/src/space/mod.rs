//! Parameter spaces: sequences of candidates that are computed, never stored.

mod axis;
mod enumerate;
mod finite;
mod interval;
mod iter;
mod number;
mod params;
mod sample;

pub use axis::{Axis, AxisInfo};
pub use enumerate::Enumeration;
pub use finite::{Continuous, Enumerable, Finite, FiniteSpace};
pub use interval::Interval;
pub use iter::Iter;
pub use number::Number;
pub use params::Params;
pub use sample::sample;

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
}

/// What a [`Rule`] decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// Whether the axis of this number exists.
    When(usize),
    /// Whether the candidate is ruled out.
    Forbid,
}

/// All candidates of a model, in declaration order of the axes.
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
    /// [`Error::EmptyAxis`](crate::Error::EmptyAxis), [`Error::OutOfRange`](crate::Error::OutOfRange),
    /// [`Error::NotCompiled`](crate::Error::NotCompiled), [`Error::Interval`](crate::Error::Interval).
    fn check(&self) -> Result<()>;

    /// One candidate for each value of each axis, the others at their first value: enough to check every value.
    fn one_at_a_time(&self) -> impl Iterator<Item = Self::Params> {
        let lens: Vec<usize> = self.axes().iter().map(|axis| axis.len.unwrap_or(1)).collect();
        let count = lens.len();
        let varied = lens.into_iter().enumerate().flat_map(|(axis, len)| (0..len).map(move |at| (axis, at)));
        varied.map(move |(axis, at)| {
            let mut positions = vec![Position::At(0); count];
            positions[axis] = Position::At(at);
            self.at(&positions)
        })
    }

    /// One candidate of each compiled architecture, the other axes at their first value.
    fn architectures(&self) -> impl Iterator<Item = Self::Params> {
        let axes = self.axes();
        let lens = axes.iter().filter(|axis| axis.architecture).filter_map(|axis| axis.len);
        (0..lens.product()).map(move |number| self.architecture(number, |_| Position::At(0)))
    }

    /// A candidate of the architecture of that number, the other axes at the positions that `other` gives them.
    fn architecture(&self, number: usize, mut other: impl FnMut(usize) -> Position) -> Self::Params {
        let axes = self.axes();
        let mut positions = vec![Position::Absent; axes.len()];
        let mut rest = number;
        for (at, axis) in axes.iter().enumerate().rev() {
            positions[at] = match axis.len.filter(|_| axis.architecture) {
                Some(len) => {
                    let position = rest % len;
                    rest /= len;
                    Position::At(position)
                }
                None => other(at),
            };
        }
        self.at(&positions)
    }
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
