//! Parameter spaces: sequences of candidates that are computed, never stored.

mod axis;
mod cover;
mod enumerate;
mod finite;
mod info;
mod interval;
mod literal;
mod name;
mod nested;
mod number;
mod params;
mod rules;
mod sample;
mod steps;
mod tree;

pub use axis::Axis;
pub(crate) use cover::{architectures, every_value};
pub use enumerate::Enumeration;
pub use finite::{Continuous, Enumerable, Finite, FiniteSpace, Iter, NamedKind};
pub use info::{AxisInfo, Domain};
pub use interval::Interval;
pub use literal::literal;
pub(crate) use name::{from_names, name};
pub use name::{steady, written};
pub use nested::{
    InnerRules, KindWith, Listed, NamePart, Part, asked, asked_len, flat, flat_len, names as all_names, names_count,
    names_len, names_text, rules, rules_count, rules_len, rules_text, starts,
};
pub use number::Number;
pub use params::Params;
pub use sample::sample;
pub(crate) use sample::sample_below;

use crate::error::Result;
use rules::{is_forbidden, is_present};

/// A candidate's place on one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Position {
    /// The value of that index, from 0.
    At(usize),
    /// This number, of an axis that is a range.
    Value(f64),
    /// No place: the `#[when(...)]` of the axis does not hold, so the candidate does not have it.
    Absent,
}

/// A rule of a space: it decides the axes that a candidate has, or the candidates that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The decision of the rule.
    pub kind: RuleKind,
    /// The axes that it asks, ascending.
    pub mentions: &'static [usize],
    /// The rule as it is declared: `when(optimizer.is_sgd())`, `forbid = width == 8`, `union(width == 8, lr < 0.1)`.
    pub text: &'static str,
}

/// The decision of a [`Rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// A candidate for which the rule holds has the axis of this number.
    When(usize),
    /// A candidate for which the rule holds is not in the space.
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

    /// Number of values on the axis of that number, or `None` for a range.
    fn len_of(&self, axis: usize) -> Option<usize>;

    /// The candidate at these positions, one for each axis. The positions are taken as they are;
    /// [`nearest`](Self::nearest) checks them.
    fn at(&self, positions: &[Position]) -> Self::Params;

    /// The positions of a candidate, or `None` where one of its values is not on its axis.
    fn positions_of(&self, params: &Self::Params) -> Option<Vec<Position>>;

    /// The position nearest to `coordinate` on the axis of that number. A coordinate is a number of the axis, or the
    /// index of a choice. `None` where it is NaN or the axis has no values.
    fn snap(&self, axis: usize, coordinate: f64) -> Option<Position>;

    /// The coordinates of a candidate, one for each axis: the number there, or the index of a choice; none for an axis
    /// that the candidate does not have. `None` where one of its values is not on its axis.
    fn coordinates(&self, params: &Self::Params) -> Option<Vec<Option<f64>>> {
        let positions = self.positions_of(params)?;
        Some(self.axes().iter().zip(positions).map(|(axis, position)| axis.coordinate(position)).collect())
    }

    /// The candidate nearest to `positions`, one for each axis. A [`Position::Value`] is a coordinate: it goes to the
    /// nearest value of its axis, whatever the kind of the axis. An axis whose condition does not hold is left out,
    /// whatever its position.
    ///
    /// `None` where a rule forbids that candidate, and where an axis that it has is given no position that the axis
    /// has.
    ///
    /// # Examples
    /// A strategy that steps from a candidate to its neighbour:
    /// ```
    /// # use dropgrid_core::space::{Position, Space};
    /// fn neighbour<S: Space>(space: &S, params: &S::Params, axis: usize, by: f64) -> Option<S::Params> {
    ///     let mut positions = space.positions_of(params)?;
    ///     let coordinate = space.axes()[axis].coordinate(positions[axis])?;
    ///     positions[axis] = Position::Value(coordinate + by);
    ///     space.nearest(&positions)
    /// }
    /// ```
    fn nearest(&self, positions: &[Position]) -> Option<Self::Params> {
        let mut allowed = Vec::with_capacity(positions.len());
        for axis in 0..Self::Params::NAMES.len() {
            let position = match positions.get(axis) {
                _ if !is_present(self, axis, &allowed) => Position::Absent,
                Some(&Position::Value(coordinate)) => self.snap(axis, coordinate)?,
                Some(&Position::At(at)) if self.len_of(axis).is_some_and(|len| at < len) => Position::At(at),
                _ => return None,
            };
            allowed.push(position);
        }
        (!is_forbidden(self, &allowed)).then(|| self.at(&allowed))
    }

    /// True where rule number `rule` holds for a candidate whose mentioned axes stand at `positions`.
    fn holds(&self, rule: usize, positions: &[Position]) -> bool {
        let _ = (rule, positions);
        false
    }

    /// A random position on the axis of that number.
    fn draw(&self, axis: usize, rng: &mut rand_chacha::ChaCha8Rng) -> Position;

    /// Checks every value of every axis by itself.
    ///
    /// # Errors
    /// [`SpaceError::EmptyAxis`](crate::error::SpaceError::EmptyAxis),
    /// [`SpaceError::DuplicateValue`](crate::error::SpaceError::DuplicateValue),
    /// [`Error::OutOfRange`](crate::Error::OutOfRange),
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled),
    /// [`SpaceError::Interval`](crate::error::SpaceError::Interval), [`Error::Setting`](crate::Error::Setting).
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
