//! The rows of records.

use std::time::Duration;

use rusqlite::{
    Connection, OptionalExtension, Transaction, params, params_from_iter,
    types::{ToSqlOutput, Value, ValueRef},
};

use super::{guard::Bytes, seal::Seal};
use crate::{
    record::Record,
    study::{
        DamagedRecord, FitName, StoredRecord,
        codec::{EncodedRecord, name_from},
    },
};

/// The number of columns before the checksum.
const COLUMNS: usize = 11;
const SELECT: &str = "SELECT params, fold, resource, scores, train_scores, failure, warnings, fit_nanoseconds, \
                      score_nanoseconds, details, curve, seal FROM record";
const INSERT: &str = "INSERT INTO record (params, fold, resource, scores, train_scores, failure, warnings, \
                      fit_nanoseconds, score_nanoseconds, details, curve, seal) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING";
const IS_IT: &str = "WHERE params = ?1 AND fold = ?2 AND resource = ?3";
const RECORD: &str = "record";

/// A row of a record, as stored in the file.
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

    /// Returns the name of a damaged record, as far as it can be read.
    pub(in crate::study) fn damaged(&self) -> DamagedRecord {
        let text = |value: ValueRef<'_>| match value {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        let fold = if let ValueRef::Integer(fold) = self.values[1] { fold } else { -1 };
        DamagedRecord { params: text(self.values[0]), fold, resource: text(self.values[2]) }
    }

    /// Returns the sort key of the row in the table.
    fn place(&self) -> Option<(String, String, i64)> {
        let [params, fold, resource, ..] = self.values;
        Some((text(params)?.to_owned(), text(resource)?.to_owned(), fold.as_i64().ok()?))
    }

    /// Returns the record and its name; `None` if the row is damaged.
    pub(in crate::study) fn stored(&self) -> Option<StoredRecord> {
        let [params, fold, resource, scores, train_scores, failure, warnings, fit_time, score_time, details, curve] =
            self.values;
        if !self.is_sealed {
            return None;
        }
        let fold = u32::try_from(fold.as_i64().ok()?).ok()?;
        let name = name_from(text(params)?.to_owned(), fold, text(resource)?)?;
        let time = |value: ValueRef<'_>| Some(Duration::from_nanos(u64::try_from(value.as_i64().ok()?).ok()?));
        let encoded = EncodedRecord {
            scores: scores.as_blob_or_null().ok()?.map(Into::into),
            failure: failure.as_str_or_null().ok()?.map(Into::into),
            train_scores: train_scores.as_blob_or_null().ok()?.map(Into::into),
            warnings: text(warnings)?.into(),
            details: text(details)?.into(),
            curve: curve.as_blob().ok()?.into(),
            fit_time: time(fit_time)?,
            score_time: time(score_time)?,
        };
        encoded.decode(name)
    }
}

fn text(value: ValueRef<'_>) -> Option<&str> {
    value.as_str().ok()
}

/// Passes the rows of all records to `each`. The rows of a candidate are consecutive, and within them those of a
/// resource.
pub(in crate::study) fn read(connection: &Connection, mut each: impl FnMut(Row<'_>)) -> rusqlite::Result<()> {
    let (seal, mut bytes) = (Seal::of(connection)?, Bytes::of(connection)?);
    let mut statement = connection.prepare(&format!("{SELECT} ORDER BY params, resource, fold"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let row = Row::of(row, &seal)?;
        bytes.take(row.values.iter().filter_map(|value| value.as_bytes_or_null().ok()?).map(<[u8]>::len).sum())?;
        each(row);
    }
    Ok(())
}

/// Returns the record of one fit; `None` if it has no record, or a damaged one.
pub(super) fn one(connection: &Connection, fit: &FitName) -> rusqlite::Result<Option<Record>> {
    let seal = Seal::of(connection)?;
    let mut statement = connection.prepare_cached(&format!("{SELECT} {IS_IT}"))?;
    let record = |row: &rusqlite::Row<'_>| Ok(Row::of(row, &seal)?.stored().map(|stored| stored.record));
    let name = params![fit.params, fit.fold, fit.resource.to_string()];
    Ok(statement.query_row(name, record).optional()?.flatten())
}

/// Adds records. An existing record stays unchanged, unless it is damaged or [gives way](Record::gives_way_to).
pub(super) fn add(transaction: &Transaction<'_>, records: &[StoredRecord]) -> rusqlite::Result<()> {
    let seal = Seal::of(transaction)?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    for StoredRecord { name, record } in records {
        let resource = name.resource.to_string();
        let encoded = EncodedRecord::of(record);
        let [fit, score] = [encoded.fit_time, encoded.score_time].map(|time| ValueRef::Integer(time.as_nanos() as i64));
        let values = [
            name.params.as_str().into(),
            ValueRef::Integer(name.fold.into()),
            resource.as_str().into(),
            encoded.scores.as_deref().map_or(ValueRef::Null, ValueRef::Blob),
            encoded.train_scores.as_deref().map_or(ValueRef::Null, ValueRef::Blob),
            encoded.failure.as_deref().map_or(ValueRef::Null, ValueRef::from),
            (&*encoded.warnings).into(),
            fit,
            score,
            (&*encoded.details).into(),
            ValueRef::Blob(&encoded.curve),
        ];
        let sum = seal.sum(RECORD, &values);
        let mut insert = || {
            let values = values.into_iter().chain([ValueRef::Blob(&sum)]);
            insert.execute(params_from_iter(values.map(ToSqlOutput::Borrowed)))
        };
        if insert()? == 0 && one(transaction, name)?.is_none_or(|known| known.gives_way_to(record)) {
            transaction.execute(&format!("DELETE FROM record {IS_IT}"), params![name.params, name.fold, resource])?;
            insert()?;
        }
    }
    Ok(())
}

/// Removes the records of failed fits. If another process has replaced the failure by scores, the record stays.
pub(super) fn remove(transaction: &Transaction<'_>, fits: &[FitName]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(&format!("DELETE FROM record {IS_IT} AND failure IS NOT NULL"))?;
    let mut remove = |fit: &FitName| statement.execute(params![fit.params, fit.fold, fit.resource.to_string()]);
    fits.iter().try_for_each(|fit| remove(fit).map(drop))
}

/// Returns true if a record is damaged, or is stored at a wrong position, where no search would find it.
pub(super) fn are_damaged(connection: &Connection) -> rusqlite::Result<bool> {
    let (mut are_damaged, mut last) = (false, None);
    read(connection, |row| {
        let place = row.stored().and_then(|_| row.place());
        are_damaged |= place.is_none() || last >= place;
        last = place;
    })?;
    Ok(are_damaged)
}

/// Removes damaged records, and returns their names. The other records are rewritten, since no key finds a row at a
/// wrong position.
pub(super) fn drop_damaged(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<DamagedRecord>> {
    let seal = Seal::of(transaction)?;
    let (mut sound, mut damaged): (Vec<Vec<Value>>, _) = (Vec::new(), Vec::new());
    let mut statement = transaction.prepare(SELECT)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = Row::of(row, &seal)?;
        match read.stored() {
            Some(_) => sound.push((0..=COLUMNS).map(|at| row.get(at)).collect::<Result<_, _>>()?),
            None => damaged.push(read.damaged()),
        }
    }
    transaction.execute("DELETE FROM record", [])?;
    let mut insert = transaction.prepare_cached(INSERT)?;
    sound.into_iter().try_for_each(|values| insert.execute(params_from_iter(values)).map(drop))?;
    Ok(damaged)
}
