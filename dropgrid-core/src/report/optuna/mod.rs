//! Searches as databases of Optuna 5, which its dashboard and other programs read.

mod distribution;
mod schema;
mod trials;

use std::{
    fs,
    path::{Path, PathBuf},
    process,
};

use dropgrid_view::SearchView;
use rusqlite::{Connection, Transaction, params};
use serde_json::{Value, json};

use super::Report;
use crate::{
    error::{Error, FileError, Result},
    limit::outlive_size_limits,
    model::Model,
};
use distribution::Distribution;

impl<M: Model, T, F> Report<M, T, F> {
    /// Writes the candidates as a database of [Optuna
    /// 5](https://optuna.readthedocs.io/en/stable/reference/storages.html), in place of a file that is there:
    /// `optuna.load_study(study_name=None, storage="sqlite:///x.db")` reads it, and so does `optuna-dashboard
    /// sqlite:///x.db`. The study has the name of the model.
    ///
    /// A candidate is a trial with the deciding metric as its value; scores of folds and other metrics are user
    /// attributes. Lists of values become stepped or categorical distributions, ranges stay ranges. Intermediate values
    /// are the scores by epoch where they are known, else the monitored quantity, each the mean over the folds.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn to_optuna(&self, path: impl AsRef<Path>) -> Result<()> {
        write_optuna(&self.view(), path.as_ref())
    }
}

/// Writes a search as a database of Optuna 5, in place of a file that is there.
///
/// # Errors
/// [`FileError::Write`].
pub fn write_optuna(view: &SearchView, path: &Path) -> Result<()> {
    outlive_size_limits();
    let error = |source| Error::File(FileError::Write { path: path.to_owned(), source });
    // Beside the file, so that it is replaced whole or not at all.
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", process::id()));
    let beside = PathBuf::from(beside);
    let written = write(view, &beside).map_err(std::io::Error::other).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed either changes nothing.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(error)
}

fn write(view: &SearchView, path: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(schema::SCHEMA)?;
    study(&transaction, view)?;
    let distributions: Vec<Distribution> = (0..view.axes.len()).map(|axis| Distribution::of(view, axis)).collect();
    trials::trials(&transaction, view, &distributions)?;
    transaction.commit()
}

/// The study's own rows.
fn study(to: &Transaction<'_>, view: &SearchView) -> rusqlite::Result<()> {
    let name = if view.title.is_empty() { "dropgrid" } else { &view.title };
    let maximize = view.metric().is_none_or(|metric| metric.maximize);
    to.execute("INSERT INTO studies VALUES (1, ?1)", params![name])?;
    let direction = if maximize { "MAXIMIZE" } else { "MINIMIZE" };
    to.execute("INSERT INTO study_directions VALUES (1, ?1, 1, 0)", params![direction])?;
    let metric = view.metric().map_or("score", |metric| &metric.name);
    let system = "INSERT INTO study_system_attributes (study_id, \"key\", value_json) VALUES (1, ?1, ?2)";
    to.execute(system, params!["study:metric_names", json!([metric]).to_string()])?;
    let user = "INSERT INTO study_user_attributes (study_id, \"key\", value_json) VALUES (1, ?1, ?2)";
    for fact in &view.facts {
        to.execute(user, params![key(&fact.name), Value::from(fact.text.as_str()).to_string()])?;
    }
    to.execute(user, params!["intermediate_values", Value::from(trials::intermediate_name(view)).to_string()])?;
    Ok(())
}

/// A name that fits the column, and that no row of this program has.
fn key(name: &str) -> String {
    format!("dropgrid {name}").chars().take(512).collect()
}
