//! Search by a Gaussian process, fold by fold.

mod course;
mod model;

use super::{
    Elimination, Proposal, Strategy, View,
    cube::{Count, Cube},
    points,
};
use crate::{
    error::{Error, Result},
    record::{Budget, Job},
    space::Space,
    split::Warning,
};
use course::Course;

/// The fits that run beside the one that is decided, by default.
const LAG: usize = 4;

/// Spends `n` fits, one candidate on one fold each: first on candidates at Sobol points, then each where a Gaussian
/// process of the scores so far expects the largest improvement. That may be a new candidate, or another fold of one
/// that has begun.
///
/// A candidate that is bad on one fold is rarely worth the others, so a few fits see many candidates. What single folds
/// say is made comparable by the model: the score of candidate `x` on fold `j` is `f(x) + l_j + d_j(x)` and noise. `f`
/// is what the search is about, `l_j` is the level of the fold, and `d_j`, its own deviation, is as alike for like
/// candidates as `f` is. The variances of all four are fitted with the lengths of the kernel, which is that of
/// [`Gp`](super::Gp). Each fit goes to the fold that has had the fewest, of those that its candidate lacks. Scores
/// further below the median than three times the distance from there to the best tenth count as that: the tail of bad
/// scores says nothing of good ones. The idea of such a model is from [Swersky, Snoek and Adams
/// 2013](https://papers.nips.cc/paper/5086).
///
/// The winner is the candidate of the best mean of the process, which is less a matter of luck than the best mean
/// score. The last fits, at most as many as there are folds, go to the folds that the leader lacks, and of a whole
/// search the winner has had all folds. The report says of every other candidate on how many folds it was, and what was
/// expected of it.
///
/// Fit `i` is decided on the scores of the fits before `i - lag`, on nothing else, and those in between are believed to
/// score what the process expects. So a search has the same bits on any number of workers, of which up to
/// [`lag`](Self::lag) + 1 are busy. No candidate is tried twice on a fold. A candidate with a failed fit gets no
/// further folds.
///
/// Time grows with the cube of the number of fits: it is meant for a few hundred. From the 300th score on the
/// hyperparameters of the process stay as they are.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::FoldwiseGp;
/// // As many fits as 40 candidates on five folds.
/// let strategy = FoldwiseGp::new(200).lag(7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldwiseGp {
    fits: usize,
    startup: Option<usize>,
    lag: usize,
}

impl FoldwiseGp {
    /// A search of so many fits, at least one for each fold.
    pub fn new(fits: usize) -> Self {
        Self { fits, startup: None, lag: LAG }
    }

    /// The number of candidates at the points of [`Sobol`](super::Sobol) before the first one by the model, each on one
    /// fold: by default 10, or two an axis where these are more.
    pub fn startup(self, candidates: usize) -> Self {
        Self { startup: Some(candidates), ..self }
    }

    /// The number of fits just before a fit whose scores it does not wait for; 4 by default. More lets more workers
    /// train side by side, and the model knows less. The candidates of a search depend on it.
    pub fn lag(self, fits: usize) -> Self {
        Self { lag: fits, ..self }
    }

    fn startup_of(&self, axes: usize) -> usize {
        self.startup.unwrap_or_else(|| (2 * axes).max(10))
    }

    /// Calls `finish` with the fits that the records allow to decide.
    fn course<S: Space, R>(&self, view: &View<'_, S>, finish: impl FnOnce(&Course<S::Params>) -> R) -> R {
        let name = format!("{self:?} on {:?}", view.metrics[0].direction);
        view.trials.decisions().with(&name, |course: &mut Course<S::Params>| {
            course.go_on(self, view);
            finish(course)
        })
    }
}

impl<S: Space> Strategy<S> for FoldwiseGp {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        view.refuse_constraints()?;
        if self.fits > 0 && self.fits < view.folds.len() {
            let (setting, value) = ("fits", self.fits.to_string());
            return Err(Error::Setting { setting, value, expected: "at least one for each fold" });
        }
        if self.startup == Some(0) {
            return Err(Error::Setting { setting: "startup", value: "0".to_owned(), expected: "at least 1" });
        }
        points::size(view.space, self.fits)?;
        // Failed fits decide how many are left of a space with few candidates.
        let are_enough = match Cube::new(view.space).count() {
            Count::Known(candidates) => candidates >= self.fits as u64,
            Count::Uncounted => false,
            Count::Endless => true,
        };
        Ok(are_enough.then_some(self.fits))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(self.course(view, |course| {
            let open = course.steps[course.scored..].iter().filter(|&&(candidate, fold)| {
                view.trials.get(candidate as u64).is_none_or(|trial| trial.record(fold, Budget::Full).is_none())
            });
            let job = |&(candidate, fold): &(usize, u32)| {
                let params = course.candidates[candidate].params.clone();
                Job { candidate: candidate as u64, params, fold, budget: Budget::Full }
            };
            open.map(job).collect()
        }))
    }

    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        let leader = self.course(view, |course| course.leader(view, &Cube::new(view.space), course.steps.len()));
        leader.map(|(leader, _)| leader as u64).into_iter().collect()
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        let folds = view.folds.len();
        self.course(view, |course| {
            let leader = course.leader(view, &Cube::new(view.space), course.steps.len());
            let Some((leader, means)) = leader else { return Vec::new() };
            // The means are those of scores of which higher ones are better.
            let sign = if view.metrics[0].direction == crate::metric::Direction::Minimize { -1.0 } else { 1.0 };
            let elimination = |number: usize| {
                let trial = view.trials.get(number as u64).filter(|_| number != leader)?;
                let after = format!("{} of {folds} folds", trial.at(Budget::Full).len());
                let (expected, best) = (sign * means[number], sign * means[leader]);
                let reason = format!("{expected:.6} is expected, and {best:.6} of candidate {leader}");
                Some(Elimination { candidate: number as u64, after, reason })
            };
            (0..course.candidates.len()).filter_map(elimination).collect()
        })
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        points::few(view.space, self.fits.div_ceil(view.folds.len().max(1)))
    }

    fn is_of_space(&self) -> bool {
        true
    }
}
