//! `dropgrid verify`: checks studies for damage.

use std::path::{Path, PathBuf};

use clap::Args;
use dropgrid_core::{
    escape::{escaped, shown},
    study::StudyFile,
};
use serde_json::{Value, json};

use crate::outcome::{Form, Outcome, envelope};

/// Check studies: the file's mark, format and tables, every page, and that all its rows are as they were written
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The studies' files
    #[arg(required = true)]
    studies: Vec<PathBuf>,
    #[command(flatten)]
    form: Form,
}

/// The most faults that are listed for people.
const LISTED: usize = 10;
const RESTORE: &str = "restore a copy, or begin anew in another file";
const RUN_AGAIN: &str = "its search trains what is damaged anew, or restore a copy";

/// The result of checking one file.
struct Check {
    format: Option<i32>,
    fits: usize,
    faults: Vec<String>,
    remedy: &'static str,
}

impl Verify {
    pub(crate) fn run(&self) -> Outcome {
        let found: Vec<(&PathBuf, Check)> = self.studies.iter().map(|path| (path, verify(path))).collect();
        let is_wrong = found.iter().any(|(_, found)| !found.faults.is_empty());
        if self.form.json {
            let studies = found.iter().map(|(path, found)| {
                json!({
                    "path": path.to_string_lossy(),
                    "sound": found.faults.is_empty(),
                    "format": found.format,
                    "fits": found.fits,
                    "faults": found.faults,
                })
            });
            return envelope("verify", [("studies", studies.collect::<Value>())]).wrong_if(is_wrong);
        }
        Outcome::text(&found.iter().map(|(path, found)| words(path, found)).collect::<String>()).wrong_if(is_wrong)
    }
}

fn verify(path: &Path) -> Check {
    match StudyFile::verify(path) {
        Ok(verdict) => {
            let faults = verdict.faults.iter().map(ToString::to_string).collect();
            let remedy = if verdict.is_mended_by_search() { RUN_AGAIN } else { RESTORE };
            Check { format: Some(verdict.format), fits: verdict.fits, faults, remedy }
        }
        Err(error) => Check { format: None, fits: 0, faults: vec![error.to_string()], remedy: RESTORE },
    }
}

fn words(path: &Path, found: &Check) -> String {
    let path = shown(path);
    match (found.format, found.faults.as_slice()) {
        (Some(format), []) => format!("{path} is sound: format {format}, {} fits\n", found.fits),
        (Some(_), faults) => {
            let more = faults.len().saturating_sub(LISTED);
            let mut lines = vec![format!("{path} is damaged; {}", found.remedy)];
            lines.extend(faults.iter().take(LISTED).map(|fault| format!("  {}", escaped(fault))));
            if more > 0 {
                lines.push(format!("  … and {more} more"));
            }
            lines.join("\n") + "\n"
        }
        // An error of opening names the file and says what to do.
        (None, faults) => faults.iter().map(|fault| escaped(fault)).collect::<Vec<_>>().join("\n") + "\n",
    }
}
