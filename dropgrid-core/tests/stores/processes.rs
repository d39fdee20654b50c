//! Several processes on one file.

use super::*;

#[test]
fn one_process_runs_what_another_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let open = || Sqlite::open(&path).expect("a study");
    let (a, b) = ([fit("{}", 0)], [fit("{}", 1)]);
    let all: [&[FitName]; 2] = [&a, &b];
    let claim = |store: &mut Sqlite, most| store.claim(&all, most, true).expect("an answer");
    let mut first = open();
    first.explain(&legend(None)).expect("written");
    // By another name it is the same study.
    let link = folder.path().join("link.study");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let mut second = Sqlite::open(if cfg!(unix) { &link } else { &path }).expect("the study");
    assert_eq!(claim(&mut first, 1), [Standing::Claimed, Standing::Free { deaths: 0 }]);
    let elsewhere = Standing::Elsewhere { process: 1 };
    assert_eq!(claim(&mut second, 2), [elsewhere.clone(), Standing::Claimed]);
    assert!(!second.has_news().expect("an answer"));
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 0)[1], Standing::Elsewhere { process: 2 });
    let running = Running { processes: 2, fits: 2 };
    assert_eq!(Archive::open(&path).expect("read").running(), running);

    // What one keeps, the other hears of; what one gives back, the other can have.
    let done = kept("{}", 0, Ok(vec![0.5]));
    first.keep(std::slice::from_ref(&done)).expect("written");
    assert!(second.has_news().expect("an answer"));
    assert_eq!(claim(&mut second, 0)[0], Standing::Kept(vec![done.record.clone()]));
    drop(second);
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 2), [Standing::Kept(vec![done.record]), Standing::Claimed]);
    assert!(!folder.path().join("x.study-lock-2").exists());

    // A process that lives and does not move loses its fits with its lease, and may keep what comes of them all the same.
    first.give_back(&b).expect("written");
    let mut slow = Sqlite::open(Study::at(&path).lease(Duration::ZERO)).expect("a study");
    assert_eq!(claim(&mut slow, 1)[1], Standing::Claimed);
    assert!(first.has_news().expect("an answer"));
    assert_eq!(claim(&mut first, 1)[1], Standing::Claimed);
    slow.keep(&[kept("{}", 1, Ok(vec![0.25]))]).expect("written");
    first.keep(&[kept("{}", 1, Ok(vec![0.75]))]).expect("written");
    let records = sorted(&mut first);
    assert_eq!(records[1].record.outcome, Ok(vec![0.25]), "nobody's result is counted twice");
    assert_eq!(records.len(), 2);
    drop((first, slow));
    assert_eq!(Archive::open(&path).expect("read").running(), Running::default());
}

/// The variable that makes a test process one that claims fits and dies, or is asked to end before.
const DYING: &str = "DROPGRID_STORE_DYING";

#[test]
fn dying() {
    let Ok(task) = std::env::var(DYING) else { return };
    let (how, path) = task.split_once(' ').expect("a task");
    let mut store = Sqlite::open(path).expect("a study");
    let fits = [fit("{\"x\":1}", 0), fit("{\"x\":2}", 0)];
    // As a search would: what no process ended over ahead, the rest as far as it may.
    let fits: [&[FitName]; 2] = [&fits[..1], &fits[1..]];
    store.claim(&fits, 2, true).expect("an answer");
    store.claim(&fits, 2, false).expect("an answer");
    if how == "leaving" {
        store.leave().expect("written");
    }
    std::process::abort();
}

fn die(how: &str, path: &Path) {
    let program = std::env::current_exe().expect("the test's own program");
    let task = format!("{how} {}", path.display());
    let status =
        Command::new(program).args(["--exact", "processes::dying"]).env(DYING, task).output().expect("a child").status;
    assert!(!status.success());
}

#[test]
fn what_a_dead_process_had_is_free_at_once_and_fails_the_third_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (a, b) = ([fit("{\"x\":1}", 0)], [fit("{\"x\":2}", 0)]);
    let all: [&[FitName]; 2] = [&a, &b];
    let claim =
        |most, ahead| Sqlite::open(&path).and_then(|mut store| store.claim(&all, most, ahead)).expect("an answer");
    let free = |deaths| Standing::Free { deaths };
    die("leaving", &path);
    assert_eq!(claim(2, true), [Standing::Claimed, Standing::Claimed]);
    die("", &path);
    assert_eq!(claim(2, true), [free(1), free(1)], "not ahead of its time");
    assert_eq!(claim(2, false), [Standing::Claimed, Standing::Claimed]);
    die("", &path);
    assert_eq!(claim(2, false), [Standing::Claimed, free(2)], "alone, to see whether it is this one");
    // A training that gets further is no danger.
    let mut store = Sqlite::open(&path).expect("a study");
    let state = Checkpoint { params: "{\"x\":2}".to_owned(), fold: 0, epochs: 7, state: vec![1] };
    store.save(&state, &b).expect("written");
    drop(store);
    die("", &path);
    let killed = claim(2, false);
    let Standing::Kept(records) = &killed[0] else { panic!("{killed:?}") };
    assert_eq!(records[0].outcome, Err(Failure::Killed { deaths: 3 }));
    assert_eq!(killed[1], Standing::Claimed);
    let files: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(files.len(), 2, "the study and its lock: {files:?}");

    let mut store = Sqlite::open(&path).expect("a study");
    assert_eq!(sorted(&mut store).len(), 1);
    store.retry_failed().expect("written");
    assert_eq!(store.claim(&all, 2, true).expect("an answer"), [Standing::Claimed, Standing::Claimed]);
}
