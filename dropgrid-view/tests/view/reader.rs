//! A reader of a page that follows a search, and a reader with a keyboard.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use dropgrid_view::{Live, SearchView, live_page, page};
use serde_json::json;

use crate::{
    demo,
    devtools::{Page, serve, serve_latest},
};

/// The version that the page asks for: another one than its own as soon as a test has news, and until it has loaded.
const NEWS: &str = "window.asked = 0;
  sessionStorage.loaded = Number(sessionStorage.loaded ?? 0) + 1;
  if (sessionStorage.loaded > 1) sessionStorage.removeItem('news');
  window.fetch = async () => { window.asked += 1; return new Response(sessionStorage.news ?? '1'); };";

/// What a reader does before there are news.
const AT_WORK: &str = r"(() => {
  const input = document.getElementById('filter');
  input.focus();
  input.value = 'rank<=90 lr>0';
  input.dispatchEvent(new Event('input'));
  input.setSelectionRange(3, 5);
  [...document.querySelectorAll('thead button')].find((it) => it.textContent === 'lr').click();
  const brush = document.querySelector('.brush[data-axis=\'0\']');
  const { x, y, width, height } = brush.getBoundingClientRect();
  const at = (kind, clientY) => brush.dispatchEvent(
    new PointerEvent(kind, { bubbles: true, clientX: x + width / 2, clientY, pointerId: 1 }));
  at('pointerdown', y + 2); at('pointermove', y + height / 2); at('pointerup', y + height / 2);
  document.querySelector('td details').open = true;
  document.querySelector('.scroll').scrollTop = 120;
  scrollTo(0, 300);
})()";

