//! The commands of a program that runs on several machines.

use std::{
    env,
    io::{self, Write},
    sync::OnceLock,
    time::Duration,
};

use super::{
    arguments::{Arguments, Command, HELP, StatusForm, SubmitSettings},
    collect::collect,
    folder::Folder,
    plan::Plan,
    planning::{self, PlanSettings, Planned},
    ranges,
    submit::{self, Submitted},
    survey::{Survey, UnitProgress},
    unit::{self, UnitEnd},
    words::{plan_in_words, status_in_json, status_in_words, unit_in_words},
    working_copy::{WorkingStudy, with_study},
};
use crate::{
    error::{ClusterError, Error, Result, StudyError},
    limit::Stop,
    search::UnitSearch,
    study::Study,
};

/// How long trainings may run to the end of an epoch after a scheduler has warned of an end in two minutes. Some
/// schedulers send their warning a minute early.
const WARNED: Duration = Duration::from_secs(50);
/// How long they may run after a request to end. Many schedulers kill the process after 30 seconds.
const GRACE: Duration = Duration::from_secs(20);

const DONE: u8 = 0;
const MISSING: u8 = 1;
const FAILED: u8 = 2;
/// The exit status if the plan was made by another program (`EX_USAGE`).
const WRONG: u8 = 64;
/// The exit status if the process was stopped and should be run again (`EX_TEMPFAIL`).
const AGAIN: u8 = 75;

/// The search of a program. It is made on first use.
pub(super) trait SearchProgram {
    /// Returns the search with its data.
    fn search(&self) -> Result<&dyn UnitSearch>;

    /// Runs the fits that the study lacks, trains the winner on all rows, and prints the report.
    fn report(&self, study: &Study, print: &mut dyn FnMut(&str)) -> Result<()>;
}

/// Runs a command and returns the exit status. `words` are its command line, which follows the words `behind`.
pub(super) fn run(program: &dyn SearchProgram, study: &Study, behind: &[String], words: Vec<String>) -> u8 {
    let arguments = Arguments::read(words, |name| env::var(name).ok());
    let status = arguments.and_then(|arguments| {
        let folder = arguments.units.clone().map_or_else(|| Folder::beside(study.path()), Folder::at);
        Session { program, study, behind, folder, arguments: &arguments }.run()
    });
    status.unwrap_or_else(|error| {
        // Standard error may be closed.
        let _ = writeln!(io::stderr(), "error: {error}");
        status_of(&error)
    })
}

/// Returns the exit status of an error.
fn status_of(error: &Error) -> u8 {
    match error {
        Error::Cluster(ClusterError::Missing { .. }) => MISSING,
        Error::Cluster(ClusterError::Damaged { .. } | ClusterError::Scheduler { .. }) => FAILED,
        Error::Cluster(_) | Error::Study(StudyError::Differs { .. }) => WRONG,
        _ => FAILED,
    }
}

fn print(text: &str) {
    // Standard output may be closed.
    let _ = writeln!(io::stdout(), "{text}");
}

/// The run of one command of a program.
struct Session<'a> {
    program: &'a dyn SearchProgram,
    study: &'a Study,
    behind: &'a [String],
    folder: Folder,
    arguments: &'a Arguments,
}

