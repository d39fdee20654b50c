//! The claims of a process that shares no study with others. Marks tell later processes in which fits it died.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::{
    ClaimStatus, FitName,
    claim::{SUSPECT, may_claim},
};

/// A running fit, and the number of epochs of the state that it continued from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FitStart {
    pub(crate) name: FitName,
    pub(crate) epochs: u32,
}

/// A mark of the fits that a process runs. It remains if the process dies.
pub(crate) trait FitMark: fmt::Debug + Send {
    /// Replaces the fits of the mark. A call with the same fits is a heartbeat of the process.
    fn set(&mut self, fits: &[FitStart]);

    /// Removes the mark. If the process dies after that, it counts against no fit.
    fn remove(&mut self);
}

/// The fits that a process runs, and the crashes of earlier processes in them.
#[derive(Debug)]
pub(crate) struct MarkedClaims {
    /// For each fit, the number of processes that died in it and got no further than the state from which it now
    /// continues.
    crashes: HashMap<FitName, u32>,
    /// The number of epochs of the state from which each fit continues, if it has one.
    begins: HashMap<FitName, u32>,
    /// The mark; `None` after the process was asked to end.
    mark: Option<Box<dyn FitMark>>,
    fits: Vec<FitStart>,
    /// The fits that run alone because two processes died in them.
    suspects: HashSet<FitName>,
}

impl MarkedClaims {
    /// Makes the claims of a process that holds none. `crashes` lists each fit once per process that died in it.
    /// `begins` has the number of epochs from which each fit continues now.
    pub(crate) fn new(crashes: &[FitStart], begins: HashMap<FitName, u32>, mark: Box<dyn FitMark>) -> Self {
        let mut counts = HashMap::new();
        for FitStart { name, epochs } in crashes {
            // A crash does not count if the fit has progressed since.
            if *epochs >= begins.get(name).copied().unwrap_or(0) {
                *counts.entry(name.clone()).or_default() += 1;
            }
        }
        Self { crashes: counts, begins, mark: Some(mark), fits: Vec::new(), suspects: HashSet::new() }
    }

    /// Returns the fits in which at least `times` processes died.
    pub(crate) fn died_in(&self, times: u32) -> impl Iterator<Item = &FitName> {
        self.crashes.iter().filter(move |(_, crashes)| **crashes >= times).map(|(name, _)| name)
    }

    /// Claims fits if `is_free` and [their crashes allow it](may_claim).
    pub(super) fn claim(&mut self, fits: &[FitName], is_free: bool, ahead: bool) -> ClaimStatus {
        let crashes = fits.iter().filter_map(|fit| self.crashes.get(fit)).max().copied().unwrap_or(0);
        if !is_free || !may_claim(crashes, ahead, self.fits.len(), self.suspects.len()) {
            return ClaimStatus::Free { crashes };
        }
        for name in fits {
            let epochs = self.begins.get(name).copied().unwrap_or(0);
            self.fits.push(FitStart { name: name.clone(), epochs });
        }
        if crashes >= SUSPECT {
            self.suspects.extend(fits.iter().cloned());
        }
        ClaimStatus::Claimed
    }

    /// Ends the claims of finished fits.
    pub(super) fn finished<'a>(&mut self, fits: impl Iterator<Item = &'a FitName>) {
        let fits: HashSet<&FitName> = fits.collect();
        self.fits.retain(|start| !fits.contains(&start.name));
        self.suspects.retain(|name| !fits.contains(name));
    }

    /// Marks the running fits.
    pub(super) fn mark(&mut self) {
        if let Some(mark) = &mut self.mark {
            mark.set(&self.fits);
        }
    }

    /// Removes the mark. No fits are marked after that.
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
