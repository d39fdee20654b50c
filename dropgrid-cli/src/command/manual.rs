//! `dropgrid completions` and `dropgrid man`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use crate::{args, error::Error, outcome::Outcome};

/// Print the completions of a shell
///
/// For bash, for example: `dropgrid completions bash > ~/.local/share/bash-completion/completions/dropgrid`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Outcome {
        let mut bytes = Vec::new();
        clap_complete::generate(self.shell, &mut args::Args::command(), "dropgrid", &mut bytes);
        Outcome::data(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Print the manual page: `dropgrid man > dropgrid.1`; that of a command: `dropgrid man show`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command whose page it is
    command: Option<String>,
}

impl Man {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let mut all = args::Args::command();
        all.build();
        let page = match &self.command {
            None => all,
            Some(name) => {
                let known: Vec<String> = all.get_subcommands().map(|command| command.get_name().to_owned()).collect();
                let found = all.get_subcommands().find(|command| command.get_name() == name);
                let found = found.ok_or_else(|| Error::UnknownCommand { name: name.clone(), known })?;
                found.clone()
            }
        };
        let mut bytes = Vec::new();
        Page::new(page).render(&mut bytes).map_err(Error::Output)?;
        Ok(Outcome::data(String::from_utf8_lossy(&bytes).into_owned()))
    }
}
