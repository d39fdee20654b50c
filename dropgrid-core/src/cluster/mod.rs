//! A search on several machines, by the schedulers that people have.
//!
//! dropgrid schedules nothing across machines. The program of a search, through one call in `main`, divides its fits into
//! *units* of about a minute, each of which any machine runs and answers by one file in a shared folder. An array of a
//! scheduler is all that it takes; Slurm, HyperQueue, Kubernetes and GNU parallel have scripts written for them.
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
//! `docs/cluster.md` goes from a laptop to a cluster, and says what each failure looks like.
//!
//! # Promises
//!
//! - The report has the bits, and the digest, of the same search on one worker of one machine.
//! - A unit may be run twice, on two machines at once, and be killed at any moment: its result is there whole or not at all,
//!   and has the same bytes whoever has written it.
//! - Units need no lock, no server and no database. The study, a SQLite file, is opened by `plan`, `collect` and `report`
//!   alone, and on a network file system it is a copy that they work on.
//! - Results that are damaged, or of another search, plan or unit, are named and never taken.
//! - A strategy that decides by rungs or rounds has a plan for each; states of trainings that go on travel with them.

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
    strategy::Strategy,
    study::Study,
    train::TrainTarget,
};
use command::SearchProgram;

/// Runs the command of this process: `plan`, `run-unit INDEX`, `collect`, `status`, `run`, `report` or `submit`; `help` says
/// what each does. Returns its exit status, and prints what it has to say.
///
/// The study keeps the records on the machine that plans and collects, and takes the place of one that the search names.
/// Beside it, all machines share the folder `<study>.units`. `search` makes the search with its data, by [`Search::on`]; it is
/// not called where the command needs no data.
///
/// Limits of the search are those of its strategy: `max_fits` and `max_epochs` hold, and a time for the whole search is
/// refused. Hooks are called where a fit runs.
///
/// [`Search::on`]: crate::search::Search::on
pub fn main<M, S, D, T>(study: impl Into<Study>, search: impl FnOnce() -> Result<SearchOn<M, S, D, T>>) -> ExitCode
where
    M: Model,
    S: Strategy<M::Space>,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    Program::new(study, search).main()
}

/// A program that runs on several machines, where [`main`] is not enough: it has a command line of its own, or does something
/// with the report.
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
    S: Strategy<M::Space>,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    /// The program of a search, as [`main`] takes it.
    pub fn new(study: impl Into<Study>, search: impl FnOnce() -> Result<SearchOn<M, S, D, T>> + 'a) -> Self {
        let make: Box<Make<'a, M, S, D, T>> = Box::new(search);
        let search = SearchOnce { make: RefCell::new(Some(make)), made: OnceCell::new() };
        Self { study: study.into(), behind: Vec::new(), search, finish: RefCell::new(None) }
    }

    /// Gives the report to `finish` after it was printed, once the search is over: to save the winner, say.
    pub fn finish(self, finish: impl FnOnce(Report<M, T>) -> Result<()> + 'a) -> Self {
        Self { finish: RefCell::new(Some(Box::new(finish))), ..self }
    }

    /// Names the words of the command line that stand before the commands of the cluster, where the program has other commands.
    /// Scripts for schedulers have them.
    pub fn behind<W: Into<String>>(self, words: impl IntoIterator<Item = W>) -> Self {
        Self { behind: words.into_iter().map(Into::into).collect(), ..self }
    }

    /// Runs the command of this process. Returns its exit status, and prints what it has to say.
    pub fn main(self) -> ExitCode {
        let words = env::args_os().skip(1 + self.behind.len()).map(|word| word.to_string_lossy().into_owned());
        ExitCode::from(self.run(words.collect::<Vec<_>>()))
    }

    /// Runs the command of these words, which stand behind all others. Returns its exit status: 0 done, 1 results are missing,
    /// 2 another error, 64 the plan is not this program's, 75 stopped with a checkpoint, to be run again.
    pub fn run<W: Into<String>>(self, words: impl IntoIterator<Item = W>) -> u8 {
        command::run(&self, &self.study, &self.behind, words.into_iter().map(Into::into).collect())
    }
}

impl<M: Model, S, D, T: TrainTarget> fmt::Debug for Program<'_, M, S, D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("study", &self.study).field("behind", &self.behind).finish_non_exhaustive()
    }
}

/// The closure that makes a search, until it is called.
type Unmade<'a, M, S, D, T> = RefCell<Option<Box<Make<'a, M, S, D, T>>>>;

/// A search that is made when it is first needed.
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
    S: Strategy<M::Space>,
    D: DataFor<M, Target = T>,
    T: TrainTarget<Output = M::Output>,
{
    fn search(&self) -> Result<&dyn UnitSearch> {
        Ok(self.search.get()?)
    }

    fn report(&self, study: &Study, print: &mut dyn FnMut(&str)) -> Result<()> {
        let report = self.search.get()?.fit(study.clone())?;
        print(&report.to_string());
        print(&format!("Best: {:.6} using {}", report.best_score(), report.best_params()));
        self.finish.borrow_mut().take().map_or(Ok(()), |finish| finish(report))
    }
}
