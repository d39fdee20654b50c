//! HyperQueue: one task array per round, submitted by a script on a machine that has `hq`.
//!
//! The options are those of `hq` 0.27.

use super::script::{Script, quoted, rounds, words, write};
use crate::{
    cluster::{
        arguments::SubmitSettings,
        folder::{Folder, make},
    },
    error::Result,
};

/// Writes the script and returns what to tell the user.
pub(super) fn write_script(folder: &Folder, settings: &SubmitSettings, script: &Script) -> Result<String> {
    let own = folder.path().join("hyperqueue");
    make(&own.join("logs"))?;
    let own = std::fs::canonicalize(&own).unwrap_or(own);
    let path = own.join("run.sh");
    let (cpus, name) = (settings.cpus, &script.name);
    // HyperQueue passes a task its number in HQ_TASK_ID, which `run-unit` reads.
    let unit = script.command(&format!("run-unit --workers {cpus}"));
    let logs = quoted(&own.join("logs").to_string_lossy());
    let text = rounds(
        script,
        settings,
        "A search by HyperQueue: run it where `hq` finds its server. Tasks of workers that are lost are run again by
# HyperQueue itself.",
        &format!(
            "hq submit --wait --array=\"$units\" --cpus={cpus} --name={name} --crash-limit=20 \\
    --stdout={logs}/%{{JOB_ID}}-%{{TASK_ID}}.log --stderr={logs}/%{{JOB_ID}}-%{{TASK_ID}}.err{} \\
    -- {unit} || true",
            words(&settings.options)
        ),
        "--missing",
    );
    write(&path, &text)?;
    Ok(format!(
        "run `bash {}` where `hq` finds its server: it submits missing units, waits for them, collects, and goes on to the \
         next round",
        quoted(&path.to_string_lossy())
    ))
}
