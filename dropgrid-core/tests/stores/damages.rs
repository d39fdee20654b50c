//! Random damage to a study's file: it is found, or it changes nothing.

use super::*;

/// Numbers that are the same in every run, by [SplitMix64](https://doi.org/10.1145/2714064.2660195).
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}

/// What the study keeps, as no damage may change it.
struct Whole {
    bytes: Vec<u8>,
    identity: Identity,
    metadata: Metadata,
    /// By candidate and fold.
    fits: Vec<StoredRecord>,
    states: Vec<State>,
}

fn whole(folder: &Path) -> Whole {
    let path = folder.join("whole.study");
    let identity =
        Identity::new().with("model", "Mlp { output: Linear < 4 , 3 > }").with("data", "a1b2").with("seed", "7");
    let mut metadata = metadata(Some(99));
    metadata.folds = vec![FoldInfo::new(40, 20).with_weight(20.0); 3];
    let mut fits = Vec::new();
    for at in 0..33_u32 {
        let params = format!("{{\"dropout\":0.{at:02},\"lr\":{}}}", f64::from(at * 7 % 11) * 1e-3);
        for fold in 0..3 {
            let diverged = Failure::Diverged { epoch: 2, batch: at as usize, loss: f32::INFINITY };
            let outcome = if at % 9 == 4 { Err(diverged) } else { Ok(vec![f64::from(at * 31 + fold) / 997.0]) };
            let mut fit = stored(&params, fold, outcome);
            if at % 5 == 2 {
                fit.record.details.epochs = Some(Epochs::new(at, at - 1, false));
                fit.record.curve.epochs.push(Epoch::new(1, f64::from(at)));
            }
            fits.push(fit);
        }
    }
    fits.sort_by(|a, b| a.name.cmp(&b.name));
    let bytes = |at: u32| (0..900).map(|byte| (byte * at % 251) as u8).collect();
    let state = |at: u32| State {
        trajectory: format!("[{at}]"),
        fold: at % 3,
        epochs: at,
        bytes: bytes(at),
        lasting: at.is_multiple_of(2),
    };
    let states: Vec<State> = (1..11).map(state).collect();
    let mut store = Sqlite::open(&path).expect("a new study");
    store.set_identity(None, &identity).expect("written");
    store.set_metadata(&metadata).expect("written");
    store.add(&fits, &[], &[]).expect("written");
    for state in &states {
        save(&mut store, state, &[]);
    }
    drop(store);
    Whole { bytes: fs::read(&path).expect("read"), identity, metadata, fits, states }
}

/// Damages a file in one place, and says how.
fn damage(bytes: &mut [u8], draws: &mut Draws) -> String {
    const PAGE: usize = 4096;
    let (pages, at) = (bytes.len() / PAGE, draws.below(bytes.len()));
    // Half of all damage hits where something stands.
    let digits: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
    match draws.below(6) {
        0 => {
            bytes[at] = draws.below(256) as u8;
            format!("byte {at} is {}", bytes[at])
        }
        1 => {
            let bit = draws.below(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at}")
        }
        2 => {
            let end = (at + 1 + draws.below(PAGE)).min(bytes.len());
            bytes[at..end].fill(0);
            format!("zeros in {at}..{end}")
        }
        3 => {
            let (a, b) = (draws.below(pages), draws.below(pages));
            for at in 0..PAGE {
                bytes.swap(a * PAGE + at, b * PAGE + at);
            }
            format!("pages {a} and {b}")
        }
        4 => {
            let at = digits[draws.below(digits.len())];
            bytes[at] = b'0' + draws.below(10) as u8;
            format!("digit {at} is {}", char::from(bytes[at]))
        }
        _ => {
            let (from, len) = (draws.below(bytes.len()), 1 + draws.below(64));
            let (end, from) = ((at + len).min(bytes.len()), from.min(bytes.len() - len));
            bytes.copy_within(from..from + (end - at), at);
            format!("{} bytes of {from} at {at}", end - at)
        }
    }
}

/// By what they mean: numbers by their bits.
fn text(stored: &StoredRecord) -> String {
    let bits = |scores: &Vec<f64>| scores.iter().map(|score| score.to_bits()).collect::<Vec<_>>();
    format!("{stored:?} {:?}", stored.record.outcome.as_ref().ok().map(bits))
}

