//! The common part of all scripts: the call of this program in shell syntax.

use std::{env, fmt::Write, path::Path, process::Command};

use crate::{
    cluster::arguments::SubmitSettings,
    error::{ClusterError, Error, Result},
    file,
    study::Study,
};

/// The call of this program in a script.
pub(super) struct Script {
    /// The working directory of this process, to which paths of data are relative.
    pub(super) folder: String,
    program: String,
    /// The options of every command, in shell syntax.
    options: String,
    /// A name for jobs.
    pub(super) name: String,
}

impl Script {
    /// # Errors
    /// [`ClusterError::Scheduler`] if the system does not know the program's path.
    pub(super) fn new(study: &Study, behind: &[String], options: &[String]) -> Result<Self> {
        let cannot = |error: std::io::Error| {
            Error::Cluster(ClusterError::Scheduler {
                program: "the path of this program".to_owned(),
                message: error.to_string(),
            })
        };
        let folder = env::current_dir().map_err(cannot)?;
        let program = env::current_exe().map_err(cannot)?;
        let stem = study.path().file_stem().unwrap_or_default().to_string_lossy();
        // Schedulers and Kubernetes allow few other characters in names.
        let name = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        let name = format!("dropgrid-{}", name.collect::<String>().trim_matches('-'));
        Ok(Self {
            folder: quoted(&folder.to_string_lossy()),
            program: quoted(&program.to_string_lossy()) + &words(behind),
            options: words(options),
            name,
        })
    }

    /// Returns a command of this program in shell syntax.
    pub(super) fn command(&self, command: &str) -> String {
        format!("{} {command}{}", self.program, self.options)
    }
}

/// Returns words in shell syntax, each after a space.
pub(super) fn words(options: &[String]) -> String {
    options.iter().fold(String::new(), |mut text, word| {
        // Writing to a string cannot fail.
        let _ = write!(text, " {}", quoted(word));
        text
    })
}

/// Quotes a text so that a shell reads it as one word, character by character.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,%@+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Returns a script that runs one round after the other. `about` describes the script. `run` runs the units in the
/// variable `units`, which `status` lists with `options`.
pub(super) fn rounds(script: &Script, settings: &SubmitSettings, about: &str, run: &str, options: &str) -> String {
    let plan = script.command(&format!("plan --unit-time {}", settings.plan.unit_time.as_secs_f64()));
    let (status, report) = (script.command(&format!("status {options}")), script.command("report"));
    let folder = &script.folder;
    format!(
        "#!/bin/bash
# {about}
cd {folder} || exit 2
before=
while true; do
  # Collects, and plans the next round where nothing is missing.
  planned=$({plan}) || exit
  echo \"$planned\"
  units=$({status})
  [ -n \"$units\" ] || break
  if [ \"$planned\" = \"$before\" ]; then
    echo 'no missing unit has come to a result or a further checkpoint' >&2
    exit 1
  fi
  before=$planned
  {run}
done
exec {report}
"
    )
}

/// Writes an executable script.
///
/// # Errors
/// Those of [`file::write`].
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    file::write(path, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        // Without the permission, `bash` can still run it.
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755));
    }
    Ok(())
}

/// Runs a program of the scheduler and returns its output.
///
/// # Errors
/// [`ClusterError::Scheduler`] if the program does not exist or fails.
pub(super) fn output(program: &str, arguments: &[String]) -> Result<String> {
    let failed = |message: String| {
        let program = format!("{program}{}", words(arguments));
        Error::Cluster(ClusterError::Scheduler { program, message })
    };
    let output = Command::new(program).args(arguments).output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_each_word_as_it_is() {
        for word in ["plain", "", "two words", "it's", "$HOME", "`x`", "a\"b", "-- x", "é", "*"] {
            let echoed = Command::new("sh").args(["-c", &format!("printf %s {}", quoted(word))]).output();
            assert_eq!(String::from_utf8_lossy(&echoed.expect("a shell").stdout), word);
        }
        assert_eq!(words(&["--mem=2G".to_owned(), "a b".to_owned()]), " --mem=2G 'a b'");
    }
}
