//! Gives the missing units of a plan to a scheduler.

mod hyperqueue;
mod kubernetes;
mod parallel;
mod script;
mod slurm;

use super::{
    arguments::{Scheduler, Shortfall, SubmitSettings},
    folder::Folder,
    plan::Plan,
    survey::UnitProgress,
};
use crate::{error::Result, study::Study};
use script::Script;

/// The outcome of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Submitted {
    /// The units are with the scheduler, or the scripts are written: what to tell the user.
    Said(String),
    /// The last array has brought no result that was missing before it, and no checkpoint has grown.
    NoProgress,
}

/// Submits missing units, or writes the scripts by which they are. The words
/// `behind` stand before each command of the program, and `options` after it.
///
/// # Errors
/// [`ClusterError::Scheduler`](crate::error::ClusterError::Scheduler), and those of writing scripts.
pub(super) fn submit(
    plan: &Plan,
    (missing, progress): (&[usize], UnitProgress),
    (study, folder): (&Study, &Folder),
    settings: &SubmitSettings,
    (behind, options): (&[String], &[String]),
) -> Result<Submitted> {
    let lacking = Shortfall { round: plan.round, missing: missing.len(), progress };
    if settings.lacking.is_some_and(|before| before.still(lacking)) {
        return Ok(Submitted::NoProgress);
    }
    let script = Script::new(study, behind, options)?;
    match settings.scheduler {
        Scheduler::Slurm => slurm::submit(plan, (missing, lacking), folder, settings, &script),
        Scheduler::HyperQueue => hyperqueue::write_script(folder, settings, &script),
        Scheduler::Kubernetes => kubernetes::write_job(plan, missing, folder, settings, &script),
        Scheduler::Parallel => parallel::write_script(folder, settings, &script),
    }
    .map(Submitted::Said)
}
