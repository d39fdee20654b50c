//! Rows of the file, and what they say.

use std::{collections::BTreeMap, time::Duration};

use rusqlite::{
    Connection, OptionalExtension, Transaction, params, params_from_iter,
    types::{ToSqlOutput, Value, ValueRef},
};

use super::{
    guard::Bytes,
    seal::{Seal, damaged},
    states,
};
use crate::{
    record::Record,
    study::{
        Damaged, FitName, Kept,
        encode::{
            details_from_text, details_to_text, failure_from_text, failure_to_text, from_bytes, to_bytes,
            warnings_from_text, warnings_to_text,
        },
    },
};

/// The columns of a record before its sum.
const COLUMNS: usize = 9;
const SELECT: &str = "SELECT params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, score_nanoseconds, \
                      details, seal FROM record";
const INSERT: &str = "INSERT INTO record (params, fold, scores, train_scores, failure, warnings, fit_nanoseconds, \
                      score_nanoseconds, details, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
                      ON CONFLICT DO NOTHING";
const RECORD: &str = "record";

/// A record as it stands in the file, where SQLite has it.
pub(in crate::study) struct Row<'a> {
    values: [ValueRef<'a>; COLUMNS],
    is_sealed: bool,
}

impl<'a> Row<'a> {
    fn of(row: &'a rusqlite::Row<'_>, seal: &Seal) -> rusqlite::Result<Self> {
        let mut values = [ValueRef::Null; COLUMNS];
        for (at, value) in values.iter_mut().enumerate() {
            *value = row.get_ref(at)?;
        }
        let is_sealed = row.get_ref(COLUMNS)? == ValueRef::Blob(&seal.sum(RECORD, &values));
        Ok(Self { values, is_sealed })
    }

    /// The candidate, as the file has it; `None` where that is no text.
    pub(in crate::study) fn params(&self) -> Option<&'a str> {
        text(self.values[0])
    }

    /// What is to be told of it where it is not as it was written.
    pub(in crate::study) fn damaged(&self) -> Damaged {
        let params = match self.values[0] {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        Damaged { params, fold: if let ValueRef::Integer(fold) = self.values[1] { fold } else { -1 } }
    }

    /// What it says; `None` where that is nothing that was written as a record of this study.
    pub(in crate::study) fn record(&self) -> Option<Record> {
        let [_, fold, scores, train_scores, failure, warnings, fit_time, score_time, details] = self.values;
        if !self.is_sealed || self.params().is_none() {
            return None;
        }
        let outcome = match (scores, failure) {
            (ValueRef::Blob(scores), ValueRef::Null) => Ok(from_bytes(scores)?),
            (ValueRef::Null, failure) => Err(failure_from_text(text(failure)?)?),
            _ => return None,
        };
        let train_scores = match train_scores {
            ValueRef::Null => None,
            scores => Some(from_bytes(scores.as_blob().ok()?)?),
        };
        let time = |value: ValueRef<'_>| Some(Duration::from_nanos(u64::try_from(value.as_i64().ok()?).ok()?));
        Some(Record {
            candidate: 0,
            fold: u32::try_from(fold.as_i64().ok()?).ok()?,
            outcome,
            warnings: warnings_from_text(text(warnings)?)?,
            train_scores,
            fit_time: time(fit_time)?,
            score_time: time(score_time)?,
            details: details_from_text(text(details)?)?,
        })
    }
}

fn text(value: ValueRef<'_>) -> Option<&str> {
    value.as_str().ok()
}