/// What a search takes from a damaged file is what was written, or an error; and it can write what is missing again.
/// Gives how many records were named.
fn searched(path: &Path, whole: &Whole, expected: &[String]) -> Result<usize, Error> {
    let mut store = Sqlite::open(path)?;
    assert_eq!(store.identity()?, Some(whole.identity.clone()), "another search");
    if let Some(metadata) = store.metadata()? {
        assert_eq!(metadata, whole.metadata, "another metadata");
    }
    let named = store.drop_damaged()?;
    let read: Vec<String> = sorted(&mut store).iter().map(text).collect();
    let wrong = read.iter().find(|read| !expected.contains(read));
    assert_eq!(wrong, None, "a record that nobody wrote");
    for wanted in &whole.states {
        let found = store.state_reader()?(&wanted.trajectory, wanted.fold, wanted.epochs)?;
        let is_same = |found: State| {
            (found.epochs, found.lasting, &found.bytes[..16]) == (wanted.epochs, wanted.lasting, &wanted.bytes[..16])
        };
        assert!(found.is_none_or(is_same));
    }
    store.add(&whole.fits, &[], &[])?;
    let again: Vec<String> = sorted(&mut store).iter().map(text).collect();
    assert_eq!(again, expected, "a record that cannot be run again");
    assert_eq!(store.drop_damaged()?, [], "what was named is gone");
    Ok(named.len())
}

/// What is read of a damaged file is what was written, or an error. Gives whether the file is called sound.
fn read(path: &Path, whole: &Whole, expected: &[String]) -> bool {
    if let Ok(study) = StudyFile::open(path) {
        let read = study.candidates().iter().flat_map(|candidate| {
            let params =
                serde_json::json!({ "dropout": candidate.params.values()[0], "lr": candidate.params.values()[1] });
            candidate.records().map(move |record| (params.clone(), record.clone()))
        });
        let wanted = whole.fits.iter().map(|fit| {
            (serde_json::from_str::<serde_json::Value>(&fit.name.params).expect("JSON"), fit.record.clone())
        });
        let (read, wanted): (Vec<_>, Vec<_>) = (read.collect(), wanted.collect());
        assert!(read.iter().all(|read| wanted.contains(read)), "a record that nobody wrote");
        assert_eq!((&study.info().identity, study.info().metadata.as_ref()), (&whole.identity, Some(&whole.metadata)));
        let overview = Overview::open(path).expect("as the file");
        assert_eq!((overview.fits, overview.failed), (study.fits(), study.failed()));
    }
    let is_sound = StudyFile::verify(path).is_ok_and(|verdict| {
        // The states are none of a training.
        let is_state = |fault: &&Fault| matches!(fault, Fault::State(_));
        verdict.faults.iter().filter(|fault| !is_state(fault)).count() == 0
    });
    if is_sound {
        assert_eq!(StudyFile::open(path).expect("sound").fits(), expected.len(), "records are missing unseen");
    }
    is_sound
}

fn damages(count: usize, seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = whole(folder.path());
    assert!(whole.bytes.len() >= 12 * 4096, "{}", whole.bytes.len());
    let expected: Vec<String> = whole.fits.iter().map(text).collect();
    let (mut draws, mut refused, mut named, mut unseen) = (Draws(seed), 0, 0, 0);
    let path = folder.path().join("x.study");
    for _ in 0..count {
        let mut bytes = whole.bytes.clone();
        let how = damage(&mut bytes, &mut draws);
        let judge = || {
            fs::write(&path, &bytes).expect("written");
            let is_sound = read(&path, &whole, &expected);
            let is_mended = StudyFile::verify(&path).is_ok_and(|verdict| verdict.is_mended_by_search());
            let found = searched(&path, &whole, &expected);
            assert!(!is_mended || found.is_ok(), "a search does not mend it: {found:?}");
            (is_sound, found)
        };
        let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(judge));
        let (is_sound, found) = judged.unwrap_or_else(|_| panic!("{how}"));
        match found {
            Err(_) => refused += 1,
            Ok(0) => {}
            Ok(_) => named += 1,
        }
        unseen += usize::from(is_sound);
        assert!(!(is_sound && matches!(found, Ok(1..))), "{how}: not seen by `verify`");
        for beside in ["-wal", "-shm", "-lock"] {
            let _ = fs::remove_file(folder.path().join(format!("x.study{beside}")));
        }
    }
    println!("{count} damages: {refused} files refused, records of {named} named, {unseen} without effect");
    assert!(refused > count / 20 && named > count / 20, "{refused} refused, {named} named");
}

#[test]
fn random_damage_is_found_or_changes_nothing() {
    damages(300, 9);
}

#[test]
#[ignore = "takes minutes: the long form of the test above"]
fn ten_thousand_random_damages_are_found_or_change_nothing() {
    damages(10_000, 90);
}
