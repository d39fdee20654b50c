//! A reader of a page that follows a search, and a reader with a keyboard.

use std::fs;

use dropgrid_view::{Live, live_page};
use serde_json::json;

use crate::{demo, devtools::Page};

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
    let file = folder.join("live.html");
    let live = Live { address: "version".to_owned(), version: "1".to_owned() };
    fs::write(&file, live_page(&demo::search(100), &live)).expect("written");
    let mut page = Page::open(&file, &folder.join("profile"), NEWS);
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
