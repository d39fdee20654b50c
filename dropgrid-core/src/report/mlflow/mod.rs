//! Searches as experiments in the files of MLflow, which its own reader takes.

mod run;
mod text;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use dropgrid_view::SearchView;
use sha2::{Digest, Sha256};

use super::Report;
use crate::{
    error::{Error, FileError, Result},
    limit::outlive_size_limits,
    model::Model,
};
use run::write_run;
use text::{address, file_name, quoted};

impl<M: Model, T, F> Report<M, T, F> {
    /// Writes the candidates as an experiment of
    /// [MLflow](https://mlflow.org/docs/latest/self-hosting/architecture/backend-store/) into a folder of its files,
    /// `mlruns`, which may have other experiments. An export of the same search is replaced.
    ///
    /// A candidate is a run with its hyperparameters as parameters. Metrics are those of
    /// [`columns`](super::CvResults::columns), and the means over the folds by epoch. `mlflow migrate-filestore
    /// --source mlruns --target sqlite:///mlflow.db` takes the folder into MLflow's database. MLflow before 3.17, or a
    /// later one with `MLFLOW_ALLOW_FILE_STORE=true`, opens it as it is.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn to_mlflow(&self, folder: impl AsRef<Path>) -> Result<PathBuf> {
        write_mlflow(&self.view(), folder.as_ref())
    }
}

/// An experiment whose runs are written.
struct Experiment<'a> {
    view: &'a SearchView,
    /// A number of 18 digits.
    id: String,
    /// The time of the export, in milliseconds since 1970.
    now: u64,
    /// The address of its folder.
    address: String,
}

/// Writes a search as an experiment into a folder of MLflow's files, in place of an earlier export of the same search.
/// Returns the folder of the experiment.
///
/// # Errors
/// [`FileError::Write`].
pub fn write_mlflow(view: &SearchView, folder: &Path) -> Result<PathBuf> {
    outlive_size_limits();
    write(view, folder).map_err(|source| Error::File(FileError::Write { path: folder.to_owned(), source }))
}

fn write(view: &SearchView, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let folder = fs::canonicalize(folder)?;
    let id = id(view);
    let target = folder.join(&id);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64);
    let experiment = Experiment { view, now, address: address(&target), id };
    // Beside the other experiments, so that it is there whole or not at all. MLflow passes over names with a dot.
    let beside = folder.join(format!(".{}.{}.part", experiment.id, process::id()));
    let written = experiment.write(&beside, &folder).and_then(|()| {
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        fs::rename(&beside, &target)
    });
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed either changes nothing.
        let _ = fs::remove_dir_all(&beside);
    }
    written.map(|()| target)
}

impl Experiment<'_> {
    /// Writes the experiment's own file, its tags and its runs.
    fn write(&self, to: &Path, folder: &Path) -> io::Result<()> {
        let Self { view, id, now, address } = self;
        fs::create_dir_all(to.join("tags"))?;
        let name = quoted(&self.free_name(folder)?);
        let meta = format!(
            "artifact_location: {}\ncreation_time: {now}\nexperiment_id: '{id}'\nlast_update_time: {now}\n\
             lifecycle_stage: active\nname: {name}\n",
            quoted(address)
        );
        fs::write(to.join("meta.yaml"), meta)?;
        for fact in &view.facts {
            fs::write(to.join("tags").join(file_name(&format!("dropgrid {}", fact.name))), text::cut(&fact.text))?;
        }
        view.candidates.iter().try_for_each(|candidate| write_run(self, candidate, to))
    }

    /// The name of the model, with a number where another experiment of the folder has it: MLflow wants names that
    /// differ.
    fn free_name(&self, folder: &Path) -> io::Result<String> {
        let mut taken = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy() == self.id) {
                continue;
            }
            let meta = fs::read_to_string(path.join("meta.yaml")).unwrap_or_default();
            let name = meta.lines().find_map(|line| line.strip_prefix("name: ")).unwrap_or_default();
            taken.push(name.trim().trim_matches(['"', '\'']).to_owned());
        }
        let title = if self.view.title.is_empty() { "dropgrid" } else { &self.view.title };
        let title: String = title.chars().take(400).collect();
        let numbered = (2..).map(|number: usize| format!("{title} {number}"));
        let mut names = std::iter::once(title.clone()).chain(numbered);
        let is_free = |name: &String| !taken.iter().any(|other| other == quoted(name).trim_matches('"'));
        Ok(names.find(is_free).unwrap_or(title))
    }
}

