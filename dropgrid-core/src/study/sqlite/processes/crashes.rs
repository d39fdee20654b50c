//! The number of crashes per fit. A crash is the death of a process that was not killed from outside or asked to end.

use std::collections::HashMap;

use rusqlite::{Connection, Transaction, params};

use super::{super::records, Processes};
use crate::study::{FitName, StoredRecord, claim::CRASHES, codec::name_from};

/// Reads the number of crashes of each fit that has any. Names that cannot be parsed are ignored.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<HashMap<FitName, u32>> {
    let mut statement = connection.prepare_cached("SELECT params, fold, resource, times FROM crash")?;
    let rows = statement.query_map([], |row| {
        let name = name_from(row.get(0)?, row.get(1)?, &row.get::<_, String>(2)?);
        Ok((name, row.get(3)?))
    })?;
    rows.filter_map(|row| row.map(|(name, times)| Some((name?, times))).transpose()).collect()
}

impl Processes {
    /// Counts one more crash for each of these fits that has no record. A fit that reaches the largest number gets the
    /// record of a failure.
    pub(super) fn count(
        &mut self,
        transaction: &Transaction<'_>,
        fits: impl IntoIterator<Item = FitName>,
    ) -> rusqlite::Result<()> {
        let mut statement = transaction.prepare_cached(
            "INSERT INTO crash (params, fold, resource, times) VALUES (?1, ?2, ?3, 1)
             ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
        )?;
        for fit in fits {
            if records::one(transaction, &fit)?.is_some() {
                continue;
            }
            let name = params![fit.params, fit.fold, fit.resource.to_string()];
            let times = statement.query_row(name, |row| row.get(0))?;
            if times >= CRASHES {
                records::add(transaction, &[StoredRecord::killed(&fit, times)])?;
                self.is_shared = true;
            }
            self.crashes.insert(fit, times);
        }
        Ok(())
    }
}
