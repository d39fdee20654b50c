//! A search on several machines, with the scheduler that is already installed.
//!
//! dropgrid does not schedule work across machines. With one call in `main`, the program of a search divides its fits
//! into *units* of about a minute. Any machine can run a unit, and writes one result file to a shared folder. All that
//! a scheduler needs is array jobs. dropgrid writes scripts for Slurm, HyperQueue, Kubernetes and GNU parallel.
//!
//! ```ignore
//! fn main() -> ExitCode {
//!     dropgrid::cluster::main("digits.study", || {
//!         let digits = Dataset::from_csv("digits.csv", Classes::<10>::in_column("digit"))?;
//!         Mlp::search(Grid).cv(StratifiedKFold::new(5).shuffle()).seed(42).on(digits)
//!     })
//! }
//! ```
//!
//! The guide `docs/cluster.md` leads from a laptop to a cluster, and shows how each failure looks.
//!
//! # Promises
//!
//! - The report has the same bits and the same digest as the same search with one worker on one machine.
//! - A unit may run twice, even on two machines at once, and may be killed at any moment. Its result is written
//!   atomically, and has the same bytes on every machine.
//! - Units need no lock, no server and no database. Only `plan`, `collect` and `report` open the study, a SQLite file.
//!   If it is on a network file system, they work on a local copy.
//! - Results that are damaged, or that belong to another search, plan or unit, are reported and never used.
//! - With a strategy that decides by rungs or rounds, each of them has a plan. Its units get the states from which
//!   their trainings continue.

mod arguments;
mod attempt;
mod collect;
mod command;
mod estimate;
mod folder;
mod plan;
mod planning;
mod program;
mod ranges;
mod sealed;
mod submit;
mod survey;
mod unit;
mod unit_file;
mod words;
mod working_copy;

use std::{
    cell::{OnceCell, RefCell},
    env, fmt,
    process::ExitCode,
};

use crate::{
    error::Result,
    model::{DataFor, Model},
    report::Report,
    search::{SearchOn, UnitSearch},
    study::Study,
    train::TrainTarget,
};
use command::SearchProgram;

/// Runs the command of this process: `plan`, `run-unit INDEX`, `collect`, `status`, `run`, `report` or `submit`. `help`
/// explains each. Prints the output of the command and returns its exit status.
///
/// `study` stores the records on the machine that plans and collects. It replaces the study that the search names, if
/// any. All machines share the folder `<study>.units` beside it. `search` makes the search with its data, by
/// [`Search::on`]. It is not called for commands that need no data.
///
/// Limits of the search apply to the whole search: `max_fits` and `max_epochs` work as usual, and a time limit for the
/// whole search is refused. Hooks are called on the machine that runs the fit.
///
/// [`Search::on`]: crate::search::Search::on
pub fn main<M, S, D, T>(study: impl Into<Study>, search: impl FnOnce() -> Result<SearchOn<M, S, D, T>>) -> ExitCode
where
    M: Model,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    Program::new(study, search).main()
}

/// A program that runs on several machines, for cases where [`main`] is not enough: the program has its own command
/// line, or does something with the report.
///
/// ```ignore
/// Program::new("digits.study", search).finish(|report| report.fitted().save("digits.safetensors")).main()
/// ```
pub struct Program<'a, M: Model, S, D, T: TrainTarget> {
    study: Study,
    behind: Vec<String>,
    search: SearchOnce<'a, M, S, D, T>,
    finish: RefCell<Option<Box<Finish<'a, M, T>>>>,
}

type Finish<'a, M, T> = dyn FnOnce(Report<M, T>) -> Result<()> + 'a;

type Make<'a, M, S, D, T> = dyn FnOnce() -> Result<SearchOn<M, S, D, T>> + 'a;

impl<'a, M, S, D, T> Program<'a, M, S, D, T>
where
    M: Model,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    /// Makes the program of a search. The arguments are those of [`main`].
    pub fn new(study: impl Into<Study>, search: impl FnOnce() -> Result<SearchOn<M, S, D, T>> + 'a) -> Self {
        let make: Box<Make<'a, M, S, D, T>> = Box::new(search);
        let search = SearchOnce { make: RefCell::new(Some(make)), made: OnceCell::new() };
        Self { study: study.into(), behind: Vec::new(), search, finish: RefCell::new(None) }
    }

    /// Calls `finish` with the report after it was printed, once the search is complete. Use it to save the winner, for
    /// example.
    pub fn finish(self, finish: impl FnOnce(Report<M, T>) -> Result<()> + 'a) -> Self {
        Self { finish: RefCell::new(Some(Box::new(finish))), ..self }
    }

    /// Names the words of the command line that precede the commands of the cluster, if the program has other commands.
    /// Scripts for schedulers include them.
    pub fn behind<W: Into<String>>(self, words: impl IntoIterator<Item = W>) -> Self {
        Self { behind: words.into_iter().map(Into::into).collect(), ..self }
    }

    /// Runs the command of this process. Prints its output and returns its exit status.
    pub fn main(self) -> ExitCode {
        let words = env::args_os().skip(1 + self.behind.len()).map(|word| word.to_string_lossy().into_owned());
        ExitCode::from(self.run(words.collect::<Vec<_>>()))
    }

    /// Runs the command in `words`, which exclude the program's name and the words [behind](Self::behind) it. Returns
    /// the exit status: 0 done, 1 results are missing, 2 another error, 64 the plan was made by another program, 75
    /// stopped with a checkpoint and to be run again.
    pub fn run<W: Into<String>>(self, words: impl IntoIterator<Item = W>) -> u8 {
        command::run(&self, &self.study, &self.behind, words.into_iter().map(Into::into).collect())
    }
}

impl<M: Model, S, D, T: TrainTarget> fmt::Debug for Program<'_, M, S, D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("study", &self.study).field("behind", &self.behind).finish_non_exhaustive()
    }
}

/// The closure that makes a search; `None` after it was called.
type Unmade<'a, M, S, D, T> = RefCell<Option<Box<Make<'a, M, S, D, T>>>>;

/// A search that is made on first use.
struct SearchOnce<'a, M: Model, S, D, T: TrainTarget> {
    make: Unmade<'a, M, S, D, T>,
    made: OnceCell<SearchOn<M, S, D, T>>,
}

impl<M: Model, S, D, T: TrainTarget> SearchOnce<'_, M, S, D, T> {
    fn get(&self) -> Result<&SearchOn<M, S, D, T>> {
        if let Some(make) = self.make.borrow_mut().take() {
            let made = make()?;
            return Ok(self.made.get_or_init(|| made));
        }
        Ok(self.made.get().unwrap_or_else(|| unreachable!("an error in making a search ends the command")))
    }
}

impl<M, S, D, T> SearchProgram for Program<'_, M, S, D, T>
where
    M: Model,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    fn search(&self) -> Result<&dyn UnitSearch> {
        Ok(self.search.get()?)
    }

    fn report(&self, study: &Study, print: &mut dyn FnMut(&str)) -> Result<()> {
        let report = self.search.get()?.fit(study.clone())?;
        print(&report.to_string());
        self.finish.borrow_mut().take().map_or(Ok(()), |finish| finish(report))
    }
}
