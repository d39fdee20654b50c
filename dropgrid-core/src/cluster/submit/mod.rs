//! Submits the missing units of a plan to a scheduler.

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
    /// The units were submitted, or the scripts were written. The text tells the user which.
    Said(String),
    /// The last array produced no missing result, and no checkpoint progressed.
    NoProgress,
}

/// Submits missing units, or writes scripts that do. In a command of the program, the words `behind` come before the
/// command, and `options` come after it.
///
/// # Errors
/// [`ClusterError::Scheduler`](crate::error::ClusterError::Scheduler), and the errors of writing scripts.
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
