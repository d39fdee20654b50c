//! Kubernetes: an Indexed Job for the missing units of a round.
//!
//! The fields are those of `batch/v1` of Kubernetes 1.33.

use std::path::Path;

use super::script::{Script, quoted};

use crate::{
    cluster::{
        arguments::SubmitSettings,
        folder::{Folder, make},
        plan::Plan,
        ranges,
    },
    error::{ClusterError, Result},
    file,
};

/// The default number of pods that run at the same time.
const PARALLELISM: usize = 100;

/// Writes the job and returns what to tell the user.
///
/// # Errors
/// [`ClusterError::Usage`] if the image or the volume claim is missing.
pub(super) fn write_job(
    plan: &Plan,
    missing: &[usize],
    folder: &Folder,
    settings: &SubmitSettings,
    script: &Script,
) -> Result<String> {
    let (Some(image), Some(claim)) = (&settings.image, &settings.claim) else {
        let message = "`submit kubernetes` needs `--image`, the image that has this program, and `--claim`, the claim of a \
                       volume that has the folder";
        return Err(ClusterError::Usage { message: message.to_owned() }.into());
    };
    let own = folder.path().join("kubernetes");
    make(&own)?;
    let (round, count, cpus) = (plan.round, missing.len(), settings.cpus);
    let path = own.join(format!("round-{round}.yaml"));
    let shared = std::fs::canonicalize(folder.path()).unwrap_or_else(|_| folder.path().to_owned());
    // The pods need the program's folder and the units under one mount.
    let here = std::env::current_dir().unwrap_or_default();
    let is_above = |folder: &&Path| shared.starts_with(folder) && folder.parent().is_some();
    let Some(mount) = here.ancestors().find(is_above) else {
        let (here, shared) = (here.display(), shared.display());
        let message = format!("a pod has one volume, and no folder but / holds both {here} and {shared}");
        return Err(ClusterError::Usage { message }.into());
    };
    let mount = mount.to_string_lossy().into_owned();
    let command =
        script.command(&format!("run-unit --round {round} --workers {cpus} --of {}", ranges::to_text(missing)));
    let text = format!(
        "# The units of round {round} that are missing. The program, and the folder {mount}, stand in the pods where they stand
# here.
apiVersion: batch/v1
kind: Job
metadata:
  generateName: {name}-round-{round}-
spec:
  completionMode: Indexed
  completions: {count}
  parallelism: {parallelism}
  # A unit whose pod fails is run again, and the others go on.
  backoffLimitPerIndex: 6
  podFailurePolicy:
    rules:
      # A node that is drained or lost, or a pod that is preempted, is no failure of the unit.
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
            status: \"True\"
      # The plan is another program's: no further try would do.
      - action: FailIndex
        onExitCodes:
          containerName: unit
          operator: In
          values: [64]
  template:
    spec:
      restartPolicy: Never
      # A unit that is asked to end has so long to write a checkpoint.
      terminationGracePeriodSeconds: 60
      containers:
        - name: unit
          image: {image}
          # The place in the list of units is JOB_COMPLETION_INDEX.
          command: [\"/bin/sh\", \"-c\", {command}]
          resources:
            requests:
              cpu: \"{cpus}\"
          volumeMounts:
            - name: shared
              mountPath: {mount}
      volumes:
        - name: shared
          persistentVolumeClaim:
            claimName: {claim}
",
        name = script.name,
        parallelism = settings.limit.unwrap_or(PARALLELISM).min(count.max(1)),
        image = text(image),
        claim = text(claim),
        mount = text(&mount),
        command = text(&format!("cd {} || exit 64; exec {command}", script.folder)),
    );
    file::write(&path, text)?;
    Ok(format!(
        "`kubectl create -f {}` runs the units; when the job is done, the same command collects them and writes the next",
        quoted(&path.to_string_lossy())
    ))
}

/// Returns a text as a YAML string, in JSON notation.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
