//! Rows of the file, and what they say.

use std::{collections::BTreeMap, time::Duration};

use rusqlite::{
    Connection, Error, OptionalExtension, Transaction, params,
    types::{FromSqlError, Type},
};

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

/// A record as it stands in the file, where SQLite has it.
pub(in crate::study) struct Row<'a> {
    pub(in crate::study) params: &'a str,
    pub(in crate::study) fold: u32,
    scores: Option<&'a [u8]>,
    train_scores: Option<&'a [u8]>,
    failure: Option<&'a str>,
    warnings: &'a str,
    times: [i64; 2],
    details: &'a str,
}

/// The columns of every format.
const SELECT: &str = "SELECT params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, score_nanoseconds";

impl<'a> Row<'a> {
    fn of(row: &'a rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let other = |at, expected, error: FromSqlError| Error::FromSqlConversionFailure(at, expected, Box::new(error));
        let text = |at| row.get_ref(at)?.as_str().map_err(|error| other(at, Type::Text, error));
        let bytes = |at| row.get_ref(at)?.as_blob_or_null().map_err(|error| other(at, Type::Blob, error));
        Ok(Self {
            params: text(0)?,
            fold: row.get(1)?,
            scores: bytes(2)?,
            train_scores: bytes(3)?,
            failure: row.get_ref(4)?.as_str_or_null().map_err(|error| other(4, Type::Text, error))?,
            warnings: text(5)?,
            times: [row.get(6)?, row.get(7)?],
            details: text(8)?,
        })
    }

    /// What it says; `None` where it is nothing that was written as a record.
    pub(in crate::study) fn record(&self) -> Option<Record> {
        let outcome = match (self.scores, self.failure) {
            (Some(scores), None) => Ok(from_bytes(scores)?),
            (None, Some(failure)) => Err(failure_from_text(failure)?),
            _ => return None,
        };
        let train_scores = match self.train_scores {
            Some(scores) => Some(from_bytes(scores)?),
            None => None,
        };
        let [fit_time, score_time] = self.times.map(|time| Duration::from_nanos(u64::try_from(time).unwrap_or(0)));
        let warnings = warnings_from_text(self.warnings)?;
        let details = details_from_text(self.details)?;
        let (candidate, fold) = (0, self.fold);
        Some(Record { candidate, fold, outcome, warnings, train_scores, fit_time, score_time, details })
    }
}

/// Gives `each` the rows of all records, those of a candidate one after the other; an error of one row, as of a text that
/// is none, leaves the others.
pub(in crate::study) fn read(
    connection: &Connection,
    format: i32,
    mut each: impl FnMut(rusqlite::Result<Row<'_>>),
) -> rusqlite::Result<()> {
    let details = if format < format::DETAILS { "'{}'" } else { "details" };
    let mut statement = connection.prepare(&format!("{SELECT}, {details} FROM record ORDER BY params, fold"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(Row::of(row));
    }
    Ok(())
}

/// What came of one fit; nothing where it is not kept, or where what is kept cannot be read.
pub(super) fn one(connection: &Connection, fit: &FitName) -> rusqlite::Result<Option<Record>> {
    let mut statement =
        connection.prepare_cached(&format!("{SELECT}, details FROM record WHERE params = ?1 AND fold = ?2"))?;
    let record = |row: &rusqlite::Row<'_>| Ok(Row::of(row)?.record());
    Ok(statement.query_row(params![fit.params, fit.fold], record).optional()?.flatten())
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

/// Takes the records of fits away.
pub(super) fn remove(transaction: &Transaction<'_>, fits: &[FitName]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("DELETE FROM record WHERE params = ?1 AND fold = ?2")?;
    fits.iter().try_for_each(|fit| statement.execute(params![fit.params, fit.fold]).map(drop))
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
