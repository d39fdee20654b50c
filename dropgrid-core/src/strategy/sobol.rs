//! Quasi-random search.

use std::{error, ops::Range};

use super::{
    CandidateSource, Proposal, Strategy, View,
    cube::DrawKind,
    missing::{CHUNK, Numbered, missing},
    points::{few, jobs, size, with_points},
};
use crate::{
    error::Result,
    seed::{Key, Purpose, Seed},
    space::Space,
    split::Warning,
};

/// Tries the candidates at `n` points of a Sobol sequence on every fold: spread over the whole space, they leave
/// smaller gaps than those of [`Random`](super::Random).
///
/// The sequence is Owen-scrambled by the seed of the search ([Owen 1998](https://doi.org/10.1145/272991.273010),
/// [Burley 2020](https://www.jcgt.org/published/0009/04/01/)): of its first 2^k points each of 2^k parts of an axis has
/// one, for every k. Ranges are divided by their distribution, and lists evenly. Powers of two are good numbers of
/// candidates.
///
/// No candidate is tried twice, and one that a rule forbids is passed over. Where a finite space has fewer than `n`,
/// each is tried once, and the report has a [warning](Warning::FewCandidates), but where rules leave their number open,
/// as for [`Random`](super::Random). A longer search begins with the candidates of a shorter one.
///
/// # Examples
/// ```
/// # use dropgrid_core::{space::Space, strategy::{CandidateSource, Sobol}};
/// # fn check<S: Space>(space: &S) -> dropgrid_core::Result<()> {
/// // A good base for successive halving, too.
/// assert_eq!(Sobol::new(64).size(space)?, Some(64));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sobol {
    candidates: usize,
}

impl Sobol {
    /// A search of so many candidates.
    pub fn new(candidates: usize) -> Self {
        Self { candidates }
    }
}

impl<S: Space> Strategy<S> for Sobol {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        jobs(view, self.candidates)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let draws = (key(view.seed), DrawKind::Sobol);
        Ok(with_points(view, draws, self.candidates as u64, |points| missing(view, points, CHUNK)))
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        few(view.space, self.candidates)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// The candidates at the points, in their order.
impl<S: Space> CandidateSource<S> for Sobol {
    fn size(&self, space: &S) -> Result<Option<u64>> {
        size(space, self.candidates)
    }

    fn candidates(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        let draws = (key(view.seed), DrawKind::Sobol);
        Ok(with_points(view, draws, self.candidates as u64, |points| points.all(numbers)))
    }

    fn warning(&self, space: &S) -> Option<Warning> {
        few(space, self.candidates)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// The key of the points that a search begins with. Random candidates have the fold 0.
pub(super) fn key(seed: Seed) -> Key {
    seed.key(Purpose::Proposal).fold(1)
}
