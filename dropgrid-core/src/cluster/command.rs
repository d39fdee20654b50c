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

/// The time that trainings have, to the end of an epoch, after a scheduler has warned two minutes ahead: some send their
/// warning a minute early.
const WARNED: Duration = Duration::from_secs(50);
/// The same after a request to end: many schedulers kill what is left after 30 seconds.
const GRACE: Duration = Duration::from_secs(20);

const DONE: u8 = 0;
const MISSING: u8 = 1;
const FAILED: u8 = 2;
/// The plan is not this program's (`EX_USAGE`).
const WRONG: u8 = 64;
/// Stopped: run it again (`EX_TEMPFAIL`).
const AGAIN: u8 = 75;

/// The search of a program, made when it is first needed.
pub(super) trait SearchProgram {
    /// The search with its data.
    fn search(&self) -> Result<&dyn UnitSearch>;

    /// Runs what the study lacks, trains the winner, and prints the report.
    fn report(&self, study: &Study, print: &mut dyn FnMut(&str)) -> Result<()>;
}

/// Runs the command of these words, which stand behind others on the command line, and returns the exit status.
pub(super) fn run(program: &dyn SearchProgram, study: &Study, behind: &[String], words: Vec<String>) -> u8 {
    let arguments = Arguments::read(words, |name| env::var(name).ok());
    let status = arguments.and_then(|arguments| {
        let folder = arguments.units.clone().map_or_else(|| Folder::beside(study.path()), Folder::at);
        Session { program, study, behind, folder, arguments: &arguments }.run()
    });
    status.unwrap_or_else(|error| {
        // Nobody may listen.
        let _ = writeln!(io::stderr(), "error: {error}");
        status_of(&error)
    })
}

/// The exit status of an error.
fn status_of(error: &Error) -> u8 {
    match error {
        Error::Cluster(ClusterError::Missing { .. }) => MISSING,
        Error::Cluster(ClusterError::Damaged { .. } | ClusterError::Scheduler { .. }) => FAILED,
        Error::Cluster(_) | Error::Study(StudyError::Differs { .. }) => WRONG,
        _ => FAILED,
    }
}

fn print(text: &str) {
    // Nobody may listen.
    let _ = writeln!(io::stdout(), "{text}");
}

/// One command of a program.
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

    /// Plans, and gives missing units to a scheduler; reports a search that is over.
    fn submit(&self, settings: &SubmitSettings) -> Result<u8> {
        // The study is in its place before the job after the units may begin.
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

    /// The options that every command of this session has.
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
        // From the first moment: a signal while data are read has a checkpoint, too, of nothing.
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

    /// Plans, runs units one after the other and collects, until the search is over. Between the steps the study is in its place.
    fn run_all(&self, settings: PlanSettings) -> Result<u8> {
        let search = self.program.search()?;
        let (stop, workers) = (stop_of(search), search.workers()?);
        let (mut settings, mut before) = (settings, None);
        loop {
            let planned = self.with_study(|study| self.plan(study, settings))?;
            settings.retries_failed &= matches!(planned, Planned::Stands(..));
            let Some((plan, missing)) = to_run(planned) else { return self.with_study(|study| self.report(study)) };
            settings.anew = false;
            // Each unit has just come to a result; one that is not taken has to be looked at.
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

    /// Reports a search that is over.
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

/// A plan, and its units that are to be run; `None` where the search is over.
fn to_run(planned: Planned) -> Option<(Plan, Vec<usize>)> {
    match planned {
        Planned::Next(plan) => {
            let units = (0..plan.units.len()).collect::<Vec<_>>();
            (!units.is_empty()).then_some((plan, units))
        }
        Planned::Stands(plan, survey) => Some((plan, survey.missing)),
    }
}

/// The request of a search, which a scheduler makes, too.
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

/// The request that a scheduler makes of this process. Where the system allows no handler, nobody makes it, and stderr says so.
fn evicted() -> Stop {
    static EVICTED: OnceLock<Stop> = OnceLock::new();
    let listen = || {
        Stop::on_eviction(WARNED, GRACE).unwrap_or_else(|error| {
            let lost = "a unit that is asked to end goes on from its last checkpoint";
            // Nobody may listen.
            let _ = writeln!(io::stderr(), "signals are not heard, and {lost}: {error}");
            Stop::new()
        })
    };
    EVICTED.get_or_init(listen).clone()
}

fn missing_of(round: u32, missing: &[usize]) -> Error {
    ClusterError::Missing { round, missing: ranges::to_text(missing) }.into()
}
