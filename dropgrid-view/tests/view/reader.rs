//! A reader of a page that follows a search, and a reader with a keyboard.

use std::fs;

use dropgrid_view::{Live, live_page, page};
use serde_json::json;

use crate::{
    demo,
    devtools::{Page, serve},
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
