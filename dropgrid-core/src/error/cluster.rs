//! Faults of a search on several machines.

use std::path::PathBuf;

use super::worded::worded;
use crate::escape::{escaped, joined, shown};

worded! {
/// The reason why a search on several machines cannot go on.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// A folder has no plan.
    #[error("{} has no plan; write one with `plan`", shown(folder))]
    NoPlan {
        /// The folder of units.
        folder: PathBuf,
    },
    /// A plan, or the states that a unit begins with, are not as they were written.
    #[error("{} is damaged: {message}; write another plan with `plan --anew`", shown(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The damage, in words.
        message: &'static str,
    },
    /// The plan of a folder is that of another search.
    #[error(
        "{} has the plan of another search: {}; name another study, or take this search back",
        shown(folder),
        joined(differences, "; ")
    )]
    Differs {
        /// The folder of units.
        folder: PathBuf,
        /// The differences, as `part was this, is that`.
        differences: Vec<String>,
    },
    /// The plan of a folder was written by another program.
    #[error(
        "{} has the plan of another build of this program ({planned}, this one is {is}); run that one, or plan what is \
         missing with this one: `plan --anew`",
        shown(folder)
    )]
    Program {
        /// The folder of units.
        folder: PathBuf,
        /// The digest of the program that planned.
        planned: String,
        /// The digest of this program.
        is: String,
    },
    /// A round was asked for that is not the one of the plan.
    #[error("the plan is of round {planned}, and round {asked} was asked for; its units are collected, or were never planned")]
    Round {
        /// The round of the plan.
        planned: u32,
        /// The round that was asked for.
        asked: u32,
    },
    /// A plan has no such unit.
    #[error("there is no unit {unit}, expected one below {units}")]
    Unit {
        /// The unit that was asked for.
        unit: usize,
        /// The number of units.
        units: usize,
    },
    /// A unit names a fit that the search does not have.
    #[error("the search has no fit {}; write another plan with `plan --anew`", escaped(fit))]
    Fit {
        /// The fit.
        fit: String,
    },
    /// Units have no results yet.
    #[error("round {round} lacks units {missing}; run them, then `collect`")]
    Missing {
        /// The round.
        round: u32,
        /// The units, as `1-3,7`.
        missing: String,
    },
    /// A command line that is none.
    #[error("{message}; `help` lists the commands")]
    Usage {
        /// The fault, and what to write.
        message: String,
    },
    /// A program of the cluster's scheduler cannot be run, or refuses.
    #[error("`{program}` failed: {}", escaped(message))]
    Scheduler {
        /// The program.
        program: String,
        /// Its message.
        message: String,
    },
}
}
