//! The page of a running search in a real browser, which stays open from its beginning to its end.

use std::{
    env, thread,
    time::{Duration, Instant},
};

use dropgrid::{
    hook::{Epoch, FitInfo},
    prelude::*,
};
use serde_json::{Value, json};

use self::devtools::Page;
use crate::{running::Writer, serve::Server, support::corners};

#[path = "../../../dropgrid-view/tests/view/devtools.rs"]
#[allow(dead_code, reason = "tests of the view press keys and serve pages of their own")]
mod devtools;

/// The variable that makes a test process the search that the browser watches.
const WATCHED: &str = "DROPGRID_COMMAND_WATCHED";

#[searchable]
struct Slow {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// 42 fits of 0.3 seconds.
#[test]
fn child() {
    if let Ok(path) = env::var(WATCHED) {
        let slow = |_: &FitInfo, _: &Epoch| thread::sleep(Duration::from_millis(100));
        let search = Slow::search(Random::new(14)).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(3)).hook(slow);
        search.workers(1).study(path).cross_validate(&corners()).expect("a report");
    }
}

/// What a reader sees: the status, the finished fits, and how often the page has loaded itself.
fn seen(page: &mut Page) -> Value {
    page.value(
        "document.readyState !== 'complete' ? null : ({
           status: document.querySelector('.status')?.textContent ?? '',
           fits: Number([...document.querySelectorAll('.numbers div')]
             .find((it) => it.querySelector('dt').textContent === 'fits')?.querySelector('dd').textContent.split(' ')[0]),
           loads: Number(document.body.dataset.loads ?? 0),
           rows: document.querySelectorAll('#candidates tbody tr').length,
           filter: document.getElementById('filter')?.value ?? '' })",
    )
}

/// Waits until what is seen is as wanted.
fn until(page: &mut Page, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let seen = seen(page);
        if !seen.is_null() && is_wanted(&seen) {
            return seen;
        }
        assert!(start.elapsed() < Duration::from_mins(2), "{what}: {seen}, {:?}", page.faults);
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn a_page_follows_a_search_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, profile) = (folder.path(), tempfile::tempdir().expect("a folder"));
    let path = folder.join("x.study");
    let _writer = Writer::start("browser::child", WATCHED, &path);
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_mins(1), "the search does not begin");
        thread::sleep(Duration::from_millis(20));
    }
    let server = Server::start(folder);
    let mut page = Page::open(&format!("{}x.study/", server.address), profile.path(), "");
    let fits = |seen: &Value| seen["fits"].as_u64().unwrap_or(0);
    let first = until(&mut page, "some fits", |seen| fits(seen) >= 2 && seen["rows"].as_u64() > Some(0));
    assert!(first["status"].as_str().is_some_and(|it| it.starts_with("The search is running: ")), "{first}");
    page.value(
        "(() => { const input = document.getElementById('filter'); input.value = 'lr>0';
           input.dispatchEvent(new Event('input')); })()",
    );
    // Nobody asks the page to load again.
    let later = until(&mut page, "more fits", |seen| {
        fits(seen) > fits(&first) && seen["loads"].as_u64() > first["loads"].as_u64()
    });
    assert_eq!(later["filter"], "lr>0", "{later}");
    let last = until(&mut page, "the end", |seen| fits(seen) == 42 && seen["status"] == "");
    assert_eq!((&last["filter"], &last["rows"]), (&json!("lr>0"), &json!(14)), "{last}");
    assert_eq!(page.faults, [""; 0]);
}
