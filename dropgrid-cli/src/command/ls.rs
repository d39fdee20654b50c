//! `dropgrid ls`: the studies of folders.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use clap::Args;
use dropgrid_core::escape::{escaped, shown};
use serde_json::{Value, json};

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::Glance,
    table,
};

/// List studies: model, candidates and fits that are done, failures, the best score, the last change
#[derive(Debug, Args)]
pub(crate) struct Ls {
    /// Studies, or folders of them
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    form: Form,
}

impl Ls {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let mut paths = Vec::new();
        for path in &self.paths {
            if path.is_dir() {
                paths.extend(studies(path)?);
            } else {
                paths.push(path.clone());
            }
        }
        let read = paths.iter().map(|path| (path, Glance::of(path)));
        let read: Vec<(&PathBuf, Result<Glance, Error>)> = read.collect();
        let is_wrong = read.iter().any(|(_, study)| study.is_err());
        if self.form.json {
            let studies = read.iter().map(|(path, study)| match study {
                Ok(study) => Value::Object(study.summary()),
                Err(error) => json!({ "path": path.to_string_lossy(), "error": error.to_string() }),
            });
            return Ok(envelope("ls", [("studies", studies.collect())]).wrong_if(is_wrong));
        }
        let rows: Vec<Vec<String>> = read.iter().filter_map(|(_, study)| study.as_ref().ok()).map(row).collect();
        let remarks = read.iter().filter_map(|(_, study)| Some(study.as_ref().err()?.to_string())).collect();
        let text = match (rows.is_empty(), is_wrong) {
            (true, false) => "no studies\n".to_owned(),
            (true, true) => String::new(),
            (false, _) => {
                let header = ["study", "model", "candidates", "fits", "failed", "best", "changed"].map(str::to_owned);
                table::droppable(&header, &rows, 2, &[(1, "model"), (4, "failed"), (6, "changed")])
            }
        };
        Ok(Outcome { remarks, is_wrong, ..Outcome::text(&text) })
    }
}

fn row(study: &Glance) -> Vec<String> {
    let overview = &study.overview;
    let best = study.best().map(|(metric, score)| format!("{} {score:.6}", escaped(metric)));
    let of = |done: usize, all: usize| if done == all { done.to_string() } else { format!("{done} of {all}") };
    vec![
        shown(&study.path),
        escaped(study.model().unwrap_or("-")).into_owned(),
        of(overview.done, overview.candidates),
        of(overview.fits, study.planned().unwrap_or(overview.fits)),
        overview.failed.to_string(),
        best.unwrap_or_else(|| "-".to_owned()),
        study.changed_in_short().unwrap_or_else(|| "-".to_owned()),
    ]
}

/// The studies in a folder, by name: files with the extension `study`, and files with the mark of a study. A study that
/// was just begun has its mark in the write-ahead log; its lock file tells.
pub(crate) fn studies(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let cannot = |source| Error::Folder { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let mut lock = path.as_os_str().to_owned();
        lock.push("-lock");
        let is_named = path.extension().is_some_and(|extension| extension == "study");
        if path.is_file() && (is_named || is_marked(&path) || Path::new(&lock).exists()) {
            paths.push(path.strip_prefix("./").map(Path::to_owned).unwrap_or(path));
        }
    }
    paths.sort();
    Ok(paths)
}

/// True where a file begins as an SQLite file with the mark of a study.
fn is_marked(path: &Path) -> bool {
    let mut head = [0; 72];
    let is_read = File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok();
    is_read && head.starts_with(b"SQLite format 3\0") && head.ends_with(b"drop")
}
