//! `dropgrid watch`: a study under way, in the terminal.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

use clap::Args;
use dropgrid_core::{
    escape::{escaped, escaped_lines},
    report::{line_width, text_width, wrap},
};

use crate::{
    error::Error,
    outcome::Outcome,
    screen::Screen,
    study::{Glance, Study, changed},
    table,
};

/// Follow a study that a search is writing, until the search is over: finished fits, their rate, the time left, the
/// best candidates
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
        let screen = Screen::of_stdout();
        let (mut last, mut quiet, mut said) = (None, 0, String::new());
        loop {
            let now = changed(&self.study);
            let study = Study::open(&self.study)?;
            let glance = study.glance();
            let line = line(&glance);
            let text = if screen.is_some() { overview(&study, &line, self.top) } else { format!("{line}\n") };
            if text != said && !write(&text, screen.as_ref())? {
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
        0 if is_over(glance) => ", done".to_owned(),
        0 => ", no process works on it".to_owned(),
        1 => format!(", {} under way", running.fits),
        processes => format!(", {} under way in {processes} processes", running.fits),
    };
    let pace = overview.pace.to_string();
    let pace = if pace.is_empty() { pace } else { format!(", {pace}") };
    format!("{}{of} fits{pace}{failed}{best}{state}", overview.fits)
}

/// The line behind a bar, or below it where both have no room beside each other, and the best candidates so far.
fn overview(study: &Study, line: &str, top: usize) -> String {
    const WIDTH: usize = 30;
    let room = line_width().unwrap_or(usize::MAX).max(2);
    let width = WIDTH.min(room - 1);
    let glance = study.glance();
    let bar = glance.planned().filter(|&planned| planned > 0).map(|planned| {
        let done = (glance.overview.fits * width / planned).min(width);
        format!("{}{}", "━".repeat(done), "─".repeat(width - done))
    });
    let beside = width + 1 + text_width(line) < room;
    let between = if beside { " " } else { "\n" };
    let bar = bar.map(|bar| bar + between).unwrap_or_default();
    let line = wrap(line, room).join("\n");
    let table = if study.results.candidates().is_empty() { String::new() } else { table::results(study, top, false) };
    format!("{bar}{line}\n{table}")
}

/// Shows a text on the screen, or else writes it. False where nobody reads it any more.
fn write(text: &str, screen: Option<&Screen>) -> Result<bool, Error> {
    let written = match screen {
        Some(screen) => screen.show(text),
        None => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(escaped_lines(text).as_bytes()).and_then(|()| stdout.flush())
        }
    };
    match written {
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
