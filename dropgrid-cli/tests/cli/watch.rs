//! `watch` beside a search that two processes run: its lines in a pipe, and its screen on a terminal.

use std::{
    env,
    fs::File,
    io::Read,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use dropgrid::{
    hook::{Epoch, FitInfo},
    prelude::*,
};
use serde_json::Value;

use crate::{
    running::Writer,
    support::{binary, corners, dropgrid},
};

/// The variable that makes a test process one of those that search.
const WATCHED: &str = "DROPGRID_COMMAND_FOLLOWED";
/// The fits of a process before it waits for the first gate, and from there to the second.
const STEP: usize = 3;

#[searchable]
struct Gated {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// 24 fits of a tenth of a second. Each process waits for a file after three of them, and for another after six.
#[test]
fn child() {
    let Ok(path) = env::var(WATCHED) else { return };
    let gates = Path::new(&path).parent().expect("a folder").to_owned();
    let begun = AtomicUsize::new(0);
    let slow = move |_: &FitInfo, _: &Epoch| {
        let gate = begun.fetch_add(1, Ordering::Relaxed) / STEP;
        while (1..3).contains(&gate) && !gates.join(format!("gate{gate}")).exists() {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(100));
    };
    let search = Gated::search(Random::new(8)).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(1)).hook(slow);
    search.workers(1).study(path).cross_validate(&corners()).expect("a report");
}

/// A search that has come to its first gate in two processes.
struct Search {
    folder: tempfile::TempDir,
    /// The processes, which end with this value.
    #[allow(dead_code, reason = "dropped, not read")]
    writers: [Writer; 2],
}

impl Search {
    fn at_its_first_gate() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.study");
        let writers = [(); 2].map(|()| Writer::start("watch::child", WATCHED, &path));
        let start = Instant::now();
        let is_there = |study: &Value| study["fits"]["done"] == 2 * STEP && study["running"]["processes"] == 2;
        loop {
            let listed = dropgrid(folder.path(), &["ls", "--json"]);
            let listed: Value = serde_json::from_str(&listed.stdout).expect("JSON");
            if is_there(&listed["studies"][0]) {
                assert_eq!(listed["studies"][0]["running"]["workers"], 2);
                return Self { folder, writers };
            }
            assert!(start.elapsed() < Duration::from_mins(1), "the search does not come to its gate: {listed}");
        }
    }

    fn open(&self, gate: usize) {
        File::create(self.folder.path().join(format!("gate{gate}"))).expect("a gate");
    }

    /// Reads what `watch` writes, to its end, and opens each gate when its fits are there.
    fn read(&self, mut from: impl Read) -> String {
        let (mut text, mut part) = (Vec::new(), [0; 4096]);
        let mut gates = 1..3;
        let mut wanted = 2 * STEP;
        // A terminal whose program has ended gives an error on Linux.
        while let Ok(count @ 1..) = from.read(&mut part) {
            text.extend_from_slice(&part[..count]);
            if String::from_utf8_lossy(&text).contains(&format!("{wanted} of 24 fits"))
                && let Some(gate) = gates.next()
            {
                self.open(gate);
                wanted += 2 * STEP;
            }
        }
        assert_eq!(gates.next(), None, "{}", String::from_utf8_lossy(&text));
        String::from_utf8(text).expect("UTF-8")
    }
}

/// The number of fits in a line.
fn fits(line: &str) -> usize {
    let at = line.find(" of 24 fits").unwrap_or_else(|| panic!("no fits: {line:?}"));
    line[..at].rsplit(|letter: char| !letter.is_ascii_digit()).next().expect("digits").parse().expect("a number")
}

/// Whether a line has the rate and the time left.
fn has_pace(line: &str) -> bool {
    line.contains("s/fit, about ") || line.contains("fits/s, about ")
}

#[test]
fn a_pipe_gets_a_line_for_each_change_until_the_search_is_done() {
    let search = Search::at_its_first_gate();
    let mut command = binary(search.folder.path());
    let mut watch = command.args(["watch", "x.study"]).stdout(Stdio::piped()).spawn().expect("the binary");
    let text = search.read(watch.stdout.take().expect("its output"));
    assert!(watch.wait().expect("an end").success(), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() >= 3 && !text.contains(['\u{1b}', '\r']), "{text}");
    assert!(lines[0].starts_with("6 of 24 fits") && lines[0].ends_with(" under way in 2 processes"), "{text}");
    assert!(lines.iter().all(|line| has_pace(line) == (fits(line) < 24)), "{text}");
    assert!(lines.iter().all(|line| line.contains(", best accuracy ")), "{text}");
    assert!(lines.windows(2).all(|pair| pair[0] != pair[1] && fits(pair[0]) <= fits(pair[1])), "{text}");
    let last = lines.last().expect("a line");
    assert!(last.starts_with("24 of 24 fits") && last.ends_with(", done"), "{text}");
}

#[test]
#[cfg(unix)]
fn a_terminal_shows_the_bar_the_pace_and_the_best() {
    use rustix::{
        pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
        termios::{Winsize, tcsetwinsize},
    };

    let leader = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&leader).and_then(|()| unlockpt(&leader)).expect("its other end");
    let name = ptsname(&leader, Vec::new()).expect("its name").into_string().expect("a path");
    let follower = File::options().read(true).write(true).open(name).expect("its other end");
    tcsetwinsize(&follower, Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 }).expect("its size");

    let search = Search::at_its_first_gate();
    let mut command = binary(search.folder.path());
    command.args(["watch", "x.study"]).env("TERM", "xterm").stdout(follower);
    let mut watch = command.spawn().expect("the binary");
    // The end of the terminal is that of the program, once nobody else has it open.
    drop(command);
    let text = search.read(File::from(leader));
    assert!(watch.wait().expect("an end").success(), "{text}");
    // Each drawing begins in the first place of the screen.
    let screens: Vec<&str> = text.split("\u{1b}[1;1H").skip(1).collect();
    assert!(screens.len() >= 3, "{text}");
    assert!(screens.iter().all(|screen| screen.contains('━') && screen.contains("mean accuracy")), "{text}");
    assert!(has_pace(screens[0]) && screens[0].contains("6 of 24 fits"), "{text}");
    let bars: Vec<usize> = screens.iter().map(|screen| screen.matches('━').count()).collect();
    assert!(bars.is_sorted() && bars[0] < 30 && bars.last() == Some(&30), "{bars:?}");
    assert!(screens.last().expect("a screen").contains(", done"), "{text}");
}
