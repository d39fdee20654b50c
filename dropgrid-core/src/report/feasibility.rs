//! Constraints on metrics in the results of a search.

use std::sync::Arc;

use super::{CandidateScores, CvResults};
use crate::{escape::escaped, record::Constraint};

impl CvResults {
    /// The constraints of the search.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The results under constraints: infeasible candidates rank behind feasible ones, by their violations.
    pub(crate) fn constrained(mut self, constraints: Vec<Constraint>) -> Self {
        if constraints.is_empty() {
            return self;
        }
        for candidate in &mut self.candidates {
            let violation = Constraint::total(&constraints, |metric| candidate.mean(metric));
            Arc::make_mut(candidate).violation = violation;
        }
        self.constraints = constraints;
        self.rank();
        self
    }

    /// True of a finalist that is as feasible as a finalist can be: one of those among which the best one is chosen.
    pub(super) fn competes(&self, candidate: &CandidateScores) -> bool {
        let is_any_feasible = || self.candidates.iter().any(|other| other.is_finalist && other.is_feasible());
        candidate.is_finalist && (candidate.is_feasible() || !is_any_feasible())
    }

    /// A sentence about the constraints; `None` where there are none.
    pub(super) fn feasibility(&self, best: &CandidateScores) -> Option<String> {
        if self.constraints.is_empty() {
            return None;
        }
        let texts: Vec<String> =
            self.constraints.iter().map(|constraint| escaped(&constraint.to_string()).into_owned()).collect();
        let (bounds, count) = (texts.join(" and "), self.candidates.len());
        let feasible = self.candidates.iter().filter(|candidate| candidate.is_feasible()).count();
        Some(if best.is_feasible() {
            format!(
                "{feasible} of {count} candidates have {bounds}; the others rank behind them, by how far they miss it"
            )
        } else {
            let missed = best.violation;
            format!(
                "warning: no candidate that competes has {bounds}; the best is the one that misses it least, by {missed:.6}"
            )
        })
    }
}

impl CandidateScores {
    /// The sum over the [constraints](crate::search::Search::constraint) of the search of the distances of the mean
    /// scores to the nearest feasible ones: 0 of a feasible candidate, infinity where a mean is NaN.
    pub fn violation(&self) -> f64 {
        self.violation
    }

    /// True of a candidate whose mean scores are within all [constraints](crate::search::Search::constraint).
    pub fn is_feasible(&self) -> bool {
        self.violation == 0.0
    }
}