/// A number that is the same for every export of the search, whatever became of it.
fn id(view: &SearchView) -> String {
    let mut hash = Sha256::new();
    let is_of_search = |name: &str| !matches!(name, "digest" | "made by");
    let facts = view.facts.iter().filter(|fact| is_of_search(&fact.name)).map(|fact| &fact.text);
    for text in [&view.title].into_iter().chain(facts) {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    let bytes = hash.finalize();
    let number = bytes.iter().take(8).fold(0, |number: u64, &byte| number << 8 | u64::from(byte));
    format!("{:018}", 100_000_000_000_000_000 + number % 900_000_000_000_000_000)
}

#[cfg(test)]
mod tests {
    use dropgrid_view::{Axis, Candidate, Metric, State, Summary};

    use super::*;

    fn view(title: &str) -> SearchView {
        let summary = Summary { mean: Some(0.5), rank: 1, scores: vec![Some(0.25), None], ..Summary::default() };
        let candidate = |number: usize, state| Candidate {
            number,
            params: vec![0.1.into(), "a\n: b".into()],
            summaries: vec![summary.clone()],
            state,
            ..Candidate::default()
        };
        let axis = |name: &str| Axis { name: name.to_owned(), ..Axis::default() };
        SearchView {
            title: title.to_owned(),
            metrics: vec![Metric { name: "accuracy".to_owned(), maximize: true }],
            axes: vec![axis("lr"), axis("../act")],
            candidates: vec![candidate(0, State::Complete), candidate(1, State::Failed)],
            ..SearchView::default()
        }
    }

    #[test]
    fn an_experiment_has_a_folder_for_each_run_and_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("mlruns");
        let first = write_mlflow(&view("Net \"é\": {x}"), &root).expect("written");
        fs::write(first.join("old"), "").expect("written");
        assert_eq!(write_mlflow(&view("Net \"é\": {x}"), &root).expect("written"), first);
        assert!(!first.join("old").exists(), "what was there is gone");
        let meta = fs::read_to_string(first.join("meta.yaml")).expect("a file");
        assert!(meta.contains("name: \"Net \\\"é\\\": {x}\"\n"), "{meta}");
        let runs: Vec<PathBuf> = fs::read_dir(&first)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.join("meta.yaml").exists())
            .collect();
        assert_eq!(runs.len(), 2);
        for run in &runs {
            let read = |name: &str| fs::read_to_string(run.join(name)).expect("a file");
            assert_eq!((read("params/lr"), read("params/_.._act")), ("0.1".to_owned(), "a\n: b".to_owned()));
            assert!(read("metrics/mean_test_accuracy").ends_with(" 0.5 0\n"));
            assert!(
                run.join("metrics/split0_test_accuracy").exists() && !run.join("metrics/split1_test_accuracy").exists()
            );
        }
        let statuses: Vec<bool> =
            ["status: 3\n", "status: 4\n"].map(|status| runs.iter().any(|run| has(run, status))).into();
        assert_eq!(statuses, [true, true]);
        assert_eq!(fs::read_dir(&root).expect("a folder").count(), 1, "nothing is left beside it");
    }

    fn has(run: &Path, line: &str) -> bool {
        fs::read_to_string(run.join("meta.yaml")).is_ok_and(|meta| meta.contains(line))
    }

    #[test]
    fn two_searches_of_a_model_have_names_that_differ() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut other = view("Net");
        other.facts.push(super::super::fact("seed", "7"));
        let names = [&view("Net"), &other].map(|view| {
            let path = write_mlflow(view, folder.path()).expect("written");
            let meta = fs::read_to_string(path.join("meta.yaml")).expect("a file");
            meta.lines().last().expect("a name").to_owned()
        });
        assert_eq!(names, ["name: \"Net\"", "name: \"Net 2\""]);
    }
}
