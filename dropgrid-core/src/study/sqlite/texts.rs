//! The tables of names and texts: identity, metadata and judgements.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, types::ValueRef};

use super::seal::{self, Seal, damaged};

/// Reads a table. A damaged table is an error. The caller must have begun a transaction, since the rows and their
/// checksum are read by two queries.
pub(super) fn read(connection: &Connection, table: &'static str) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare(&format!("SELECT name, value FROM {table}"))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let texts: BTreeMap<String, String> = rows.collect::<rusqlite::Result<_>>()?;
    let sum = Seal::of(connection)?.sum(table, &values(&texts));
    if seal::read(connection, table)? == sum {
        return Ok(texts);
    }
    Err(damaged(&format!("its table {table} is not as it was written")))
}

/// Replaces the rows of a table.
pub(super) fn replace(
    transaction: &Transaction<'_>,
    table: &'static str,
    texts: &BTreeMap<String, String>,
) -> rusqlite::Result<()> {
    transaction.execute(&format!("DELETE FROM {table}"), [])?;
    let mut statement = transaction.prepare_cached(&format!("INSERT INTO {table} (name, value) VALUES (?1, ?2)"))?;
    for (name, text) in texts {
        statement.execute([name, text])?;
    }
    seal::write(transaction, table, &Seal::of(transaction)?.sum(table, &values(texts)))
}

fn values(texts: &BTreeMap<String, String>) -> Vec<ValueRef<'_>> {
    texts.iter().flat_map(|(name, text)| [name.as_str().into(), text.as_str().into()]).collect()
}