/// What a reader finds on the page.
const FOUND: &str = r"(() => {
  const input = document.getElementById('filter');
  const sorted = document.querySelector('th[aria-sort=ascending]').textContent;
  const range = document.querySelector('.range');
  const open = [...document.querySelectorAll('td details')].filter((it) => it.open).map((it) => it.closest('tr').dataset.c);
  return { filter: input.value, caret: [input.selectionStart, input.selectionEnd], focused: document.activeElement === input,
    sorted, range: range.getAttribute('y') + ' ' + range.getAttribute('height'), open,
    shown: document.getElementById('shown').textContent,
    table: document.querySelector('.scroll').scrollTop, page: scrollY };
})()";

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn news_wait_for_a_reader_at_work_who_finds_all_as_it_was() {
    let folder = std::env::temp_dir().join(format!("dropgrid-live-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let live = Live { address: "version".to_owned(), version: "1".to_owned() };
    let mut page = Page::open(&serve(live_page(&demo::search(100), &live)), &folder.join("profile"), NEWS);
    page.value(AT_WORK);
    let before = page.value(FOUND);
    assert_eq!((&before["focused"], &before["table"], &before["page"]), (&json!(true), &json!(120), &json!(300)));
    page.value("sessionStorage.news = '2', window.asked = 0");
    // The first answer after the news may be to a question before them.
    page.until("window.asked >= 2 && !document.getElementById('news').hidden");
    assert_eq!(page.value("sessionStorage.loaded"), "1", "the page took the field from under the reader");
    // The reader leaves the field, and holds the pointer down.
    let pointer = |kind: &str| format!("document.body.dispatchEvent(new PointerEvent('{kind}', {{ bubbles: true }}))");
    page.value(&pointer("pointerdown"));
    page.value("document.activeElement.blur(), window.asked = 0");
    page.until("window.asked >= 2");
    assert_eq!(page.value("sessionStorage.loaded"), "1", "the page went while the pointer was down");
    page.value(&pointer("pointerup"));
    page.until("sessionStorage.loaded === '2' && document.readyState === 'complete'");
    let mut after = page.value(FOUND);
    assert_eq!(after["focused"], false);
    after["focused"] = true.into();
    assert_eq!(after, before);
    // The button loads at once, and the field keeps its focus.
    page.value("document.getElementById('filter').focus(), document.getElementById('filter').setSelectionRange(3, 5)");
    page.value("sessionStorage.news = '3'");
    page.until("!document.getElementById('news').hidden");
    let place = page.value("(({ x, y }) => [x + 9, y + 9])(document.getElementById('news').getBoundingClientRect())");
    for kind in ["mousePressed", "mouseReleased"] {
        let click = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
        page.call("Input.dispatchMouseEvent", &click);
    }
    page.until("sessionStorage.loaded === '3' && document.readyState === 'complete'");
    assert_eq!(page.value(FOUND), before);
    assert_eq!(page.faults, [""; 0]);
    drop(page);
    fs::remove_dir_all(&folder).expect("removed");
}

/// The element with the focus, and true where it shows.
const FOCUS: &str = r"(() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return [at.id || at.getAttribute('aria-label') || at.textContent, outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2];
})()";

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn keys_reach_the_filter_the_columns_and_the_reasons() {
    let folder = std::env::temp_dir().join(format!("dropgrid-keys-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let mut page = Page::open(&serve(page(&demo::search(100))), &folder.join("profile"), "");
    // Each stop on the way shows that it has the focus.
    let go_to = |page: &mut Page, wanted: &str| {
        for _ in 0..40 {
            page.press("Tab");
            let focus = page.value(FOCUS);
            assert_eq!(focus[1], true, "{focus}");
            if focus[0] == wanted {
                return;
            }
        }
        panic!("no key reaches {wanted}");
    };
    go_to(&mut page, "filter");
    go_to(&mut page, "lr");
    page.press("Enter");
    assert_eq!(page.value("document.activeElement.closest('th').getAttribute('aria-sort')"), "ascending");
    go_to(&mut page, "std of log_loss");
    go_to(&mut page, "pruned, 5 of 20 epochs");
    page.press("Enter");
    assert_eq!(page.value("document.querySelectorAll('#candidates details[open]').length"), 1);
    page.press("Enter");

    let paper = "getComputedStyle(document.body).backgroundColor";
    let heights = "[...document.querySelectorAll('#candidates details')].slice(0, 3)
      .map((it) => it.getBoundingClientRect().height > it.querySelector('summary').getBoundingClientRect().height + 8)";
    assert_eq!((page.value(paper), page.value(heights)), (json!("rgb(255, 255, 255)"), json!([false, false, false])));
    page.call(
        "Emulation.setEmulatedMedia",
        &json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] }),
    );
    assert_eq!(page.value(paper), "rgb(20, 24, 31)");
    // Paper opens what is closed, and is white in the dark as well.
    page.call("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    assert_eq!((page.value(paper), page.value(heights)), (json!("rgb(255, 255, 255)"), json!([true, true, true])));
    assert_eq!(page.value("getComputedStyle(document.querySelector('.filter')).display"), "none");
    assert_eq!(page.faults, [""; 0]);
    drop(page);
    fs::remove_dir_all(&folder).expect("removed");
}

/// The numbers of the candidates whose rows are shown.
fn shown(page: &mut Page) -> Vec<usize> {
    let rows =
        "[...document.querySelectorAll('#candidates tbody tr')].filter((it) => !it.hidden).map((it) => +it.dataset.c)";
    serde_json::from_value(page.value(rows)).expect("numbers")
}

