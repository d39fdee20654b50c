//! The command line of a program that runs on several machines.

use std::{fmt, path::PathBuf, time::Duration};

use super::{planning::PlanSettings, ranges, survey::UnitProgress};
use crate::error::{ClusterError, Error, Result};

/// The environment variables in which schedulers pass the index of an array task.
const INDEX: [&str; 3] = ["HQ_TASK_ID", "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"];

/// The default time that a unit should take.
const UNIT_TIME: Duration = Duration::from_mins(1);

/// The largest number of units in a list on the command line.
const MOST: usize = 10_000_000;

/// The help text of the program.
pub(super) const HELP: &str = "\
Runs this program's search on several machines.

  plan                 divides what the search wants next into units; does nothing while results are missing
    --unit-time SECONDS  the time that a unit is to take, 60 by default; 0 makes each training a unit
    --anew               plans what is missing anew: with another build of the program, or other units
    --retry-failed       runs failed fits again, those too that ended their process three times
  run-unit [INDEX]     runs a unit and writes its result; INDEX is from 0, by default that of the array task
    --of LIST            the unit at place INDEX of a list like 1-3,7
    --round N            fails where the plan is of another round
    --workers N          runs so many trainings side by side, 1 by default
  collect              takes results into the study, on one machine, and says which units are missing
  status               says which results are there, without the study
    --json, --missing    as JSON; only the missing units, as 1-3,7
    --lines              with --missing, one unit a line
  run                  does all of it here: plans, runs units and collects, until the search is over; then reports
  report               reports, once the search is over
  submit SCHEDULER     plans, and gives missing units to slurm, hyperqueue, kubernetes or parallel
    --dry-run            writes the scripts and submits nothing
    --cpus N             cores, and trainings side by side, of a unit, 1 by default
    --limit N            units that run at once
    --max-array N        numbers of a Slurm array, by default what the site says; --max-submitted N likewise
    --image I --claim C  of kubernetes: the image of this program, and the claim of the shared folder
    -- OPTIONS           go to sbatch or hq as they are
  help                 prints this

Each of them takes
    --units FOLDER       the folder that all machines share, by default beside the study
    --scratch FOLDER     works on a copy of the study there; the default where the study is on a network file system

Exit statuses: 0 done, 1 results are missing, 2 another error, 64 the plan is not this program's: never try again,
75 stopped by a signal with a checkpoint: run the same again.
";

/// A command and its settings.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arguments {
    pub(super) command: Command,
    pub(super) units: Option<PathBuf>,
    pub(super) scratch: Option<PathBuf>,
}

/// A command of the program.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    Help,
    Plan(PlanSettings),
    RunUnit { unit: usize, round: Option<u32>, workers: usize },
    Collect,
    Status(StatusForm),
    Run(PlanSettings),
    Report,
    Submit(SubmitSettings),
}

/// The output format of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusForm {
    Words,
    Json,
    Missing,
    MissingLines,
}

/// The settings of a submission.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SubmitSettings {
    pub(super) scheduler: Scheduler,
    pub(super) plan: PlanSettings,
    pub(super) dry_run: bool,
    pub(super) cpus: usize,
    pub(super) limit: Option<usize>,
    pub(super) max_array: Option<usize>,
    pub(super) max_submitted: Option<usize>,
    pub(super) image: Option<String>,
    pub(super) claim: Option<String>,
    /// The state of the round when the last array was submitted; `None` outside a chain of jobs.
    pub(super) lacking: Option<Shortfall>,
    /// Options that are passed to the scheduler.
    pub(super) options: Vec<String>,
}

/// The state of a round that is not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shortfall {
    pub(super) round: u32,
    /// The number of units without a result.
    pub(super) missing: usize,
    /// The progress of these units.
    pub(super) progress: UnitProgress,
}

impl Shortfall {
    /// Returns true if an array made no progress. `self` is the state of the round before the array, `now` the state
    /// after it.
    pub(super) fn still(self, now: Self) -> bool {
        self.round == now.round && now.missing >= self.missing && now.progress.is_within(self.progress)
    }

    /// Parses a text like `2:7:3:40:1`: round, missing units, finished fits, epochs, attempts. `None` if it is not
    /// valid.
    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split(':');
        let round = numbers.next()?.parse().ok()?;
        let missing = numbers.next()?.parse().ok()?;
        let (fits, epochs) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        let progress = UnitProgress { fits, epochs, attempts: numbers.next()?.parse().ok()? };
        Some(Self { round, missing, progress })
    }
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { round, missing, progress: UnitProgress { fits, epochs, attempts } } = self;
        write!(f, "{round}:{missing}:{fits}:{epochs}:{attempts}")
    }
}

/// The schedulers that run units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheduler {
    Slurm,
    HyperQueue,
    Kubernetes,
    Parallel,
}

impl Arguments {
    /// Parses a command line without the program's name. `variable` reads an environment variable.
    ///
    /// # Errors
    /// [`ClusterError::Usage`].
    pub(super) fn read(words: Vec<String>, variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let mut line = Line::of(words);
        let (units, scratch) = (line.value("--units")?.map(Into::into), line.value("--scratch")?.map(Into::into));
        let name = line.word().unwrap_or_else(|| "help".to_owned());
        let command = match name.as_str() {
            "help" | "--help" | "-h" => Command::Help,
            "plan" => Command::Plan(plan(&mut line)?),
            "run-unit" => run_unit(&mut line, variable)?,
            "collect" => Command::Collect,
            "status" => Command::Status(status(&mut line)),
            "run" => Command::Run(plan(&mut line)?),
            "report" => Command::Report,
            "submit" => Command::Submit(submit(&mut line)?),
            other => return Err(usage(format!("there is no command `{other}`"))),
        };
        line.end(&name)?;
        Ok(Self { command, units, scratch })
    }
}

