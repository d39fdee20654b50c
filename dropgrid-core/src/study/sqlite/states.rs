//! The states of trainings. One that has not ended stands in the file once, whatever number of fits can go on from it.

use rusqlite::{Connection, OptionalExtension, Transaction, params, types::ValueRef};

use super::{guard::Bytes, seal::Seal};
use crate::study::{Checkpoint, EndState, EndStates, FitName};

/// The bytes of a state that are in the sum of its row. The others are in the sum with which it begins.
const HEAD: usize = 16;

/// The sum of what a state is known by in a table, and of its beginning.
fn sum(seal: &Seal, table: &str, name: &str, fold: u32, epochs: u32, state: &[u8]) -> [u8; 16] {
    let [fold, epochs] = [fold, epochs].map(|number| ValueRef::Integer(number.into()));
    seal.sum(table, &[name.into(), fold, epochs, ValueRef::Blob(&state[..HEAD.min(state.len())])])
}

/// The state that a fit goes on from; nothing where there is none, or where it is not as it was written.
pub(super) fn checkpoint(connection: &Connection, params: &str, fold: u32) -> rusqlite::Result<Option<Checkpoint>> {
    let mut statement = connection.prepare_cached(
        "SELECT epochs, bytes, seal FROM checkpoint JOIN state ON state.id = checkpoint.state
         WHERE params = ?1 AND fold = ?2",
    )?;
    let seal = Seal::of(connection)?;
    let checkpoint = |row: &rusqlite::Row<'_>| {
        let read = Checkpoint { params: params.to_owned(), fold, epochs: row.get(0)?, state: row.get(1)? };
        Ok(is_sealed(&seal, &read, &row.get::<_, Vec<u8>>(2)?).then_some(read))
    };
    Ok(statement.query_row(params![params, fold], checkpoint).optional()?.flatten())
}

fn is_sealed(seal: &Seal, read: &Checkpoint, sum: &[u8]) -> bool {
    sum == self::sum(seal, "checkpoint", &read.params, read.fold, read.epochs, &read.state)
}

/// Gives `each` the states of trainings that have not ended by the fits that can go on from them, and whether the row is
/// as it was written.
pub(super) fn checkpoints(connection: &Connection, mut each: impl FnMut(Checkpoint, bool)) -> rusqlite::Result<()> {
    let (seal, mut bytes) = (Seal::of(connection)?, Bytes::of(connection)?);
    let mut statement = connection.prepare(
        "SELECT params, fold, epochs, bytes, seal FROM checkpoint JOIN state ON checkpoint.state = state.id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = Checkpoint { params: row.get(0)?, fold: row.get(1)?, epochs: row.get(2)?, state: row.get(3)? };
        bytes.take(read.params.len())?;
        let is_sealed = is_sealed(&seal, &read, &row.get::<_, Vec<u8>>(4)?);
        each(read, is_sealed);
    }
    Ok(())
}

/// Gives `each` the end states, and whether the row is as it was written.
pub(super) fn all_ends(connection: &Connection, mut each: impl FnMut(EndState, bool)) -> rusqlite::Result<()> {
    let (seal, mut bytes) = (Seal::of(connection)?, Bytes::of(connection)?);
    let mut statement = connection.prepare("SELECT training, fold, epochs, bytes, seal FROM end_state")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = EndState { training: row.get(0)?, fold: row.get(1)?, epochs: row.get(2)?, state: row.get(3)? };
        bytes.take(read.training.len() + read.state.len())?;
        let is_sealed = is_end_sealed(&seal, &read, &row.get::<_, Vec<u8>>(4)?);
        each(read, is_sealed);
    }
    Ok(())
}

fn is_end_sealed(seal: &Seal, read: &EndState, sum: &[u8]) -> bool {
    sum == self::sum(seal, "end_state", &read.training, read.fold, read.epochs, &read.state)
}

/// Writes the state of a training for the fit that it names and for those that it is `of`, in place of their earlier
/// ones.
pub(super) fn save(transaction: &Transaction<'_>, checkpoint: &Checkpoint, of: &[FitName]) -> rusqlite::Result<()> {
    let Checkpoint { params, fold, epochs, state } = checkpoint;
    forget(transaction, params, *fold)?;
    of.iter().try_for_each(|fit| forget(transaction, &fit.params, fit.fold))?;
    let mut statement = transaction.prepare_cached("INSERT INTO state (epochs, bytes) VALUES (?1, ?2)")?;
    let id = statement.insert(params![epochs, state])?;
    let seal = Seal::of(transaction)?;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO checkpoint (params, fold, state, seal) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?;
    let mut add = |params: &str, fold: u32| {
        let sum = sum(&seal, "checkpoint", params, fold, *epochs, state);
        statement.execute(params![params, fold, id, sum]).map(drop)
    };
    add(params, *fold)?;
    of.iter().try_for_each(|fit| add(&fit.params, fit.fold))
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

/// The end state of a training with the most epochs, but not more than `most`, of those that are as they were written.
pub(super) fn end(connection: &Connection, training: &str, fold: u32, most: u32) -> rusqlite::Result<Option<EndState>> {
    let mut statement = connection.prepare_cached(
        "SELECT epochs, bytes, seal FROM end_state WHERE training = ?1 AND fold = ?2 AND epochs <= ?3
         ORDER BY epochs DESC",
    )?;
    let seal = Seal::of(connection)?;
    let mut rows = statement.query(params![training, fold, most])?;
    while let Some(row) = rows.next()? {
        let read = EndState { training: training.to_owned(), fold, epochs: row.get(0)?, state: row.get(1)? };
        if is_end_sealed(&seal, &read, &row.get::<_, Vec<u8>>(2)?) {
            return Ok(Some(read));
        }
    }
    Ok(None)
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
    let sum = sum(&Seal::of(transaction)?, "end_state", training, *fold, *epochs, state);
    let mut statement = transaction.prepare_cached(
        "INSERT OR REPLACE INTO end_state (training, fold, epochs, bytes, seal) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    statement.execute(params![training, fold, epochs, state, sum]).map(drop)
}
