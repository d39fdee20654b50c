//! Claims of a process that has no study in common with others: marks tell those after it which fits it died in.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::{ClaimStatus, FitName, claim::SUSPECT};

/// A fit under way, and the epochs of the state that it has begun with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FitStart {
    pub(crate) name: FitName,
    pub(crate) epochs: u32,
}

/// The mark of a process, which stays behind where the process dies.
pub(crate) trait FitMark: fmt::Debug + Send {
    /// Replaces the mark by one of these fits. A call with the same ones tells that the process is alive.
    fn set(&mut self, fits: &[FitStart]);

    /// Removes the mark: from now on the death of the process counts against no fit.
    fn remove(&mut self);
}

/// The fits that a process has under way, and the processes that died in them before.
#[derive(Debug)]
pub(crate) struct MarkedClaims {
    /// The number of processes that died in a fit and got no further with it than this one has begun.
    crashes: HashMap<FitName, u32>,
    /// The epochs of the states that fits begin with, where these have any.
    begins: HashMap<FitName, u32>,
    /// `None` once the process was asked to end.
    mark: Option<Box<dyn FitMark>>,
    fits: Vec<FitStart>,
    /// Those of them that run alone, since two processes died in them.
    suspects: HashSet<FitName>,
}

impl MarkedClaims {
    /// Claims without a fit. `crashes` lists each fit once for each process that died in it, and `begins` has the epochs with
    /// which fits begin now.
    pub(crate) fn new(crashes: &[FitStart], begins: HashMap<FitName, u32>, mark: Box<dyn FitMark>) -> Self {
        let mut counts = HashMap::new();
        for FitStart { name, epochs } in crashes {
            // A fit that has got further since has not failed there.
            if *epochs >= begins.get(name).copied().unwrap_or(0) {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        Self { crashes: counts, begins, mark: Some(mark), fits: Vec::new(), suspects: HashSet::new() }
    }

    /// The fits in which so many processes died.
    pub(crate) fn died_in(&self, times: u32) -> impl Iterator<Item = &FitName> {
        self.crashes.iter().filter(move |(_, crashes)| **crashes >= times).map(|(name, _)| name)
    }

    /// Claims fits, where `is_free` and the crashes in them allow it. A fit in which a process died is claimed only to begin at
    /// once, never `ahead` of its time; after the second death alone, so that this fit is surely the cause of a third.
    pub(super) fn claim(&mut self, fits: &[FitName], is_free: bool, ahead: bool) -> ClaimStatus {
        let crashes = fits.iter().filter_map(|fit| self.crashes.get(fit)).max().copied().unwrap_or(0);
        let is_suspect = crashes >= SUSPECT;
        let must_wait = crashes > 0 && ahead || is_suspect && !self.fits.is_empty() || !self.suspects.is_empty();
        if !is_free || must_wait {
            return ClaimStatus::Free { crashes };
        }
        for name in fits {
            let epochs = self.begins.get(name).copied().unwrap_or(0);
            self.fits.push(FitStart { name: name.clone(), epochs });
        }
        if is_suspect {
            self.suspects.extend(fits.iter().cloned());
        }
        ClaimStatus::Claimed
    }

    /// Ends the claims of fits.
    pub(super) fn finished<'a>(&mut self, fits: impl Iterator<Item = &'a FitName>) {
        let fits: HashSet<&FitName> = fits.collect();
        self.fits.retain(|start| !fits.contains(&start.name));
        self.suspects.retain(|name| !fits.contains(name));
    }

    /// Marks the fits under way.
    pub(super) fn mark(&mut self) {
        if let Some(mark) = &mut self.mark {
            mark.set(&self.fits);
        }
    }

    /// Removes the mark for good.
    pub(super) fn leave(&mut self) {
        if let Some(mut mark) = self.mark.take() {
            mark.remove();
        }
    }
}

impl Drop for MarkedClaims {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct NoMark;

    impl FitMark for NoMark {
        fn set(&mut self, _: &[FitStart]) {}

        fn remove(&mut self) {}
    }

    fn name(number: u32) -> FitName {
        FitName { params: format!("{{\"n\":{number}}}"), fold: 0, resource: "9".parse().expect("a resource") }
    }

    fn claims(crashes: &[(u32, u32)], begins: &[(u32, u32)]) -> MarkedClaims {
        let crashes: Vec<FitStart> = crashes.iter().map(|&(of, epochs)| FitStart { name: name(of), epochs }).collect();
        let begins = begins.iter().map(|&(of, epochs)| (name(of), epochs)).collect();
        MarkedClaims::new(&crashes, begins, Box::new(NoMark))
    }

    #[test]
    fn a_fit_in_which_processes_died_runs_late_and_then_alone() {
        let free = |crashes| ClaimStatus::Free { crashes };
        let mut claims = claims(&[(1, 0), (2, 0), (2, 0)], &[]);
        let mut claim = |of, ahead| claims.claim(&[name(of)], true, ahead);
        assert_eq!((claim(1, true), claim(2, true)), (free(1), free(2)), "not ahead of their time");
        assert_eq!((claim(0, true), claim(1, false)), (ClaimStatus::Claimed, ClaimStatus::Claimed));
        assert_eq!(claim(2, false), free(2), "not beside others");
        claims.finished([name(0), name(1)].iter());
        let mut claim = |of, is_free| claims.claim(&[name(of)], is_free, false);
        assert_eq!((claim(2, false), claim(2, true)), (free(2), ClaimStatus::Claimed));
        assert_eq!(claim(3, true), free(0), "nothing beside it");
        claims.finished([name(2)].iter());
        assert_eq!(claims.claim(&[name(3)], true, true), ClaimStatus::Claimed);
    }

    #[test]
    fn crashes_before_a_further_state_do_not_count() {
        let claims = claims(&[(1, 0), (1, 4), (1, 4), (2, 0), (2, 5)], &[(1, 4), (2, 5)]);
        assert_eq!(claims.died_in(2).collect::<Vec<_>>(), [&name(1)]);
        assert_eq!(claims.died_in(1).count(), 2);
        assert_eq!(claims.died_in(3).count(), 0);
    }
}
