//! Distinct candidates of a space, drawn one after the other.

use std::{cell::OnceCell, collections::HashSet};

use dropgrid_surrogate::Dimension;

use super::{Cube, Identity, Point, sobol_point};
use crate::{
    seed::Key,
    space::{Enumeration, Space, sample},
    strategy::permutation::Permutation,
};

/// Draws in a row without a new candidate after which a finite space is listed.
const MISSES: u32 = 256;

/// The most combinations of values that are walked for those without a candidate yet.
const MOST_CELLS: u64 = 1 << 20;

/// The draws that come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::strategy) enum DrawKind {
    /// The points of a Sobol sequence.
    Sobol,
    /// Random candidates, every axis by its distribution.
    Random,
}

/// Candidates in the order in which they are drawn: those of the kind first, and of a finite space that has few left
/// the rest in a random order. Draws may repeat a candidate: [`Drawn`] has each once.
#[derive(Debug)]
pub(in crate::strategy) struct Draws<'a, S: Space> {
    cube: &'a Cube<'a, S>,
    key: Key,
    kind: DrawKind,
    rest: OnceCell<Rest<'a, S>>,
}

/// The candidates that were drawn so far, each once, by their places among the draws.
#[derive(Debug, Default)]
pub(in crate::strategy) struct Drawn {
    places: Vec<Place>,
    seen: HashSet<Identity>,
    next: u64,
    misses: u32,
    /// True where the rest of a finite space is drawn.
    is_rest: bool,
    /// True where no candidate is left.
    pub(in crate::strategy) is_all: bool,
}

/// The place of a draw.
#[derive(Debug, Clone, Copy)]
enum Place {
    First(u64),
    Rest(u64),
}

/// No place is left.
struct Exhausted;

/// The candidates of a space in a random order.
#[derive(Debug)]
enum Rest<'a, S: Space> {
    /// By their numbers.
    Listed(Enumeration<'a, S>, Permutation),
    /// By the numbers of all combinations of values.
    Cells(Permutation),
    /// By random draws, of a space that cannot be listed.
    Random,
}

impl Drawn {
    /// Leaves these candidates out of the draws to come.
    pub(in crate::strategy) fn exclude(&mut self, candidates: impl IntoIterator<Item = Identity>) {
        self.seen.extend(candidates);
    }

    /// The number of candidates so far.
    pub(in crate::strategy) fn len(&self) -> usize {
        self.places.len()
    }
}

impl<'a, S: Space> Draws<'a, S> {
    /// The draws of a key.
    pub(in crate::strategy) fn new(cube: &'a Cube<'a, S>, key: Key, kind: DrawKind) -> Self {
        Self { cube, key, kind, rest: OnceCell::new() }
    }

    /// Distinct candidate number `number`; `None` where the space has no more.
    pub(in crate::strategy) fn nth(&self, drawn: &mut Drawn, number: u64) -> Option<(S::Params, Point)> {
        while drawn.places.len() as u64 <= number {
            let candidate = self.next(drawn, &HashSet::new())?;
            if drawn.places.len() as u64 == number + 1 {
                return Some(candidate);
            }
        }
        let place = *drawn.places.get(usize::try_from(number).ok()?)?;
        self.at(place).ok().flatten()
    }

    /// Distinct candidates that were not tried.
    pub(in crate::strategy) fn untried(&self, tried: &HashSet<Identity>) -> impl Iterator<Item = (S::Params, Point)> {
        let mut drawn = Drawn::default();
        std::iter::from_fn(move || self.next(&mut drawn, tried))
    }

    /// Draws the next candidate that is new.
    fn next(&self, drawn: &mut Drawn, tried: &HashSet<Identity>) -> Option<(S::Params, Point)> {
        while !drawn.is_all {
            if !drawn.is_rest && drawn.misses >= MISSES {
                (drawn.next, drawn.misses, drawn.is_rest) = (0, 0, true);
            }
            let place = if drawn.is_rest { Place::Rest(drawn.next) } else { Place::First(drawn.next) };
            drawn.next += 1;
            let is_hopeless = drawn.is_rest && drawn.misses > 4 * MISSES && matches!(self.rest(), Rest::Random);
            let candidate = if is_hopeless { Err(Exhausted) } else { self.at(place) };
            let Ok(candidate) = candidate else {
                drawn.is_all = true;
                break;
            };
            match candidate {
                Some((params, point)) if !tried.contains(&point.identity()) && drawn.seen.insert(point.identity()) => {
                    drawn.misses = 0;
                    drawn.places.push(place);
                    return Some((params, point));
                }
                _ => drawn.misses += 1,
            }
        }
        None
    }

    /// The candidate at a place, drawn before or not; `None` where a rule forbids that place.
    fn at(&self, place: Place) -> Result<Option<(S::Params, Point)>, Exhausted> {
        let cube = self.cube;
        let with_point = |params: S::Params| cube.point(&params).map(|point| (params, point));
        let number = match place {
            Place::First(number) if self.kind == DrawKind::Sobol => return Ok(at_sobol_point(cube, self.key, number)),
            Place::First(number) => {
                return sample(cube.space, self.key.candidate(number)).map(with_point).map_err(|_| Exhausted);
            }
            Place::Rest(number) => number,
        };
        match self.rest() {
            Rest::Listed(listed, order) => {
                let at = (number < order.len()).then(|| order.at(number)).ok_or(Exhausted)?;
                Ok(listed.nth(at as usize).and_then(with_point))
            }
            Rest::Cells(order) => {
                let mut cell = (number < order.len()).then(|| order.at(number)).ok_or(Exhausted)?;
                let coordinate = |axis: &Dimension| {
                    let count = axis.count().unwrap_or(1).max(1);
                    let at = axis.middle(cell % count);
                    cell /= count;
                    at
                };
                let coordinates: Vec<f64> = cube.dimensions.iter().map(coordinate).collect();
                Ok(cube.candidate(&coordinates))
            }
            Rest::Random => {
                let key = self.rest_key().candidate(number);
                sample(cube.space, key).map(with_point).map_err(|_| Exhausted)
            }
        }
    }

    /// The key of the order of the rest.
    fn rest_key(&self) -> Key {
        self.key.batch(u32::MAX)
    }

    /// The candidates of the space in a random order.
    fn rest(&self) -> &Rest<'a, S> {
        self.rest.get_or_init(|| {
            let key = self.rest_key();
            let listed = Enumeration::new(self.cube.space);
            match (self.cube.is_listed().then(|| listed.len().ok()).flatten(), self.cube.cells()) {
                (Some(len), _) => Rest::Listed(listed, Permutation::new(len as u64, key)),
                (None, Some(cells)) if cells <= MOST_CELLS => Rest::Cells(Permutation::new(cells, key)),
                _ => Rest::Random,
            }
        })
    }
}

/// The candidate at a Sobol point.
fn at_sobol_point<S: Space>(cube: &Cube<'_, S>, key: Key, number: u64) -> Option<(S::Params, Point)> {
    let shares = sobol_point(key, number, cube.dimensions.len());
    let coordinates: Vec<f64> = cube.dimensions.iter().zip(shares).map(|(axis, at)| axis.at_share(at)).collect();
    cube.candidate(&coordinates)
}
