//! The rows of saved states.

use rusqlite::{Connection, OptionalExtension, Transaction, params, types::ValueRef};

use super::{guard::Bytes, seal::Seal};
use crate::study::{SavedStates, State, StateInfo, StateName};

/// The number of leading bytes of a state that its row's checksum covers. They contain a checksum of the remaining
/// bytes.
const HEAD: usize = 16;
const SELECT: &str = "SELECT trajectory, fold, epochs, lasting, bytes, seal FROM state";

/// Returns the checksum of a row.
fn sum(seal: &Seal, state: &State, lasting: bool) -> [u8; 16] {
    let [fold, epochs, lasting] =
        [state.fold, state.epochs, lasting.into()].map(|number| ValueRef::Integer(number.into()));
    let head = ValueRef::Blob(&state.bytes[..HEAD.min(state.bytes.len())]);
    seal.sum("state", &[state.trajectory.as_str().into(), fold, epochs, lasting, head])
}

/// Returns the state of a row, with true if the row is intact.
fn state(row: &rusqlite::Row<'_>, seal: &Seal) -> rusqlite::Result<(State, bool)> {
    let state = State {
        trajectory: row.get(0)?,
        fold: row.get(1)?,
        epochs: row.get(2)?,
        lasting: row.get(3)?,
        bytes: row.get(4)?,
    };
    let is_sealed = row.get_ref(5)? == ValueRef::Blob(&sum(seal, &state, state.lasting));
    Ok((state, is_sealed))
}

/// Passes each state to `each`, with true if its row is intact.
pub(super) fn read(connection: &Connection, mut each: impl FnMut(State, bool)) -> rusqlite::Result<()> {
    let (seal, mut bytes) = (Seal::of(connection)?, Bytes::of(connection)?);
    let mut statement = connection.prepare(SELECT)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (state, is_sealed) = state(row, &seal)?;
        bytes.take(state.trajectory.len() + state.bytes.len())?;
        each(state, is_sealed);
    }
    Ok(())
}

/// Returns all states without their bytes, in the order in which they were saved.
pub(super) fn list(connection: &Connection) -> rusqlite::Result<Vec<StateInfo>> {
    let select = "SELECT trajectory, fold, epochs, length(bytes), lasting FROM state ORDER BY rowid";
    let mut statement = connection.prepare_cached(select)?;
    let info = |row: &rusqlite::Row<'_>| {
        let name = StateName { trajectory: row.get(0)?, fold: row.get(1)?, epochs: row.get(2)? };
        Ok(StateInfo { name, bytes: u64::from(row.get::<_, u32>(3)?), lasting: row.get(4)? })
    };
    statement.query_map([], info)?.collect()
}

/// Returns the longest intact state of a training with at most `most` epochs; `None` if there is none.
pub(super) fn longest(
    connection: &Connection,
    trajectory: &str,
    fold: u32,
    most: u32,
) -> rusqlite::Result<Option<State>> {
    let select = format!("{SELECT} WHERE trajectory = ?1 AND fold = ?2 AND epochs <= ?3 ORDER BY epochs DESC");
    let mut statement = connection.prepare_cached(&select)?;
    let seal = Seal::of(connection)?;
    let mut rows = statement.query(params![trajectory, fold, most])?;
    while let Some(row) = rows.next()? {
        if let (state, true) = state(row, &seal)? {
            return Ok(Some(state));
        }
    }
    Ok(None)
}

/// Returns the number and size of the states.
pub(super) fn sizes(connection: &Connection) -> rusqlite::Result<SavedStates> {
    let sizes = |row: &rusqlite::Row<'_>| {
        // These numbers are never negative.
        let count = |at: usize| row.get(at).map(|count: i64| usize::try_from(count).unwrap_or(0));
        Ok(SavedStates { count: count(0)?, lasting: count(1)?, bytes: count(2)? as u64 })
    };
    let select = "SELECT count(*), coalesce(sum(lasting <> 0), 0), coalesce(sum(length(bytes)), 0) FROM state";
    connection.query_row(select, [], sizes)
}

/// Saves a state in place of one with the same name, and removes the passing states of the same training with fewer
/// epochs.
pub(super) fn save(transaction: &Transaction<'_>, state: &State) -> rusqlite::Result<()> {
    let State { trajectory, fold, epochs, bytes, .. } = state;
    let mut statement =
        transaction.prepare_cached("SELECT lasting FROM state WHERE trajectory = ?1 AND fold = ?2 AND epochs = ?3")?;
    let was_lasting = statement.query_row(params![trajectory, fold, epochs], |row| row.get(0)).optional()?;
    let lasting = state.lasting || was_lasting == Some(true);
    if let Some(fewer) = epochs.checked_sub(1) {
        remove_passing(transaction, &StateName { epochs: fewer, ..state.name() })?;
    }
    let sum = sum(&Seal::of(transaction)?, state, lasting);
    let mut statement = transaction.prepare_cached(
        "INSERT OR REPLACE INTO state (trajectory, fold, epochs, lasting, bytes, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![trajectory, fold, epochs, lasting, bytes, sum]).map(drop)
}

/// Removes the passing states of a finished training, up to the given number of epochs.
pub(super) fn remove_passing(transaction: &Transaction<'_>, done: &StateName) -> rusqlite::Result<()> {
    let mut statement = transaction
        .prepare_cached("DELETE FROM state WHERE trajectory = ?1 AND fold = ?2 AND epochs <= ?3 AND lasting = 0")?;
    statement.execute(params![done.trajectory, done.fold, done.epochs]).map(drop)
}
