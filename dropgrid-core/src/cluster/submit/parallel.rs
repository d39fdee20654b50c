//! A few machines with GNU parallel over ssh, or one machine with `xargs`: a script that runs one round after the
//! other.

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
    let own = folder.path().join("parallel");
    make(&own)?;
    let own = std::fs::canonicalize(&own).unwrap_or(own);
    let path = own.join("run.sh");
    let unit = script.command(&format!("run-unit --workers {}", settings.cpus));
    let options = words(&settings.options);
    let text = rounds(
        script,
        settings,
        "A search by GNU parallel, or by xargs where there is none. HOSTS may name a file of ssh machines that share this
# folder, one a line, like `8/node1` for 8 units at once.",
        &format!(
            "if parallel --version 2>/dev/null | grep -q GNU; then
    echo \"$units\" | parallel --quote --workdir .{options} ${{HOSTS:+--sshloginfile \"$HOSTS\"}} ${{JOBS:+--jobs \"$JOBS\"}} \\
      {unit} {{}} || true
  else
    echo \"$units\" | xargs -P \"${{JOBS:-$(getconf _NPROCESSORS_ONLN)}}\" -n 1 sh -c '\"$@\" || true' sh {unit}
  fi"
        ),
        "--missing --lines",
    );
    write(&path, &text)?;
    Ok(format!(
        "run `bash {}` on this machine: it runs missing units, collects, and goes on to the next round; HOSTS=file names \
         machines for GNU parallel, JOBS the units at once",
        quoted(&path.to_string_lossy())
    ))
}
