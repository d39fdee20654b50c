//! Checksums of the rows of a study, which reveal damage.
//!
//! The checksum of a row covers all its values, so a changed digit in the name of a fit is detected like one in its
//! scores. A checksum starts with random bytes of the file (the salt), so a row of another study does not match.
//! Checksums protect against damage, not against tampering: whoever can write the file can write checksums.

use rusqlite::{Connection, Error, Transaction, ffi, params, types::ValueRef};
use sha2::{Digest, Sha256};

/// The length in bytes of a checksum and of the salt.
const LEN: usize = 16;
/// The name of the row with the salt. The checksum of a whole table has the table's name.
const SALT: &str = "salt";

/// The salt of the checksums of one file.
pub(super) struct Seal {
    salt: [u8; LEN],
}

impl Seal {
    /// Draws and stores the salt of a new file.
    pub(super) fn make(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let salt = transaction.query_row("SELECT randomblob(16)", [], |row| row.get::<_, [u8; LEN]>(0))?;
        let sum = Self { salt }.sum(SALT, &[]);
        write(transaction, SALT, &[salt, sum].concat())
    }

    /// Reads the salt of a file.
    pub(super) fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let bytes = read(connection, SALT)?;
        let (salts, _) = bytes.as_chunks::<LEN>();
        let seal = salts.first().map(|&salt| Self { salt });
        let is_whole = |seal: &Self| bytes == [seal.salt, seal.sum(SALT, &[])].concat();
        seal.filter(is_whole).ok_or_else(|| damaged("the salt of its sums is not as it was written"))
    }

    /// Returns the checksum of values of a table.
    pub(super) fn sum(&self, table: &str, values: &[ValueRef<'_>]) -> [u8; LEN] {
        let mut hash = Sha256::new();
        hash.update(self.salt);
        let mut part = |kind: u8, bytes: &[u8]| {
            hash.update([kind]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        part(0, table.as_bytes());
        for value in values {
            match value {
                ValueRef::Null => part(1, &[]),
                ValueRef::Integer(number) => part(2, &number.to_le_bytes()),
                ValueRef::Real(number) => part(3, &number.to_bits().to_le_bytes()),
                ValueRef::Text(text) => part(4, text),
                ValueRef::Blob(bytes) => part(5, bytes),
            }
        }
        let mut sum = [0; LEN];
        sum.copy_from_slice(&hash.finalize()[..LEN]);
        sum
    }
}

/// Reads the stored checksum of a table of names and texts.
pub(super) fn read(connection: &Connection, name: &str) -> rusqlite::Result<Vec<u8>> {
    let mut statement = connection.prepare_cached("SELECT value FROM seal WHERE name = ?1")?;
    let none = |_| damaged(&format!("its sum of {name} is missing"));
    statement.query_row([name], |row| row.get(0)).map_err(|error| match error {
        Error::QueryReturnedNoRows => none(error),
        error => error,
    })
}

/// Writes the checksum of a table of names and texts.
pub(super) fn write(transaction: &Transaction<'_>, name: &str, value: &[u8]) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached("INSERT OR REPLACE INTO seal (name, value) VALUES (?1, ?2)")?;
    statement.execute(params![name, value]).map(drop)
}

/// Returns an error for damage that SQLite does not detect, of the same kind as for damage that it detects.
pub(super) fn damaged(message: &str) -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_told_apart_have_other_sums() {
        let seal = Seal { salt: [7; LEN] };
        let text = |text: &'static str| ValueRef::Text(text.as_bytes());
        let sums = [
            seal.sum("record", &[text("ab"), text("c")]),
            seal.sum("record", &[text("a"), text("bc")]),
            seal.sum("record", &[text("abc")]),
            seal.sum("metadata", &[text("abc")]),
            seal.sum("record", &[ValueRef::Blob(b"abc")]),
            seal.sum("record", &[ValueRef::Null, text("abc")]),
            seal.sum("record", &[ValueRef::Integer(0)]),
            seal.sum("record", &[ValueRef::Real(0.0)]),
            seal.sum("record", &[ValueRef::Real(-0.0)]),
            Seal { salt: [8; LEN] }.sum("record", &[text("abc")]),
        ];
        for (at, sum) in sums.iter().enumerate() {
            assert!(!sums[..at].contains(sum), "{at}");
        }
    }
}