/// A range from one part of an axis to another, and the candidates that are shown before and after more of them came, with
/// their values.
fn before_and_after(axis: usize, parts: [f64; 2], value: impl Fn(&SearchView, usize) -> f64) -> [Vec<(bool, f64)>; 2] {
    let folder = std::env::temp_dir().join(format!("dropgrid-range-{axis}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let live = Live { address: "version".to_owned(), version: "1".to_owned() };
    let all = demo::search(100);
    // The first candidates lie in the middle of the learning rates, and none of them is among the best.
    let mut first = all.clone();
    first.candidates.retain(|it| {
        it.params[3].as_f64().is_some_and(|lr| (1e-3..1e-2).contains(&lr)) && it.mean().is_some_and(|mean| mean < 0.97)
    });
    (first.best, first.front) = (None, None);
    let document = Arc::new(Mutex::new(live_page(&first, &live)));
    let mut page = Page::open(&serve_latest(&document), &folder.join("profile"), NEWS);
    let [from, to] = parts;
    page.value(&format!(
        "(() => {{
           const brush = document.querySelector('.brush[data-axis=\"{axis}\"]');
           const {{ x, y, width, height }} = brush.getBoundingClientRect();
           const at = (kind, part) => brush.dispatchEvent(new PointerEvent(kind,
             {{ bubbles: true, clientX: x + width / 2, clientY: y + part * height, pointerId: 1 }}));
           at('pointerdown', {from}); at('pointermove', {to}); at('pointerup', {to});
         }})()"
    ));
    let of = |shown: &[usize], view: &SearchView| -> Vec<(bool, f64)> {
        let numbers = view.candidates.iter().map(|it| it.number);
        numbers.map(|number| (shown.contains(&number), value(&all, number))).filter(|it| it.1.is_finite()).collect()
    };
    let before = of(&shown(&mut page), &first);
    *document.lock().expect("a document") = live_page(&all, &live);
    page.value("sessionStorage.news = '2'");
    page.until("sessionStorage.loaded === '2' && document.readyState === 'complete'");
    let after = of(&shown(&mut page), &all);
    assert_eq!(page.faults, [""; 0]);
    drop(page);
    fs::remove_dir_all(&folder).expect("removed");
    assert!(before.iter().any(|it| it.0) && before.iter().any(|it| !it.0), "{before:?}");
    assert!(after.len() > before.len());
    [before, after]
}

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn a_range_keeps_its_values_while_its_axis_grows() {
    let ends = |some: &mut dyn Iterator<Item = f64>| {
        some.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)))
    };
    // From the middle of the learning rates that are there, where there are none beyond the ends by then.
    let rate = |view: &SearchView, at: usize| view.candidates[at].params[3].as_f64().expect("a number");
    let [before, after] = before_and_after(3, [0.3, 0.7], rate);
    let (low, high) = ends(&mut before.iter().filter(|it| it.0).map(|it| it.1));
    let below = ends(&mut before.iter().filter(|it| !it.0 && it.1 < low).map(|it| it.1)).1;
    let above = ends(&mut before.iter().filter(|it| !it.0 && it.1 > high).map(|it| it.1)).0;
    for (is_shown, rate) in after {
        if (low..=high).contains(&rate) {
            assert!(is_shown, "{rate} is from {low} to {high}");
        } else if rate <= below || rate >= above {
            assert!(!is_shown, "{rate} is not from {low} to {high}");
        }
    }
    // Scores from the middle to the upper end: those that are better than all before are among them.
    let score = |view: &SearchView, at: usize| view.candidates[at].mean().unwrap_or(f64::NAN);
    let [before, after] = before_and_after(4, [0.4, 0.0], score);
    let (low, high) = ends(&mut before.iter().filter(|it| it.0).map(|it| it.1));
    let below = ends(&mut before.iter().filter(|it| !it.0).map(|it| it.1)).1;
    assert!(below < low && after.iter().any(|it| it.1 > high));
    for (is_shown, score) in after {
        if score >= low || score <= below {
            assert_eq!(is_shown, score >= low, "{score} of {low} to {high}");
        }
    }
    // Levels: the lower half of the dropout rates.
    let dropout = |view: &SearchView, at: usize| view.candidates[at].params[2].as_f64().expect("a number");
    let [before, after] = before_and_after(2, [0.5, 1.0], dropout);
    for (is_shown, level) in before.iter().chain(&after) {
        assert_eq!(*is_shown, *level < 0.25, "{level}");
    }
}
