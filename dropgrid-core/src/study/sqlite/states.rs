//! The states of trainings that have not ended: each stands in the file once, whatever number of fits can go on from it.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::study::{Checkpoint, FitName};

/// The state that a fit goes on from.
pub(super) fn checkpoint(connection: &Connection, params: &str, fold: u32) -> rusqlite::Result<Option<Checkpoint>> {
    let mut statement = connection.prepare_cached(
        "SELECT epochs, bytes FROM checkpoint JOIN state ON state.id = checkpoint.state
         WHERE params = ?1 AND fold = ?2",
    )?;
    let checkpoint = |row: &rusqlite::Row<'_>| {
        Ok(Checkpoint { params: params.to_owned(), fold, epochs: row.get(0)?, state: row.get(1)? })
    };
    statement.query_row(params![params, fold], checkpoint).optional()
}

/// Writes the state of a training for the fit that it names and for those that it is `of`, in place of their earlier
/// ones.
pub(super) fn save(transaction: &Transaction<'_>, checkpoint: &Checkpoint, of: &[FitName]) -> rusqlite::Result<()> {
    let Checkpoint { params, fold, epochs, state } = checkpoint;
    forget(transaction, params, *fold)?;
    of.iter().try_for_each(|fit| forget(transaction, &fit.params, fit.fold))?;
    let mut statement = transaction.prepare_cached("INSERT INTO state (epochs, bytes) VALUES (?1, ?2)")?;
    let id = statement.insert(params![epochs, state])?;
    let mut statement = transaction
        .prepare_cached("INSERT INTO checkpoint (params, fold, state) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    statement.execute(params![params, fold, id])?;
    of.iter().try_for_each(|fit| statement.execute(params![fit.params, fit.fold, id]).map(drop))
}

/// Lets a fit's claim on its state go, and the state with the last of them.
pub(super) fn forget(transaction: &Transaction<'_>, params: &str, fold: u32) -> rusqlite::Result<()> {
    let mut statement =
        transaction.prepare_cached("DELETE FROM checkpoint WHERE params = ?1 AND fold = ?2 RETURNING state")?;
    let Some(id) = statement.query_row(params![params, fold], |row| row.get::<_, i64>(0)).optional()? else {
        return Ok(());
    };
    let mut statement = transaction
        .prepare_cached("DELETE FROM state WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE state = ?1)")?;
    statement.execute([id]).map(drop)
}
