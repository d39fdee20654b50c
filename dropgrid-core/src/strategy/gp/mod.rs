//! Search by a Gaussian process.

mod model;
mod smoothing;

pub(in crate::strategy) use model::expected;
pub(crate) use smoothing::smoothed;

use std::collections::HashSet;

use dropgrid_surrogate::gp::{Acquisition, Inputs};

use super::{
    cube::{Cube, DrawKind, Draws, Identity, Point, first_sobol_points, sobol_point},
    sequential::{Design, Step, sequential_strategy},
};
use crate::{
    seed::{Key, Purpose},
    space::Space,
};
use model::Model;

/// Points at which the expected improvement is computed before the search along its slopes. A finite space with no more
/// candidates is gone through whole.
const POINTS: u64 = 2048;

/// The points from which the search along the slopes begins, beside the best candidate so far.
const STARTS: usize = 4;

/// The best points that are kept, in case those before them are forbidden or tried.
const KEPT: usize = 32;

/// Tries `n` candidates: first at Sobol points, then each where a Gaussian process of the scores so far expects the
/// largest improvement ([Jones, Schonlau and Welch 1998](https://doi.org/10.1023/A:1008306431147)).
///
/// The process has a Matern kernel with five halves and a length of its own for each axis. Logarithmic ranges are even
/// in their logarithms; two choices, as layers or optimizers, are equal or at distance 1. Its hyperparameters are those
/// of the largest posterior density, with the priors of optuna 5. The noise of a score is the squared standard error of
/// its mean over the folds, without what all candidates share there, and a common part that is fitted. The expected
/// improvement is over the best mean of the process, as a logarithm ([Ament et al.
/// 2023](https://arxiv.org/abs/2310.20708)). A candidate with a failed fit counts as the worst one without.
///
/// Candidate `i` is decided on the scores of the candidates before `i - lag`, on nothing else, and those in between are
/// believed to score what the process expects. So a search has the same bits on any number of workers, which train up
/// to [`lag`](Self::lag) + 1 candidates side by side. No candidate is tried twice. Where a finite space has fewer than
/// `n`, each is tried once, and the report has a [warning](crate::split::Warning::FewCandidates).
///
/// Time grows with the cube of the number of candidates: [`Auto`](super::Auto) takes it for no more than 250.
/// Conditions between axes are for [`Tpe`](super::Tpe).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gp {
    design: Design,
}

sequential_strategy!(Gp, choose, expected);

/// The next candidate of a search.
pub(super) fn choose<S: Space>(step: &Step<'_, S>) -> Option<(S::Params, Point)> {
    improving(step).or_else(|| step.untried(1).pop())
}

/// The candidate of the largest expected improvement that is allowed and was not tried.
fn improving<S: Space>(step: &Step<'_, S>) -> Option<(S::Params, Point)> {
    let model = Model::new(&step.cube.dimensions, step.growth, step.pending)?;
    let inputs = &model.posterior.inputs;
    let means = model.means();
    let best = (0..means.len()).reduce(|a, b| if means[b] > means[a] { b } else { a })?;
    let acquisition = Acquisition::new(&model.posterior, means[best]);

    let key = step.seed.key(Purpose::Proposal).fold(2).candidate(step.number);
    let rows = rows(step.cube, key, step.tried, inputs);
    let largest = acquisition.largest(&rows, KEPT);
    let mut found: Vec<(f64, Vec<f64>)> = largest.iter().map(|&(value, at)| (value, rows[at].clone())).collect();
    if !is_small(step.cube) {
        let starts = largest.iter().take(STARTS).map(|&(_, at)| rows[at].clone()).chain([inputs.row(best)]);
        found.extend(starts.map(|start| acquisition.refine(&start)));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().find_map(|(_, row)| {
        // Axes of one value have it whatever their coordinate.
        let mut coordinates = vec![0.0; step.cube.dimensions.len()];
        for ((&axis, dimension), at) in inputs.axes.iter().zip(&inputs.dimensions).zip(row) {
            // The choice of a candidate that does not have the axis is none of them.
            let is_absent = dimension.is_choice() && dimension.count().is_some_and(|count| at >= count as f64);
            coordinates[axis] = if is_absent { 0.0 } else { at };
        }
        step.cube.candidate(&coordinates).filter(|(_, point)| !step.tried.contains(&point.identity()))
    })
}

/// True of a finite space that is gone through whole.
fn is_small<S: Space>(cube: &Cube<'_, S>) -> bool {
    cube.count().known().is_some_and(|count| count <= POINTS)
}

/// The points at which the expected improvement is computed, by their coordinates on the axes that vary: those of all
/// candidates of a small space that were not tried, or scrambled Sobol points.
fn rows<S: Space>(cube: &Cube<'_, S>, key: Key, tried: &HashSet<Identity>, inputs: &Inputs<'_>) -> Vec<Vec<f64>> {
    if is_small(cube) {
        let draws = Draws::new(cube, key, DrawKind::Sobol);
        return draws.untried(tried).map(|(_, point)| inputs.of(&point.0)).collect();
    }
    // Rules between axes are asked of the best points, and conditions of all.
    if !Cube::<S>::is_conditional() {
        let points = first_sobol_points(key, POINTS, &cube.dimensions);
        return points.into_iter().map(|point| inputs.of_whole(point)).collect();
    }
    let row = |number: u64| {
        let shares = sobol_point(key, number, cube.dimensions.len());
        let coordinates = cube.dimensions.iter().zip(shares).map(|(axis, share)| axis.at_share(share));
        cube.candidate(&coordinates.collect::<Vec<f64>>()).map(|(_, point)| inputs.of(&point.0))
    };
    (0..POINTS).filter_map(row).collect()
}
