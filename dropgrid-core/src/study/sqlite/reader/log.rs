//! The write-ahead log of a study.

use std::{fs::File, io::Read, path::Path, time::SystemTime};

/// The number of bytes before the first page of a log.
const HEADER: usize = 32;

/// Returns the size of a log and its time of modification; `None` if SQLite would find no page in it.
///
/// A process that is killed while it writes its first page leaves only a header, and a power cut may leave a header
/// that was never written. SQLite restarts such a log when it opens the study for writing. For a reader, beside the
/// index that was left with the log, it would wait for a writer that no longer exists.
pub(super) fn log(path: &Path) -> Option<(u64, Option<SystemTime>)> {
    let mut file = File::open(path).ok()?;
    let mut header = [0; HEADER];
    file.read_exact(&mut header).ok()?;
    let data = file.metadata().ok()?;
    (data.len() > HEADER as u64 && is_whole(&header)).then(|| (data.len(), data.modified().ok()))
}

/// Returns true if a header is intact, by its mark and its checksum ([WAL file
/// format](https://www.sqlite.org/fileformat2.html#walformat)).
fn is_whole(header: &[u8; HEADER]) -> bool {
    let words = header.as_chunks::<4>().0;
    let big = |word: usize| u32::from_be_bytes(words[word]);
    let read = match big(0) {
        0x377f_0682 => u32::from_le_bytes,
        0x377f_0683 => u32::from_be_bytes,
        _ => return false,
    };
    let sums = words[..6].as_chunks::<2>().0.iter().fold([0_u32; 2], |[first, second], &[x, y]| {
        let first = first.wrapping_add(read(x)).wrapping_add(second);
        [first, second.wrapping_add(read(y)).wrapping_add(first)]
    });
    sums == [big(6), big(7)]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::*;

    #[test]
    fn a_log_is_one_from_its_first_page_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("x")).expect("a file");
        connection.pragma_update(None, "journal_mode", "WAL").expect("a log");
        let path = folder.path().join("x-wal");
        assert_eq!(log(&path), None, "nothing has been written");
        connection.execute_batch("CREATE TABLE t (x)").expect("a page");
        let bytes = fs::read(&path).expect("a log");
        assert_eq!(log(&path).map(|(size, _)| size), Some(bytes.len() as u64));
        let copy = folder.path().join("copy");
        for size in [0, 31, 32, 33, bytes.len()] {
            fs::write(&copy, &bytes[..size]).expect("a copy");
            assert_eq!(log(&copy).is_some(), size > 32, "{size}");
        }
        for at in 0..HEADER {
            let mut bytes = bytes.clone();
            bytes[at] ^= 4;
            fs::write(&copy, bytes).expect("a copy");
            assert_eq!(log(&copy), None, "byte {at}");
        }
        assert_eq!(log(&folder.path().join("none")), None);
    }
}