fn plan(line: &mut Line) -> Result<PlanSettings> {
    let unit_time = line.number::<f64>("--unit-time")?.map_or(Ok(UNIT_TIME), Duration::try_from_secs_f64);
    let unit_time = unit_time.map_err(|_| usage("`--unit-time` takes seconds, like 60".to_owned()))?;
    Ok(PlanSettings { unit_time, anew: line.flag("--anew"), retries_failed: line.flag("--retry-failed") })
}

fn run_unit(line: &mut Line, variable: impl Fn(&str) -> Option<String>) -> Result<Command> {
    let (of, round) = (line.value("--of")?, line.number("--round")?);
    let workers = line.number("--workers")?.filter(|&workers| workers > 0).unwrap_or(1);
    let none = || usage(format!("name a unit: `run-unit INDEX`, or set one of {}", INDEX.join(", ")));
    let index = line.word().or_else(|| INDEX.into_iter().find_map(variable)).ok_or_else(none)?;
    let index: usize = index.parse().map_err(|_| usage(format!("`{index}` is no unit, expected a number from 0")))?;
    let unit = match of {
        None => index,
        Some(list) => {
            let units = ranges::from_text(&list, MOST);
            let units = units.ok_or_else(|| usage(format!("`{list}` is no list of units, expected one like 1-3,7")))?;
            let most = units.len();
            let beyond = || usage(format!("the list has {most} units, and none at place {index}"));
            *units.get(index).ok_or_else(beyond)?
        }
    };
    Ok(Command::RunUnit { unit, round, workers })
}

fn status(line: &mut Line) -> StatusForm {
    let (json, missing, lines) = (line.flag("--json"), line.flag("--missing"), line.flag("--lines"));
    match (json, missing, lines) {
        (true, ..) => StatusForm::Json,
        (_, _, true) => StatusForm::MissingLines,
        (_, true, _) => StatusForm::Missing,
        _ => StatusForm::Words,
    }
}

fn submit(line: &mut Line) -> Result<SubmitSettings> {
    let plan = plan(line)?;
    let options = line.rest();
    let (dry_run, lacking) = (line.flag("--dry-run"), line.value("--lacking")?);
    let lacking = lacking.and_then(|text| Shortfall::from_text(&text));
    let mut count = |option| line.number(option).map(|count| count.filter(|&count: &usize| count > 0));
    let (cpus, limit) = (count("--cpus")?.unwrap_or(1), count("--limit")?);
    let (max_array, max_submitted) = (count("--max-array")?, count("--max-submitted")?);
    let (image, claim) = (line.value("--image")?, line.value("--claim")?);
    let scheduler = match line.word().as_deref() {
        Some("slurm") => Scheduler::Slurm,
        Some("hyperqueue") => Scheduler::HyperQueue,
        Some("kubernetes") => Scheduler::Kubernetes,
        Some("parallel") => Scheduler::Parallel,
        _ => return Err(usage("name a scheduler: slurm, hyperqueue, kubernetes or parallel".to_owned())),
    };
    Ok(SubmitSettings {
        scheduler,
        plan,
        dry_run,
        cpus,
        limit,
        max_array,
        max_submitted,
        image,
        claim,
        lacking,
        options,
    })
}

fn usage(message: String) -> Error {
    ClusterError::Usage { message }.into()
}

/// The words of a command line that have not been parsed yet.
struct Line {
    words: Vec<String>,
    /// The words after `--`.
    rest: Vec<String>,
}

impl Line {
    fn of(mut words: Vec<String>) -> Self {
        let rest = words.iter().position(|word| word == "--").map(|at| words.split_off(at)).unwrap_or_default();
        Self { words, rest: rest.into_iter().skip(1).collect() }
    }

    fn flag(&mut self, option: &str) -> bool {
        let at = self.words.iter().position(|word| word == option);
        at.map(|at| self.words.remove(at)).is_some()
    }

    /// Takes the value of an option, which follows it as the next word or after a `=`. `None` if the option is absent.
    fn value(&mut self, option: &str) -> Result<Option<String>> {
        let is_it =
            |word: &String| word.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
        let Some(at) = self.words.iter().position(is_it) else { return Ok(None) };
        let word = self.words.remove(at);
        if let Some((_, value)) = word.split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        if at < self.words.len() {
            return Ok(Some(self.words.remove(at)));
        }
        Err(usage(format!("`{option}` needs a value")))
    }

    fn number<N: std::str::FromStr>(&mut self, option: &str) -> Result<Option<N>> {
        let Some(value) = self.value(option)? else { return Ok(None) };
        value.parse().map(Some).map_err(|_| usage(format!("`{option}` takes a number, and `{value}` is none")))
    }

    /// Takes the first word that is not an option; `None` if there is none.
    fn word(&mut self) -> Option<String> {
        let at = self.words.iter().position(|word| !word.starts_with("--"))?;
        Some(self.words.remove(at))
    }

    fn rest(&mut self) -> Vec<String> {
        std::mem::take(&mut self.rest)
    }

    fn end(&self, command: &str) -> Result<()> {
        match self.words.iter().chain(&self.rest).next() {
            Some(word) => Err(usage(format!("`{command}` takes no `{word}`"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
