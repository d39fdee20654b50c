//! A store that another connection writes in the same moment.

use std::thread;

use super::*;

fn identity(round: u32) -> Identity {
    (0..=round % 7).fold(Identity::new(), |identity, part| identity.with(&format!("part {part}"), round.to_string()))
}

/// Rows and their sum are two queries: read one after the other, they are of two moments and look like damage.
#[test]
fn an_identity_that_is_written_meanwhile_is_whole() {
    const ROUNDS: u32 = 2000;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shared.study");
    let mut writer = Sqlite::open(&path).expect("a store");
    let mut reader = Sqlite::open(&path).expect("a store");
    assert!(writer.set_identity(None, &identity(0)).expect("written"));
    let writing = thread::spawn(move || {
        for round in 0..ROUNDS {
            assert!(writer.set_identity(Some(&identity(round)), &identity(round + 1)).expect("written"));
        }
    });
    let mut seen = 0;
    while !writing.is_finished() {
        let found = reader.identity().expect("no damage").expect("an identity");
        let (_, round) = found.parts().next().expect("a part");
        let round: u32 = round.parse().expect("a number");
        assert_eq!(found, identity(round));
        assert!(round >= seen, "{round} after {seen}");
        seen = round;
    }
    writing.join().expect("it wrote");
    assert_eq!(reader.identity().expect("no damage"), Some(identity(ROUNDS)));
}
