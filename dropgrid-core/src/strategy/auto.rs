//! The search that suits the space.

use super::{
    cube::{Cube, Point},
    gp,
    sequential::{Design, Step, sequential_strategy},
    tpe,
};
use crate::space::Space;

/// The most candidates that a Gaussian process learns from.
const MOST: usize = 250;

/// Tries `n` candidates by the model that suits the space: first at the points of [`Sobol`](super::Sobol); then by a
/// Gaussian process, [`Gp`](super::Gp); from the 251st score on, and where an axis has a condition, by
/// [`Tpe`](super::Tpe).
///
/// As of these, candidate `i` is decided on the scores of the candidates before `i - lag`, on nothing else: a search
/// has the same bits on any number of workers. No candidate is tried twice. Where a finite space has fewer than `n`,
/// each is tried once, and the report has a [warning](crate::split::Warning::FewCandidates).
///
/// # Examples
/// ```
/// # use dropgrid_core::{space::Space, strategy::{Auto, CandidateSource}};
/// # fn check<S: Space>(space: &S) -> dropgrid_core::Result<()> {
/// let strategy = Auto::new(60).startup(16).lag(2);
/// assert_eq!(strategy.size(space)?, Some(60));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auto {
    design: Design,
}

sequential_strategy!(Auto, choose, gp::expected);

/// The next candidate of a search.
fn choose<S: Space>(step: &Step<'_, S>) -> Option<(S::Params, Point)> {
    let suits_process = step.growth.history.len() <= MOST && !Cube::<S>::is_conditional();
    if suits_process { gp::choose(step) } else { tpe::choose(step) }
}
