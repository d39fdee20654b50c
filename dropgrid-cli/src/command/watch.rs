//! `dropgrid watch`: a study under way, in the terminal.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use clap::Args;
use dropgrid_core::{
    escape::{escaped, escaped_lines},
    report::obeys_escapes,
};

use crate::{
    error::Error,
    outcome::Outcome,
    study::{Glance, Study, changed},
    table,
};

/// Follow a study that a search is writing, until the search is over
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The study's file
    study: PathBuf,
    /// Seconds between two looks
    #[arg(long, value_name = "SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// Candidates shown on a terminal
    #[arg(long, value_name = "COUNT", default_value_t = 8)]
    top: usize,
}

/// The looks at a file that does not change and has no process, after which the search is over.
const QUIET: u32 = 2;

impl Watch {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let is_terminal = io::stdout().is_terminal() && obeys_escapes();
        let (mut last, mut quiet, mut said) = (None, 0, String::new());
        loop {
            let now = changed(&self.study);
            let study = Study::open(&self.study)?;
            let glance = study.glance();
            let line = line(&glance);
            let text = if is_terminal { screen(&study, &line, self.top) } else { format!("{line}\n") };
            if text != said && !write(&text, is_terminal)? {
                return Ok(Outcome::default());
            }
            said = text;
            quiet = if glance.overview.info.running.processes == 0 && now == last { quiet + 1 } else { 0 };
            if is_over(&glance) || quiet >= QUIET {
                return Ok(Outcome::default());
            }
            last = now;
            wait(&self.study, now, Duration::from_secs(self.every));
        }
    }
}

/// True where no process works on the study and every planned fit is done.
fn is_over(glance: &Glance) -> bool {
    let overview = &glance.overview;
    overview.info.running.processes == 0 && glance.planned().is_some_and(|planned| overview.fits >= planned)
}

/// The state of the search in a line.
fn line(glance: &Glance) -> String {
    let overview = &glance.overview;
    let of = glance.planned().map(|planned| format!(" of {planned}")).unwrap_or_default();
    let failed = if overview.failed > 0 { format!(", {} failed", overview.failed) } else { String::new() };
    let best = glance.best().map(|(metric, best)| format!(", best {} {best:.4}", escaped(metric))).unwrap_or_default();
    let running = overview.info.running;
    let state = match running.processes {
        0 => ", no process works on it".to_owned(),
        1 => format!(", {} under way", running.fits),
        processes => format!(", {} under way in {processes} processes", running.fits),
    };
    format!("{}{of} fits{failed}{best}{state}", overview.fits)
}

/// The line with a bar, and the best candidates so far.
fn screen(study: &Study, line: &str, top: usize) -> String {
    const WIDTH: usize = 30;
    let glance = study.glance();
    let bar = glance.planned().filter(|&planned| planned > 0).map(|planned| {
        let done = (glance.overview.fits * WIDTH / planned).min(WIDTH);
        format!("{}{} ", "━".repeat(done), "─".repeat(WIDTH - done))
    });
    let table = if study.results.candidates().is_empty() { String::new() } else { table::results(study, top, false) };
    format!("{}{line}\n{table}", bar.unwrap_or_default())
}

/// Writes a text, in place of all that a terminal shows. False where nobody reads it any more.
fn write(text: &str, is_terminal: bool) -> Result<bool, Error> {
    let text = escaped_lines(text);
    // Home, the text with the rest of each line cleared, and the rest of the screen cleared: nothing flickers.
    let text =
        if is_terminal { format!("\u{1b}[H{}\u{1b}[J", text.replace('\n', "\u{1b}[K\n")) } else { text.into_owned() };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// Waits, and on while the file does not change, for at most ten times as long: processes come and go without a change.
fn wait(study: &Path, last: Option<SystemTime>, every: Duration) {
    for _ in 0..10 {
        thread::sleep(every);
        if changed(study) != last {
            return;
        }
    }
}
