//! The command line.

use clap::{Parser, Subcommand};

use crate::{
    command::{Best, Completions, Diff, Export, Ls, Man, Predict, Report, Serve, Show, Verify, Watch},
    error::Error,
    outcome::Outcome,
};

const STATUS: &str = "\
Exit status:
  0  done, and nothing is wrong
  1  done, and something is: `verify`, `ls` or `report` found a file that is not sound, `diff` a difference, `best` no winner
  2  not done: the command line is wrong, a file cannot be read, the output cannot be written, or `predict` has no code to run

Studies are opened to read only, also while a search writes them. No file is changed or made, and no search waits.";

/// Lists, shows, draws, exports, verifies and compares the study files of dropgrid searches.
#[derive(Debug, Parser)]
#[command(name = "dropgrid", version, after_help = STATUS, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Ls(Ls),
    Show(Show),
    Best(Best),
    Export(Export),
    Report(Report),
    Watch(Watch),
    Serve(Serve),
    Verify(Verify),
    Diff(Diff),
    Predict(Predict),
    Completions(Completions),
    Man(Man),
}

impl Command {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        match self {
            Self::Ls(ls) => ls.run(),
            Self::Show(show) => show.run(),
            Self::Best(best) => best.run(),
            Self::Export(export) => export.run(),
            Self::Report(report) => report.run(),
            Self::Watch(watch) => watch.run(),
            Self::Serve(serve) => serve.run(),
            Self::Verify(verify) => Ok(verify.run()),
            Self::Diff(diff) => diff.run(),
            Self::Predict(predict) => predict.run(),
            Self::Completions(completions) => Ok(completions.run()),
            Self::Man(man) => man.run(),
        }
    }
}
