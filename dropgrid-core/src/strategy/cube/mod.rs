//! A space as a unit cube: candidates as points that models compute on, and points as candidates.

mod draws;

pub(in crate::strategy) use draws::{DrawKind, Drawn, Draws};

use dropgrid_surrogate::{Dimension, Place, sobol};
use sha2::{Digest as _, Sha256};

use crate::{
    seed::Key,
    space::{AxisInfo, Domain, Enumeration, Params as _, Position, RuleKind, Space},
};

/// A space with the scale of each of its axes.
#[derive(Debug)]
pub(in crate::strategy) struct Cube<'a, S> {
    pub(in crate::strategy) space: &'a S,
    pub(in crate::strategy) dimensions: Vec<Dimension>,
}

/// A candidate as coordinates, one for each axis: of a number on [0, 1], of a choice its index; none where the
/// candidate does not have the axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::strategy) struct Point(pub(in crate::strategy) Vec<Option<f64>>);

/// A digest of a candidate's coordinates: the same for the same candidate, and for no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::strategy) struct Identity([u8; 16]);

impl Point {
    /// The coordinates as words.
    pub(in crate::strategy) fn words(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|at| at.map_or(u64::MAX, f64::to_bits))
    }

    pub(in crate::strategy) fn identity(&self) -> Identity {
        let mut hash = Sha256::new();
        self.words().for_each(|word| hash.update(word.to_le_bytes()));
        let mut identity = [0; 16];
        identity.copy_from_slice(&hash.finalize()[..16]);
        Identity(identity)
    }
}

impl<'a, S: Space> Cube<'a, S> {
    pub(in crate::strategy) fn new(space: &'a S) -> Self {
        let snapped = |axis: usize, number: f64| space.snap(axis, number).and_then(place);
        let dimension = |(axis, info)| dimension(info).counted(|number| snapped(axis, number));
        Self { space, dimensions: space.axes().iter().enumerate().map(dimension).collect() }
    }

    /// The point of a candidate; `None` where a value is not on its axis.
    pub(in crate::strategy) fn point(&self, params: &S::Params) -> Option<Point> {
        let positions = self.space.positions_of(params)?;
        let coordinates = self.dimensions.iter().zip(positions).map(|(axis, at)| axis.coordinate(place(at)?));
        Some(Point(coordinates.collect()))
    }

    /// The candidate nearest to coordinates, one for each axis, of which those that the candidate does not have are
    /// passed over; `None` where a rule forbids it.
    pub(in crate::strategy) fn candidate(&self, coordinates: &[f64]) -> Option<(S::Params, Point)> {
        let positions: Vec<_> =
            self.dimensions.iter().zip(coordinates).map(|(axis, &at)| position(axis.place(at))).collect();
        let params = self.space.nearest(&positions)?;
        let point = self.point(&params)?;
        Some((params, point))
    }

    /// True where any candidate lacks some axis.
    pub(in crate::strategy) fn is_conditional() -> bool {
        S::RULES.iter().any(|rule| matches!(rule.kind, RuleKind::When(_)))
    }

    /// True where all axes are lists of values.
    pub(in crate::strategy) fn is_listed(&self) -> bool {
        (0..S::Params::NAMES.len()).all(|axis| self.space.len_of(axis).is_some())
    }

    /// The number of combinations of values, those that rules leave out among them; `None` of a range of real numbers,
    /// and above `u64::MAX`.
    fn cells(&self) -> Option<u64> {
        self.dimensions.iter().try_fold(1_u64, |cells, axis| cells.checked_mul(axis.count()?))
    }

    /// The number of candidates.
    pub(in crate::strategy) fn count(&self) -> Count {
        if self.is_listed() {
            let len = Enumeration::new(self.space).len();
            return len.map_or(Count::Uncounted, |len| Count::Known(len as u64));
        }
        if self.dimensions.iter().any(|axis| axis.count().is_none()) {
            return Count::Endless;
        }
        self.cells().filter(|_| S::RULES.is_empty()).map_or(Count::Uncounted, Count::Known)
    }
}

/// The scale of an axis.
fn dimension(axis: &AxisInfo) -> Dimension {
    match &axis.domain {
        &Domain::Range { low, high, log, whole: false } => Dimension::Real { low, high, log, singles: None },
        &Domain::Range { low, high, log, whole: true } => Dimension::Whole { low, high, log },
        Domain::Numbers { values, .. } => Dimension::steps(values),
        Domain::Choices(texts) => Dimension::Choices(texts.len()),
    }
}

/// The place of a position; `None` where the candidate does not have the axis.
fn place(position: Position) -> Option<Place> {
    match position {
        Position::At(index) => Some(Place::Index(index)),
        Position::Value(number) => Some(Place::Number(number)),
        Position::Absent => None,
    }
}

/// The position of a place.
fn position(place: Place) -> Position {
    match place {
        Place::Index(index) => Position::At(index),
        Place::Number(number) => Position::Value(number),
    }
}

/// The point of that number of the Sobol sequence of a key, of so many coordinates.
pub(in crate::strategy) fn sobol_point(key: Key, number: u64, dimensions: usize) -> Vec<f64> {
    sobol::point(number, dimensions, &|sequence, set| key.epoch(sequence).batch(set).value() as u32)
}

/// The first of these points, at the coordinates of the values whose cells they are in.
pub(in crate::strategy) fn first_sobol_points(key: Key, count: u64, dimensions: &[Dimension]) -> Vec<Vec<f64>> {
    sobol::first_points(count, dimensions, &|sequence, set| key.epoch(sequence).batch(set).value() as u32)
}

/// The number of candidates of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::strategy) enum Count {
    Known(u64),
    /// Too many to be counted, or rules between ranges of whole numbers leave some out.
    Uncounted,
    /// As many as there are real numbers in a range.
    Endless,
}

impl Count {
    pub(in crate::strategy) fn known(self) -> Option<u64> {
        if let Self::Known(count) = self { Some(count) } else { None }
    }
}
