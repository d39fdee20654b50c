//! Rows of the file, and what they say.

use std::{collections::BTreeMap, time::Duration};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{format, states};

use crate::{
    record::Record,
    study::{
        FitName, Kept,
        encode::{
            details_from_text, details_to_text, failure_from_text, failure_to_text, from_bytes, to_bytes,
            warnings_from_text, warnings_to_text,
        },
    },
};

/// A record as it stands in the file.
pub(in crate::study) struct Row {
    pub(in crate::study) params: String,
    pub(in crate::study) fold: u32,
    scores: Option<Vec<u8>>,
    train_scores: Option<Vec<u8>>,
    failure: Option<String>,
    warnings: String,
    times: [i64; 2],
    details: String,
}

/// The columns of every format.
const SELECT: &str = "SELECT params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, score_nanoseconds";

impl Row {
    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            params: row.get(0)?,
            fold: row.get(1)?,
            scores: row.get(2)?,
            train_scores: row.get(3)?,
            failure: row.get(4)?,
            warnings: row.get(5)?,
            times: [row.get(6)?, row.get(7)?],
            details: row.get(8)?,
        })
    }

    /// What it says; `None` where it is nothing that was written as a record.
    pub(in crate::study) fn kept(self) -> Option<Kept> {
        let outcome = match (self.scores, self.failure) {
            (Some(scores), None) => Ok(from_bytes(&scores)?),
            (None, Some(failure)) => Err(failure_from_text(&failure)?),
            _ => return None,
        };
        let train_scores = match self.train_scores {
            Some(scores) => Some(from_bytes(&scores)?),
            None => None,
        };
        let [fit_time, score_time] = self.times.map(|time| Duration::from_nanos(u64::try_from(time).unwrap_or(0)));
        let warnings = warnings_from_text(&self.warnings)?;
        let details = details_from_text(&self.details)?;
        let (candidate, fold) = (0, self.fold);
        let record = Record { candidate, fold, outcome, warnings, train_scores, fit_time, score_time, details };
        Some(Kept { params: self.params, record })
    }
}

/// The rows of all records; an error of one row, as of a text that is none, leaves the others.
pub(in crate::study) fn read(connection: &Connection, format: i32) -> rusqlite::Result<Vec<rusqlite::Result<Row>>> {
    let details = if format < format::DETAILS { "'{}'" } else { "details" };
    let mut statement = connection.prepare(&format!("{SELECT}, {details} FROM record"))?;
    let rows = statement.query_map([], Row::from_row)?;
    Ok(rows.collect())
}

/// What came of one fit; nothing where it is not kept, or where what is kept cannot be read.
pub(super) fn one(connection: &Connection, fit: &FitName) -> rusqlite::Result<Option<Record>> {
    let mut statement =
        connection.prepare_cached(&format!("{SELECT}, details FROM record WHERE params = ?1 AND fold = ?2"))?;
    let row = statement.query_row(params![fit.params, fit.fold], Row::from_row).optional()?;
    Ok(row.and_then(Row::kept).map(|kept| kept.record))
}

/// Adds records; those of a candidate and a fold that are there stay as they are.
pub(super) fn write(transaction: &Transaction<'_>, fits: &[Kept]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO record
         (params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, score_nanoseconds, details)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    )?;
    for Kept { params, record } in fits {
        let [fit, score] = [record.fit_time, record.score_time].map(|time| time.as_nanos() as i64);
        statement.execute(params![
            params,
            record.fold,
            record.outcome.as_ref().ok().map(|scores| to_bytes(scores)),
            record.train_scores.as_ref().map(|scores| to_bytes(scores)),
            record.outcome.as_ref().err().map(failure_to_text),
            warnings_to_text(&record.warnings),
            fit,
            score,
            details_to_text(&record.details),
        ])?;
        states::forget(transaction, params, record.fold)?;
    }
    Ok(())
}

/// The names and texts of a table of such: the identity's or the legend's.
pub(in crate::study) fn texts(
    connection: &Connection,
    table: &'static str,
) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare(&format!("SELECT name, value FROM {table}"))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// Writes the names and texts of a table of such in place of what stands there.
pub(super) fn replace_texts<'a>(
    transaction: &Transaction<'_>,
    table: &'static str,
    texts: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> rusqlite::Result<()> {
    transaction.execute(&format!("DELETE FROM {table}"), [])?;
    let mut statement = transaction.prepare_cached(&format!("INSERT INTO {table} (name, value) VALUES (?1, ?2)"))?;
    for (name, value) in texts {
        statement.execute([name, value])?;
    }
    Ok(())
}
