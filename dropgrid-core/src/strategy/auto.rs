//! The search that suits the space.

use super::{
    Proposal, Strategy, View, gp,
    sequential::{Design, Step, design_settings},
    sobol::few,
    tpe,
};
use crate::{error::Result, space::Space, split::Warning};

/// The most candidates that a Gaussian process learns from.
const MOST: usize = 250;

/// Tries `n` candidates by the model that suits the space: first at the points of [`Sobol`](super::Sobol); then by a Gaussian
/// process, [`Gp`](super::Gp); from the 251st score on, and where an axis has a condition, by [`Tpe`](super::Tpe).
///
/// As of these, candidate `i` is decided on the scores of the candidates before `i - lag`, on nothing else: a search has the
/// same bits on any number of workers.
/// No candidate is tried twice. Where a finite space has fewer than `n`, each is tried once, and the report has a
/// [warning](Warning::FewCandidates).
///
/// # Examples
/// ```
/// # use dropgrid_core::{space::Space, strategy::{Auto, Strategy}};
/// # fn check<S: Space>(space: &S) -> dropgrid_core::Result<()> {
/// let strategy = Auto::new(60).startup(16).lag(2);
/// assert_eq!(strategy.count(space, 5)?, Some(60 * 5));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auto {
    design: Design,
}

design_settings!(Auto);

impl<S: Space> Strategy<S> for Auto {
    fn count(&self, space: &S, folds: u32) -> Result<Option<usize>> {
        self.design.count(space, folds)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let choose = |step: &Step<'_, S>| {
            let suits_process = step.history.len() <= MOST && !step.cube.is_conditional();
            if suits_process { gp::choose(step) } else { tpe::choose(step) }
        };
        self.design.propose(view, "Auto", choose)
    }

    fn warning(&self, space: &S) -> Option<Warning> {
        few(space, self.design.candidates)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}