impl Session<'_> {
    fn run(&self) -> Result<u8> {
        match &self.arguments.command {
            Command::Help => {
                print(HELP.trim_end());
                Ok(DONE)
            }
            Command::Plan(settings) => self.with_study(|study| self.plan(study, *settings).map(|_| DONE)),
            Command::RunUnit { unit, round, workers } => self.run_unit(*unit, *round, *workers),
            Command::Collect => self.with_study(|study| {
                let plan = Plan::read(&self.folder)?;
                let survey = collect(study.study(), &self.folder, &plan, false)?;
                print(&status_in_words(self.study, &plan, &survey));
                Ok(if survey.missing.is_empty() { DONE } else { MISSING })
            }),
            Command::Status(form) => self.status(*form),
            Command::Run(settings) => self.run_all(*settings),
            Command::Report => self.with_study(|study| self.report(study)),
            Command::Submit(settings) => self.submit(settings),
        }
    }

    /// Plans, and submits missing units to a scheduler. If the search is complete, reports it.
    fn submit(&self, settings: &SubmitSettings) -> Result<u8> {
        // The study must be back at its path before the job after the units can begin.
        let planned = self.with_study(|study| self.plan(study, settings.plan))?;
        let progress = match &planned {
            Planned::Stands(_, survey) => survey.progress,
            Planned::Next(_) => UnitProgress::default(),
        };
        let Some((plan, missing)) = to_run(planned) else { return self.with_study(|study| self.report(study)) };
        let (place, options) = ((self.study, &self.folder), self.options());
        match submit::submit(&plan, (&missing, progress), place, settings, (self.behind, &options))? {
            Submitted::Said(text) => {
                print(&text);
                Ok(DONE)
            }
            Submitted::NoProgress => Err(missing_of(plan.round, &missing)),
        }
    }

    /// Returns the options that every command of this session has.
    fn options(&self) -> Vec<String> {
        let Arguments { units, scratch, .. } = self.arguments;
        let mut options = Vec::new();
        for (option, path) in [("--units", units), ("--scratch", scratch)] {
            if let Some(path) = path {
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                options.extend([option.to_owned(), path.to_string_lossy().into_owned()]);
            }
        }
        options
    }

    fn with_study<R>(&self, work: impl FnOnce(&WorkingStudy) -> Result<R>) -> Result<R> {
        with_study(self.study, self.arguments.scratch.as_deref(), work)
    }

    fn plan(&self, study: &WorkingStudy, settings: PlanSettings) -> Result<Planned> {
        let planned = planning::plan(self.program.search()?, study, &self.folder, settings)?;
        match &planned {
            Planned::Stands(plan, survey) => print(&status_in_words(self.study, plan, survey)),
            Planned::Next(plan) => print(&plan_in_words(plan)),
        }
        Ok(planned)
    }

    fn run_unit(&self, unit: usize, round: Option<u32>, workers: usize) -> Result<u8> {
        // Signals are handled from the start. A signal while data are being read leaves an empty checkpoint.
        let _ = evicted();
        let plan = Plan::read(&self.folder)?;
        if let Some(asked) = round.filter(|&asked| asked != plan.round) {
            return Err(ClusterError::Round { planned: plan.round, asked }.into());
        }
        plan.unit(unit)?;
        plan.check_program(&self.folder)?;
        let search = self.program.search()?;
        plan.check_search(&self.folder, &search.identity()?)?;
        let stop = stop_of(search);
        let end = unit::run(search, &self.folder, &plan, unit, workers, &stop)?;
        print(&unit_in_words(&plan, unit, end));
        Ok(match end {
            UnitEnd::Known | UnitEnd::Written => DONE,
            UnitEnd::CutOff => AGAIN,
        })
    }

    /// Plans, runs the units one after the other and collects their results, until the search is complete. Between the
    /// steps the study is at its path.
    fn run_all(&self, settings: PlanSettings) -> Result<u8> {
        let search = self.program.search()?;
        let (stop, workers) = (stop_of(search), search.workers()?);
        let (mut settings, mut before) = (settings, None);
        loop {
            let planned = self.with_study(|study| self.plan(study, settings))?;
            settings.retries_failed &= matches!(planned, Planned::Stands(..));
            let Some((plan, missing)) = to_run(planned) else { return self.with_study(|study| self.report(study)) };
            settings.anew = false;
            // Each unit has just produced a result. If the same units are still missing, their results are faulty and
            // need attention.
            let now = Some((plan.round, missing.len()));
            if before == now {
                return Err(missing_of(plan.round, &missing));
            }
            before = now;
            for unit in missing {
                if unit::run(search, &self.folder, &plan, unit, workers, &stop)? == UnitEnd::CutOff {
                    return Ok(AGAIN);
                }
            }
        }
    }

    /// Reports a complete search.
    fn report(&self, study: &WorkingStudy) -> Result<u8> {
        let study = study.study();
        let search = self.program.search()?;
        if let Some(plan) = Plan::find(&self.folder)? {
            plan.check_search(&self.folder, &search.identity()?)?;
            let survey = collect(study, &self.folder, &plan, false)?;
            if !survey.missing.is_empty() {
                return Err(missing_of(plan.round, &survey.missing));
            }
            if !search.next_trainings(study.clone().reopened())?.trainings.is_empty() {
                let message = "the search has another round; `plan` it".to_owned();
                return Err(ClusterError::Usage { message }.into());
            }
        }
        self.program.report(&study.clone().reopened(), &mut |text| print(text))?;
        Ok(DONE)
    }

    fn status(&self, form: StatusForm) -> Result<u8> {
        let plan = Plan::read(&self.folder)?;
        let survey = Survey::of(&self.folder, &plan, |_, _| Ok(()))?;
        match form {
            StatusForm::Words => print(&status_in_words(self.study, &plan, &survey)),
            StatusForm::Missing => print(&survey.missing_text()),
            StatusForm::MissingLines => survey.missing.iter().for_each(|unit| print(&unit.to_string())),
            StatusForm::Json => print(&status_in_json(&plan, &survey)),
        }
        Ok(if survey.missing.is_empty() { DONE } else { MISSING })
    }
}

/// Returns a plan and its units to run; `None` if the search is complete.
fn to_run(planned: Planned) -> Option<(Plan, Vec<usize>)> {
    match planned {
        Planned::Next(plan) => {
            let units = (0..plan.units.len()).collect::<Vec<_>>();
            (!units.is_empty()).then_some((plan, units))
        }
        Planned::Stands(plan, survey) => Some((plan, survey.missing)),
    }
}

/// Returns the stop request of a search. A scheduler can also make it.
fn stop_of(search: &dyn UnitSearch) -> Stop {
    let evicted = evicted();
    match search.stop() {
        Some(stop) => {
            evicted.and(&stop);
            stop
        }
        None => evicted,
    }
}

/// Returns the stop request that a scheduler makes by a signal. If the system allows no signal handler, writes that to
/// stderr, and the request is never made.
fn evicted() -> Stop {
    static EVICTED: OnceLock<Stop> = OnceLock::new();
    let listen = || {
        Stop::on_eviction(WARNED, GRACE).unwrap_or_else(|error| {
            let lost = "a unit that is asked to end goes on from its last checkpoint";
            // Standard error may be closed.
            let _ = writeln!(io::stderr(), "signals are not heard, and {lost}: {error}");
            Stop::new()
        })
    };
    EVICTED.get_or_init(listen).clone()
}

fn missing_of(round: u32, missing: &[usize]) -> Error {
    ClusterError::Missing { round, missing: ranges::to_text(missing) }.into()
}
