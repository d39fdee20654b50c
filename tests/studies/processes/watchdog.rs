//! Whoever waits for another process is not left waiting, whatever becomes of that one and whenever.

use super::*;

use std::time::Instant;

/// The variable that makes a test process a partner on a study.
const PARTNER: &str = "DROPGRID_TEST_PARTNER";
/// Fits of a round.
const WANTED: u32 = 4;
/// How long a partner that stands still keeps its fits.
const LEASE: Duration = Duration::from_millis(40);
/// Nobody waits so long for a partner that has been gone all the time.
const FOR_EVER: Duration = Duration::from_secs(50);

fn wanted(round: u32) -> Vec<FitName> {
    let name = |fold| FitName { params: "{}".to_owned(), fold, resource: Resource::full(1) };
    (0..WANTED).map(|at| name(round * WANTED + at)).collect()
}

/// Claims fits, gives them back and says that it is alive until it is killed; nothing where there is no such variable.
#[test]
fn partner() {
    let Ok(task) = env::var(PARTNER) else { return };
    let (round, path) = task.split_once(' ').expect("a task");
    let fits = wanted(round.parse().expect("a number"));
    let groups: Vec<&[FitName]> = fits.chunks(1).collect();
    let mut store = Sqlite::open(Study::at(path).lease(LEASE)).expect("the study");
    let mut is_told = false;
    for turn in 0_usize.. {
        let standings = store.claim(&groups, groups.len(), true).expect("an answer");
        if !is_told && standings.contains(&ClaimStatus::Claimed) {
            println!("\nclaimed");
            is_told = true;
        }
        store.claim(&[], 0, true).expect("an answer");
        store.give_back(groups[turn % groups.len()]).expect("written");
    }
}

/// How a partner goes.
#[derive(Debug, Clone, Copy)]
enum Going {
    Killed,
    /// Stopped for longer than its lease, and killed when it goes on.
    Stopped,
}

/// One partner that goes while this process waits for its fits, sends heartbeats and looks for news; panics where the
/// fits do not become free.
fn is_not_left_waiting(store: &mut Sqlite, study: &Path, round: u32) {
    let mut command = child::command(module_path!(), "partner");
    command.env(PARTNER, format!("{round} {}", study.display())).stdin(Stdio::null()).stdout(Stdio::piped());
    let messages = tempfile::tempfile().expect("a file");
    let mut child = command.stderr(messages.try_clone().expect("a file")).spawn().expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("claimed") {
        line.clear();
        assert!(lines.read_line(&mut line).expect("text") > 0, "the partner ended");
    }
    let mut part = Part(child, lines, messages);
    let random = round.wrapping_mul(2_654_435_761) >> 16;
    let going = if cfg!(unix) && round % 4 == 3 { Going::Stopped } else { Going::Killed };
    let ending = thread::spawn(move || {
        thread::sleep(Duration::from_micros(u64::from(random % 3001)));
        #[cfg(unix)]
        if let Going::Stopped = going {
            part.signal("-STOP");
            // Where it was stopped in the middle of a write, everybody waits for that.
            thread::sleep(3 * LEASE);
            part.signal("-CONT");
            thread::sleep(Duration::from_micros(u64::from(random % 701)));
        }
        assert!(part.is_running());
        part.kill();
    });

    let mut open: Vec<FitName> = wanted(round);
    let mut elsewhere: Vec<FitName> = Vec::new();
    let mut mine: Vec<FitName> = Vec::new();
    let begun = Instant::now();
    while !(ending.is_finished() && open.is_empty() && elsewhere.is_empty()) {
        assert!(begun.elapsed() < FOR_EVER, "round {round}, {going:?}: {elsewhere:?} are waited for");
        if !elsewhere.is_empty() && store.has_news().expect("an answer") {
            open.append(&mut elsewhere);
        }
        let groups: Vec<&[FitName]> = open.chunks(1).collect();
        let standings = store.claim(&groups, groups.len(), true).expect("an answer");
        let mut left = Vec::new();
        for (fit, standing) in open.into_iter().zip(standings) {
            match standing {
                ClaimStatus::Claimed => mine.push(fit),
                ClaimStatus::Elsewhere { .. } => elsewhere.push(fit),
                ClaimStatus::Free { crashes: 0 } => left.push(fit),
                other => panic!("{fit:?} is {other:?}"),
            }
        }
        open = left;
        store.claim(&[], 0, true).expect("an answer");
    }
    ending.join().expect("the partner's end");
    mine.sort();
    assert_eq!(mine, wanted(round));
    store.give_back(&mine).expect("written");
}

fn rounds(count: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("shared.study");
    let mut store = Sqlite::open(&study).expect("a study");
    for round in 0..count {
        is_not_left_waiting(&mut store, &study, round);
    }
    // The last partner may have gone after the last look at it.
    store.claim(&[], 0, true).expect("an answer");
    drop(store);
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(files.len(), 2, "the study and its lock: {files:?}");
}

#[test]
fn nobody_waits_for_ever_for_a_partner_that_is_gone() {
    rounds(120);
}

#[test]
#[ignore = "takes minutes: the long form of the test above"]
fn nobody_waits_for_ever_at_two_thousand_kills_and_stops() {
    rounds(2000);
}
