//! The states of trainings. One that has not ended stands in the file once, whatever number of fits can go on from it.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::study::{Checkpoint, EndState, EndStates, FitName};

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

/// Gives `each` the states of trainings that have not ended, each with one of the fits that can go on from it.
pub(super) fn checkpoints(
    connection: &Connection,
    shared: bool,
    mut each: impl FnMut(Checkpoint),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(if shared {
        "SELECT params, fold, epochs, bytes FROM state
         JOIN checkpoint ON checkpoint.state = state.id GROUP BY state.id"
    } else {
        "SELECT params, fold, epochs, state FROM checkpoint"
    })?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Checkpoint { params: row.get(0)?, fold: row.get(1)?, epochs: row.get(2)?, state: row.get(3)? })
    };
    statement.query_map([], read)?.try_for_each(|state| state.map(&mut each))
}

/// Gives `each` the end states.
pub(super) fn all_ends(connection: &Connection, mut each: impl FnMut(EndState)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("SELECT training, fold, epochs, bytes FROM end_state")?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(EndState { training: row.get(0)?, fold: row.get(1)?, epochs: row.get(2)?, state: row.get(3)? })
    };
    statement.query_map([], read)?.try_for_each(|state| state.map(&mut each))
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

/// The training, the fold and the epochs of each end state.
pub(super) fn ends(connection: &Connection) -> rusqlite::Result<Vec<(String, u32, u32)>> {
    let mut statement = connection.prepare("SELECT training, fold, epochs FROM end_state")?;
    let ends = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    ends.collect()
}

/// The end state of a training with the most epochs, but not more than `most`.
pub(super) fn end(connection: &Connection, training: &str, fold: u32, most: u32) -> rusqlite::Result<Option<EndState>> {
    let mut statement = connection.prepare_cached(
        "SELECT epochs, bytes FROM end_state WHERE training = ?1 AND fold = ?2 AND epochs <= ?3
         ORDER BY epochs DESC LIMIT 1",
    )?;
    let end = |row: &rusqlite::Row<'_>| {
        Ok(EndState { training: training.to_owned(), fold, epochs: row.get(0)?, state: row.get(1)? })
    };
    statement.query_row(params![training, fold, most], end).optional()
}

/// How many end states there are, and their size.
pub(super) fn sizes(connection: &Connection) -> rusqlite::Result<EndStates> {
    let sizes = |row: &rusqlite::Row<'_>| {
        let (count, bytes): (i64, i64) = (row.get(0)?, row.get(1)?);
        // Neither is below 0.
        Ok(EndStates { count: usize::try_from(count).unwrap_or(0), bytes: u64::try_from(bytes).unwrap_or(0) })
    };
    connection.query_row("SELECT count(*), coalesce(sum(length(bytes)), 0) FROM end_state", [], sizes)
}

/// Writes an end state in place of that training's earlier one after as many epochs.
pub(super) fn save_end(transaction: &Transaction<'_>, end: &EndState) -> rusqlite::Result<()> {
    let EndState { training, fold, epochs, state } = end;
    let mut statement = transaction
        .prepare_cached("INSERT OR REPLACE INTO end_state (training, fold, epochs, bytes) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![training, fold, epochs, state]).map(drop)
}
