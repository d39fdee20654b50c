//! Processes that die: those that are killed are replaced, and what makes others die is found.

use super::*;

use dropgrid::Failure;

/// Three processes of which two are killed, each somewhere else; a fourth takes the place of the first.
fn survives(attempt: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("shared.study");
    let mut parts = parts(3, "1", &study);
    let mut replacement = Part::new("1", &study, None);
    for at in 0..2 {
        let random = (attempt * 2 + at).wrapping_mul(2_654_435_761) >> 16;
        let moment = random as usize % FITS;
        while kept(&study) < moment && parts[0].is_running() {
            thread::sleep(Duration::from_micros(u64::from(random % 997)));
        }
        parts.remove(0).kill();
        if at == 0 {
            replacement.begin();
        }
    }
    parts.push(replacement);
    let whole = whole();
    for part in parts {
        assert_eq!(part.end().expect("a report").1, whole, "attempt {attempt}");
    }
    assert_eq!(kept(&study), FITS);
    let report = search().study(&study).cross_validate(&data()).expect("a report");
    assert_eq!((report.digest(), report.results().failures().count()), (whole, 0));
}

#[test]
fn killed_processes_are_replaced_by_the_others() {
    (0..3).for_each(survives);
}

#[test]
#[ignore = "takes a minute: the long form of the test above"]
fn killed_processes_are_replaced_fifty_times() {
    (0..25).for_each(survives);
}

/// A third of it is dangerous.
pub(crate) fn dangerous() -> Search<Mlp, Grid> {
    search().space(Mlp::space().dropout([0.2]).lr([1e-2]))
}

#[test]
fn a_fit_that_ends_its_process_three_times_has_failed() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("dangerous.study");
    let mut crashes = 0;
    loop {
        let mut part = Part::new("dangerous", &study, Some((DANGER, "")));
        part.begin();
        if part.end().is_some() {
            break;
        }
        crashes += 1;
    }
    // Two fits, which may have ended a process together twice; what ran beside them has not failed.
    assert!((4..=6).contains(&crashes), "{crashes}");
    let report = dangerous().study(&study).cross_validate(&data()).expect("a report");
    let failures: Vec<&Failure> = report.results().failures().collect();
    assert_eq!(failures, [&Failure::Killed { crashes: 3 }; 2]);
    assert!(report.to_string().contains("2 of 6 fits failed: 2 x ended its process 3 times (`Study::at("), "{report}");
    let again = |what| parts(1, what, &study).remove(0).end().expect("a report");
    assert_eq!(again("dangerous"), (0, report.digest()), "nothing is run again");
    // Where it is no danger, they are run when one asks for it.
    let whole = dangerous().cross_validate(&data()).expect("a report").digest();
    assert_eq!(again("again"), (2 * PASSES_OF_A_FIT, whole));
}

/// One candidate on two folds, which train for a while.
pub(crate) fn long() -> Search<Mlp, Grid> {
    let recipe = Train::adam(1e-2).epochs(300).batch_size(10);
    search().space(Mlp::space().dangerous([0.0]).dropout([0.2]).lr([1e-2])).train(recipe).workers(2)
}

/// Kills a search again and again with the same fits in flight, by a signal that it has no handler of; gives the digest
/// of what comes in the end.
#[cfg(unix)]
fn digest_after(signal: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("killed.study");
    for kill in 0..5 {
        let mut part = parts(1, "long", &study).remove(0);
        while StudyFile::open(&study).map_or(0, |study| study.info().running.fits) < 2 {
            assert!(part.is_running());
            thread::yield_now();
        }
        // A shell's background jobs are started with some signals ignored.
        part.signal(if part.ignores(signal) { "-KILL" } else { signal });
        assert_eq!(part.end(), None, "{signal}, {kill}");
        assert_eq!(kept(&study), 0, "the same fits are in flight each time");
    }
    let report = long().study(&study).cross_validate(&data()).expect("a report");
    assert_eq!(report.results().failures().count(), 0, "{signal}");
    report.digest()
}

#[test]
#[cfg(unix)]
fn kills_from_outside_are_no_verdict_on_a_fit() {
    let whole = long().cross_validate(&data()).expect("a report").digest();
    for signal in ["-KILL", "-TERM", "-HUP", "-INT"] {
        assert_eq!(digest_after(signal), whole, "{signal}");
    }
}