/// Gives `each` the rows of all records, those of a candidate one after the other.
pub(in crate::study) fn read(connection: &Connection, mut each: impl FnMut(Row<'_>)) -> rusqlite::Result<()> {
    let (seal, mut bytes) = (Seal::of(connection)?, Bytes::of(connection)?);
    let mut statement = connection.prepare(&format!("{SELECT} ORDER BY params, fold"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let row = Row::of(row, &seal)?;
        bytes.take(row.values.iter().filter_map(|value| value.as_bytes_or_null().ok()?).map(<[u8]>::len).sum())?;
        each(row);
    }
    Ok(())
}

/// The record of one fit; `None` where it is not kept, or is not as it was written.
pub(super) fn one(connection: &Connection, fit: &FitName) -> rusqlite::Result<Option<Record>> {
    let seal = Seal::of(connection)?;
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE params = ?1 AND fold = ?2"))?;
    let record = |row: &rusqlite::Row<'_>| Ok(Row::of(row, &seal)?.record());
    Ok(statement.query_row(params![fit.params, fit.fold], record).optional()?.flatten())
}

/// Adds records; those of a candidate and a fold that are there stay as they are, unless they are damaged or
/// [give way](Record::gives_way_to).
pub(super) fn write(transaction: &Transaction<'_>, fits: &[Kept]) -> rusqlite::Result<()> {
    let seal = Seal::of(transaction)?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    for Kept { params, record } in fits {
        let scores = record.outcome.as_ref().ok().map(|scores| to_bytes(scores));
        let train_scores = record.train_scores.as_ref().map(|scores| to_bytes(scores));
        let failure = record.outcome.as_ref().err().map(failure_to_text);
        let (warnings, details) = (warnings_to_text(&record.warnings), details_to_text(&record.details));
        let [fit, score] = [record.fit_time, record.score_time].map(|time| ValueRef::Integer(time.as_nanos() as i64));
        let values = [
            params.as_str().into(),
            ValueRef::Integer(record.fold.into()),
            scores.as_deref().map_or(ValueRef::Null, ValueRef::Blob),
            train_scores.as_deref().map_or(ValueRef::Null, ValueRef::Blob),
            failure.as_deref().map_or(ValueRef::Null, ValueRef::from),
            warnings.as_str().into(),
            fit,
            score,
            (&*details).into(),
        ];
        let sum = seal.sum(RECORD, &values);
        let mut add = || {
            let values = values.into_iter().chain([ValueRef::Blob(&sum)]);
            insert.execute(params_from_iter(values.map(ToSqlOutput::Borrowed)))
        };
        let name = FitName { params: params.clone(), fold: record.fold };
        if add()? == 0 && one(transaction, &name)?.is_none_or(|known| known.gives_way_to(record)) {
            transaction.execute("DELETE FROM record WHERE params = ?1 AND fold = ?2", params![params, record.fold])?;
            add()?;
        }
        states::forget(transaction, params, record.fold)?;
    }
    Ok(())
}

/// Takes the records of failed fits away. One that another process has replaced by scores stays.
pub(super) fn remove(transaction: &Transaction<'_>, fits: &[FitName]) -> rusqlite::Result<()> {
    let mut statement =
        transaction.prepare_cached("DELETE FROM record WHERE params = ?1 AND fold = ?2 AND failure IS NOT NULL")?;
    fits.iter().try_for_each(|fit| statement.execute(params![fit.params, fit.fold]).map(drop))
}

/// Whether a record is damaged, or stands where it would not be found.
pub(super) fn are_damaged(connection: &Connection) -> rusqlite::Result<bool> {
    let (mut are_damaged, mut last) = (false, None);
    read(connection, |row| {
        let name = || Some((row.params()?.to_owned(), row.record()?.fold));
        let name = name();
        are_damaged |= name.is_none() || last >= name;
        last = name;
    })?;
    Ok(are_damaged)
}

/// Lets damaged records go, and names them. The others are written anew: a row that stands where it does not belong is
/// found by no key.
pub(super) fn drop_damaged(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Damaged>> {
    let seal = Seal::of(transaction)?;
    let (mut sound, mut damaged): (Vec<Vec<Value>>, _) = (Vec::new(), Vec::new());
    let mut statement = transaction.prepare(SELECT)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = Row::of(row, &seal)?;
        match read.record() {
            Some(_) => sound.push((0..=COLUMNS).map(|at| row.get(at)).collect::<Result<_, _>>()?),
            None => damaged.push(read.damaged()),
        }
    }
    transaction.execute("DELETE FROM record", [])?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    sound.into_iter().try_for_each(|values| insert.execute(params_from_iter(values)).map(drop))?;
    Ok(damaged)
}

/// The names and texts of a table of such: the identity's or the legend's; an error where it is not as it was written.
pub(in crate::study) fn texts(
    connection: &Connection,
    table: &'static str,
) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare(&format!("SELECT name, value FROM {table}"))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let texts: BTreeMap<String, String> = rows.collect::<rusqlite::Result<_>>()?;
    let values: Vec<ValueRef<'_>> =
        texts.iter().flat_map(|(name, text)| [name.as_str().into(), text.as_str().into()]).collect();
    if Seal::of(connection)?.is_closed(connection, table, &values)? {
        return Ok(texts);
    }
    Err(damaged(&format!("its table {table} is not as it was written")))
}

/// Writes the names and texts of a table of such in place of what stands there.
pub(super) fn replace_texts(
    transaction: &Transaction<'_>,
    table: &'static str,
    texts: &BTreeMap<String, String>,
) -> rusqlite::Result<()> {
    transaction.execute(&format!("DELETE FROM {table}"), [])?;
    let mut statement = transaction.prepare_cached(&format!("INSERT INTO {table} (name, value) VALUES (?1, ?2)"))?;
    for (name, text) in texts {
        statement.execute([name, text])?;
    }
    let values: Vec<ValueRef<'_>> =
        texts.iter().flat_map(|(name, text)| [name.as_str().into(), text.as_str().into()]).collect();
    Seal::of(transaction)?.close(transaction, table, &values)
}
