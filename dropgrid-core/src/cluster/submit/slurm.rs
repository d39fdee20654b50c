//! Slurm: arrays of units, and a follow-up job that collects, plans the next round and submits it.
//!
//! The options are those of `sbatch` of Slurm 22.05.

use std::{env, fs, path::Path};

use super::script::{Script, output, quoted, words, write};
use crate::{
    cluster::{
        arguments::{Shortfall, SubmitSettings},
        folder::{Folder, make, read},
        plan::Plan,
        ranges,
    },
    error::{ClusterError, Error, Result},
    file,
};

/// The default limits on array indices and on jobs per user, if the site does not set them (`MaxArraySize`,
/// `MaxJobCount`).
const ARRAY: usize = 1001;
const JOBS: usize = 10_000;
/// How often a unit requeues itself. After that, the follow-up job handles it.
const RESTARTS: u32 = 20;
/// The largest number of processes per unit. A new one starts after one that died by itself.
const ATTEMPTS: u32 = 10;

/// Submits missing units as arrays, and the follow-up job.
pub(super) fn submit(
    plan: &Plan,
    (missing, lacking): (&[usize], Shortfall),
    folder: &Folder,
    settings: &SubmitSettings,
    script: &Script,
) -> Result<String> {
    let own = folder.path().join("slurm");
    make(&own.join("logs"))?;
    let own = fs::canonicalize(&own).unwrap_or(own);
    let (unit, next) = (own.join("unit.sbatch"), own.join("next.sbatch"));
    write(&unit, &unit_script(plan, settings, script))?;
    write(&next, &next_script(lacking, settings, script))?;
    let limits = if settings.dry_run { Limits::default() } else { Limits::of_site() }.or(settings);
    let limits = if settings.dry_run { limits } else { limits.beside(jobs_now()) };
    let arrays = arrays(missing, limits);
    let mut commands: Vec<Vec<String>> = Vec::new();
    for Array { offset, tasks } in &arrays {
        let limit = settings.limit.map_or(String::new(), |limit| format!("%{limit}"));
        let array = format!("--array={}{limit}", ranges::to_text(tasks));
        let unit = unit.to_string_lossy().into_owned();
        let mut arguments = arguments(&own, &script.name, "%A_%a.log", settings);
        arguments.extend([array, unit, offset.to_string()]);
        commands.push(arguments);
    }
    let submitted: usize = arrays.iter().map(|array| array.tasks.len()).sum();
    let rest = match missing.len() - submitted {
        0 => String::new(),
        rest => format!("; the other {rest} follow them"),
    };
    if settings.dry_run {
        let commands = commands.iter().map(|arguments| format!("sbatch{}", words(arguments)));
        let arguments = words(&arguments(&own, &format!("{}-next", script.name), "next.log", settings));
        let next = format!("sbatch{arguments} --dependency=afterany:<those jobs> {}", quoted(&next.to_string_lossy()));
        return Ok(commands.chain([next]).collect::<Vec<_>>().join("\n"));
    }
    refuse_while_alive(&own)?;
    let mut jobs: Vec<String> = Vec::new();
    let mut refused = None;
    for arguments in &commands {
        match sbatch(arguments, &mut jobs, &own) {
            Ok(()) => {}
            // The follow-up job of the accepted arrays submits the remaining units.
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    if let Some(error) = refused.filter(|_| jobs.is_empty()) {
        return Err(error);
    }
    let mut last = arguments(&own, &format!("{}-next", script.name), "next.log", settings);
    last.extend([format!("--dependency=afterany:{}", jobs.join(":")), next.to_string_lossy().into_owned()]);
    sbatch(&last, &mut jobs, &own)?;
    let (round, ids) = (plan.round, jobs.join(", "));
    let units = if submitted == 1 { "unit" } else { "units" };
    Ok(format!(
        "submitted {submitted} {units} of round {round}{rest}, and a job that collects them: Slurm's jobs {ids}"
    ))
}

/// Returns the options that are given on the command line, where names of folders need no quotes.
fn arguments(own: &Path, name: &str, log: &str, settings: &SubmitSettings) -> Vec<String> {
    // Slurm replaces a single percent sign and the letter after it by a number.
    let logs = own.join("logs").to_string_lossy().replace('%', "%%");
    let mut arguments = vec!["--parsable".to_owned(), format!("--job-name={name}"), format!("--output={logs}/{log}")];
    arguments.extend(settings.options.iter().cloned());
    arguments
}

/// Submits a job, and records its number beside those of the same submission.
fn sbatch(arguments: &[String], jobs: &mut Vec<String>, own: &Path) -> Result<()> {
    let id = output("sbatch", arguments)?;
    // The name of a cluster may follow the number.
    jobs.push(id.trim().split(';').next().unwrap_or_default().to_owned());
    file::write(own.join("jobs"), jobs.join(","))
}

/// Returns the script of a unit. A unit whose time limit ends requeues itself, but only `RESTARTS` times. Slurm itself
/// requeues units of failed nodes and preempted jobs. A cancelled unit is not requeued.
fn unit_script(plan: &Plan, settings: &SubmitSettings, script: &Script) -> String {
    let Script { folder, .. } = script;
    let (round, cpus) = (plan.round, settings.cpus);
    let command = script.command(&format!("run-unit --round {round} --workers {cpus} \"$unit\""));
    format!(
        "#!/bin/bash
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120
#SBATCH --cpus-per-task={cpus}
# The number of the task, and that of the array's first unit: a site limits the numbers of an array.
unit=$(( ${{1:-0}} + SLURM_ARRAY_TASK_ID ))
cd {folder} || exit 2
asked=
warned=
# Two minutes before its time is over, and when it is cancelled, the unit writes a checkpoint and ends.
trap 'signaled=1; asked=1; warned=1; kill -USR1 \"$process\" 2>/dev/null' USR1
trap 'signaled=1; asked=1; kill -TERM \"$process\" 2>/dev/null' TERM
# A fit that ends its process is found by running it again; after the third time the others go on.
for attempt in {{1..{ATTEMPTS}}}; do
  signaled=
  {command} &
  process=$!
  if [ -n \"$asked\" ]; then kill -TERM \"$process\"; fi
  wait \"$process\"
  status=$?
  while [ \"$status\" -gt 128 ] && [ -n \"$signaled\" ]; do
    signaled=
    wait \"$process\"
    status=$?
  done
  if [ \"$status\" -le 128 ] || [ -n \"$asked\" ]; then break; fi
done
if [ \"$status\" -eq 75 ] && [ -n \"$warned\" ] && [ \"${{SLURM_RESTART_COUNT:-0}}\" -lt {RESTARTS} ]; then
  scontrol requeue \"$SLURM_JOB_ID\" && sleep 60
fi
exit \"$status\"
",
    )
}

/// Returns the script of the follow-up job.
fn next_script(lacking: Shortfall, settings: &SubmitSettings, script: &Script) -> String {
    let Script { folder, .. } = script;
    let SubmitSettings { plan: division, limit, max_array, max_submitted, cpus, options, .. } = settings;
    let mut own_options = format!(" --cpus {cpus} --unit-time {}", division.unit_time.as_secs_f64());
    for (option, value) in [("limit", limit), ("max-array", max_array), ("max-submitted", max_submitted)] {
        if let Some(value) = value {
            own_options = format!("{own_options} --{option} {value}");
        }
    }
    let after = if options.is_empty() { String::new() } else { format!(" --{}", words(options)) };
    let command = script.command(&format!("submit slurm --lacking {lacking}{own_options}"));
    format!(
        "#!/bin/bash
#SBATCH --requeue
#SBATCH --open-mode=append
# Collects, and submits what is missing or the next round; reports once the search is over. Where a whole array has brought
# no result and no further checkpoint, it ends, and names what is missing.
cd {folder} || exit 2
exec {command}{after}
"
    )
}

/// Returns an error if units of an earlier submission are still in the queue.
fn refuse_while_alive(own: &Path) -> Result<()> {
    let jobs = read(&own.join("jobs"))?.and_then(|jobs| String::from_utf8(jobs).ok()).unwrap_or_default();
    if jobs.is_empty() {
        return Ok(());
    }
    // `squeue` fails for jobs that Slurm has forgotten.
    let alive = output("squeue", &["-h".to_owned(), "-o".to_owned(), "%A".to_owned(), "-j".to_owned(), jobs.clone()]);
    // The follow-up job is itself in the queue when it submits.
    let own_job = env::var("SLURM_JOB_ID").unwrap_or_default();
    let alive = alive.unwrap_or_default();
    let others: Vec<&str> = alive.split_whitespace().filter(|job| *job != own_job).collect();
    match others.join(",").as_str() {
        "" => Ok(()),
        _ => Err(Error::Cluster(ClusterError::Scheduler {
            program: "submit slurm".to_owned(),
            message: format!("jobs of the last submission are still in the queue: `scancel {jobs}`, or wait for them"),
        })),
    }
}

/// The tasks of one array. Task 0 is the unit with number `offset`.
#[derive(Debug, PartialEq)]
struct Array {
    offset: usize,
    tasks: Vec<usize>,
}

/// Divides units into arrays within the limits of a site. Units beyond the limit on submitted jobs are left out.
fn arrays(missing: &[usize], limits: Limits) -> Vec<Array> {
    // The follow-up job needs one place.
    let most = limits.submitted.saturating_sub(1).max(1);
    let size = limits.array.max(1);
    let units = &missing[..missing.len().min(most)];
    let arrays = units.chunk_by(|a, b| a / size == b / size).map(|units| {
        let offset = units[0] / size * size;
        Array { offset, tasks: units.iter().map(|unit| unit - offset).collect() }
    });
    arrays.collect()
}

/// Returns the number of the user's jobs in the queue. Each task of an array counts.
fn jobs_now() -> usize {
    let jobs = output("squeue", &["-h", "-r", "--me", "-o", "%i"].map(str::to_owned)).unwrap_or_default();
    jobs.lines().count()
}

/// The limits of a site on arrays.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// The number of array indices: the largest index is one less.
    array: usize,
    /// The number of jobs that a user may have. Each task of an array counts.
    submitted: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { array: ARRAY, submitted: JOBS }
    }
}

impl Limits {
    /// Reads the limits from Slurm.
    fn of_site() -> Self {
        let config = output("scontrol", &["show".to_owned(), "config".to_owned()]).unwrap_or_default();
        let of_config = |name: &str| {
            let line = config.lines().find_map(|line| line.trim().strip_prefix(name))?;
            line.trim_start().strip_prefix('=')?.trim().parse::<usize>().ok()
        };
        let user = env::var("USER").unwrap_or_default();
        let ask = ["-nP", "show", "assoc", &format!("user={user}"), "format=MaxSubmitJobs"].map(str::to_owned);
        // Without accounting there is no such limit.
        let of_user = output("sacctmgr", &ask).unwrap_or_default();
        let of_user = of_user.lines().filter_map(|line| line.trim().parse::<usize>().ok()).min();
        let jobs = of_config("MaxJobCount").unwrap_or(JOBS);
        Self { array: of_config("MaxArraySize").unwrap_or(ARRAY), submitted: of_user.map_or(jobs, |own| own.min(jobs)) }
    }

    /// Returns the limits for a user who already has `jobs` jobs.
    fn beside(self, jobs: usize) -> Self {
        Self { submitted: self.submitted.saturating_sub(jobs), ..self }
    }

    /// Returns the limits, replaced by those that the user has set.
    fn or(self, settings: &SubmitSettings) -> Self {
        let Self { array, submitted } = self;
        Self { array: settings.max_array.unwrap_or(array), submitted: settings.max_submitted.unwrap_or(submitted) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_cut_into_arrays_that_a_site_takes() {
        let arrays = |missing: &[usize], array, submitted| {
            let arrays = arrays(missing, Limits { array, submitted });
            arrays.into_iter().map(|Array { offset, tasks }| (offset, ranges::to_text(&tasks))).collect::<Vec<_>>()
        };
        let all: Vec<usize> = (0..2500).collect();
        let text = |text: &str| text.to_owned();
        assert_eq!(
            arrays(&all, 1000, 10_000),
            [(0, text("0-999")), (1000, text("0-999")), (2000, text("0-499"))],
            "no number reaches MaxArraySize"
        );
        assert_eq!(arrays(&all, 1000, 1201), [(0, text("0-999")), (1000, text("0-199"))]);
        assert_eq!(
            arrays(&[3, 999, 1000, 2007], 1000, 100),
            [(0, text("3,999")), (1000, text("0")), (2000, text("7"))]
        );
        assert_eq!(arrays(&[5], 0, 0), [(5, text("0"))]);
    }
}
