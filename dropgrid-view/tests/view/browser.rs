//! Pages in a real browser: they draw, complain of nothing, sort, filter and answer to a pointer.

use std::{fs, path::Path, process::Command};

use dropgrid_view::{SearchView, page};
use serde_json::Value;

use crate::{demo, strange};

/// What a reader does, as a script at the end of the page. It leaves what it saw in the title.
const READER: &str = r#"<script>
const seen = {};
const rows = () => [...document.querySelectorAll('#candidates tbody tr')].filter((row) => !row.hidden);
const headers = [...document.querySelectorAll('#candidates thead th')];
const column = (name) => headers.findIndex((header) => header.textContent === name);
const numbers = (name) => rows().map((row) => Number(row.cells[column(name)].dataset.v ?? row.cells[column(name)].textContent));
const sorted = (all, down) => all.every((it, at) => at === 0 || (down ? all[at - 1] >= it : all[at - 1] <= it));
const click = (name) => headers[column(name)].querySelector('button').click();
const write = (text) => {
  const input = document.getElementById('filter');
  input.value = text;
  input.dispatchEvent(new Event('input'));
};
const point = (target, kind, x, y) => target.dispatchEvent(
  new PointerEvent(kind, { bubbles: true, clientX: x, clientY: y, pointerId: 1 }));
const middle = (target) => {
  const box = target.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
};
seen.rows = rows().length;
seen.ranks = sorted(numbers('rank'), false);
click('lr');
seen.up = sorted(numbers('lr'), false) && headers[column('lr')].getAttribute('aria-sort');
click('lr');
seen.down = sorted(numbers('lr'), true) && headers[column('lr')].getAttribute('aria-sort');
write('dropout<0.25 act=ReLU');
seen.filtered = rows().length;
seen.right = rows().every((row) => Number(row.cells[column('dropout')].textContent) < 0.25
  && row.cells[column('act')].textContent === 'ReLU');
seen.said = document.getElementById('shown').textContent;
seen.off = document.querySelectorAll('.plot .off').length;
write('PRUNED');
seen.pruned = rows().every((row) => row.cells[column('state')]?.textContent.startsWith('pruned'));
write('"log_loss"<1e9 state!="no such state" fit');
seen.none = rows().length;
write('');
seen.again = rows().length;
const dot = document.querySelector('#hyperparameters .dot.best');
point(dot, 'pointermove', ...middle(dot));
seen.tip = document.getElementById('tip').textContent;
seen.hot = document.querySelectorAll('.hot').length;
const axis = document.querySelector('.brush[data-axis="0"]');
if (axis) {
  const box = axis.getBoundingClientRect();
  const x = box.x + box.width / 2;
  // The upper half of the axis.
  seen.wanted = numbers('hidden').filter((hidden) => hidden >= 128).length;
  point(axis, 'pointerdown', x, box.y + 2);
  point(axis, 'pointermove', x, box.y + box.height / 2);
  point(axis, 'pointerup', x, box.y + box.height / 2);
  seen.brushed = rows().length;
  point(axis, 'pointerdown', x, box.y + 5);
  point(axis, 'pointerup', x, box.y + 5);
  seen.unbrushed = rows().length;
  point(axis, 'pointerdown', x, box.y);
  point(axis, 'pointermove', x, box.y + box.height);
  point(axis, 'pointerup', x, box.y + box.height);
  seen.whole = rows().length;
  seen.wholeOff = document.querySelectorAll('.plot .off').length;
  point(axis, 'pointermove', x, box.y + box.height / 2);
  point(axis, 'pointerdown', x, box.y + 2);
  point(axis, 'pointermove', x, box.y + box.height / 2);
  point(axis, 'pointerup', x, box.y + box.height / 2);
  const left = Number(axis.getAttribute('x')) + 14;
  const range = document.querySelector('.range');
  const [low, high] = [Number(range.getAttribute('y')), Number(range.getAttribute('y')) + Number(range.getAttribute('height'))];
  const heights = [...document.querySelectorAll('.lines [data-c]:not(.off)')].map((line) => line.getAttribute('points')
    .split(' ').map((at) => at.split(',').map(Number)).find(([at]) => Math.abs(at - left) < 1)[1]);
  seen.stray = heights.filter((height) => height < low - 1 || height > high + 1).length;
  point(axis, 'pointerdown', x, box.y + 5);
  point(axis, 'pointerup', x, box.y + 5);
}
seen.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
seen.texts = [...document.querySelectorAll('.plot text')].filter((text) => !text.closest('.bare') && text.getBBox().width === 0).length;
document.title = `SEEN${JSON.stringify(seen)}SEEN`;
</script>"#;

/// A look at a page whose names are not known, on a phone of 390 pixels, and a filter by violations.
const LOOK: &str = r"<script>
const seen = {};
const rows = () => [...document.querySelectorAll('#candidates tbody tr')].filter((row) => !row.hidden);
const write = (text) => {
  const input = document.getElementById('filter');
  if (!input) return;
  input.value = text;
  input.dispatchEvent(new Event('input'));
};
document.body.style.width = '390px';
seen.wide = document.body.scrollWidth > 390 || document.documentElement.scrollWidth > document.documentElement.clientWidth;
seen.texts = [...document.querySelectorAll('.plot text')].filter((text) => !text.closest('.bare') && text.getBBox().width === 0).length;
// Texts of a picture that reach beyond it are cut.
seen.cut = [...document.querySelectorAll('.plot')].flatMap((plot) => {
  const { width } = plot.viewBox.baseVal;
  return [...plot.querySelectorAll('text')].filter((text) => text.getBBox().x < -2 || text.getBBox().x + text.getBBox().width > width + 2)
    .map((text) => `${plot.parentElement.parentElement.id}: ${text.textContent}`);
});
// Texts of an axis stand apart from each other.
const boxes = (axis) => [...axis.querySelectorAll('text:not(.name)')].map((text) => text.getBBox());
const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height;
seen.met = [...document.querySelectorAll('.plot .axis')].filter((axis) => boxes(axis).some((a, at, all) => all.slice(at + 1)
  .some((b) => meet(a, b)))).map((axis) => `${axis.closest('figure').id}: ${axis.textContent}`);
seen.rows = rows().length;
write('violation>0');
seen.missed = rows().length;
write('');
document.querySelectorAll('thead button').forEach((button) => button.click());
seen.sorted = document.querySelectorAll('th[aria-sort=ascending], th[aria-sort=descending]').length;
document.title = `SEEN${JSON.stringify(seen)}SEEN`;
</script>";

/// The page of a search as a script sees it on a screen of that width.
fn seen(folder: &Path, (name, view): (&str, &SearchView), script: &str, width: u32) -> Value {
    let file = folder.join(format!("{name}-{width}.html"));
    let text = page(view).replace("</body>", &format!("{script}</body>"));
    fs::write(&file, text).expect("written");
    let browser = std::env::var("DROPGRID_BROWSER").unwrap_or_else(|_| "chromium".to_owned());
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=4000"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("--window-size={width},900"))
        .arg("--dump-dom")
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("a browser");
    let (dom, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!log.contains("CONSOLE"), "{log}");
    let told = dom.split("SEEN").nth(1).unwrap_or_else(|| panic!("the script did not come to its end: {log}"));
    serde_json::from_str(&told.replace("&lt;", "<").replace("&amp;", "&")).expect("JSON")
}

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn a_reader_sorts_filters_and_points() {
    let folder = std::env::temp_dir().join(format!("dropgrid-view-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    for (count, rows) in [(3, 3), (100, 100), (100_000, 500)] {
        // A browser on a desk is at least 500 wide.
        for width in [500, 1280] {
            let seen = seen(&folder, (&count.to_string(), &demo::search(count)), READER, width);
            let number = |name: &str| seen[name].as_u64().unwrap_or_else(|| panic!("{name} of {seen}"));
            assert_eq!((number("rows"), number("again")), (rows, rows), "{seen}");
            assert_eq!(seen["ranks"], true);
            assert_eq!((seen["up"].as_str(), seen["down"].as_str()), (Some("ascending"), Some("descending")), "{seen}");
            assert!(number("filtered") < rows && seen["right"] == true, "{seen}");
            assert_eq!(seen["said"], format!("{} of {rows} shown", number("filtered")));
            assert!(number("off") > 0 && number("hot") > 2, "{seen}");
            assert!(
                seen["tip"].as_str().is_some_and(|tip| tip.starts_with("#1  accuracy 0.9") && tip.contains("lr = "))
            );
            assert_eq!(seen["brushed"], seen["wanted"], "{seen}");
            assert_eq!((number("unbrushed"), number("whole"), number("wholeOff")), (rows, rows, 0), "{seen}");
            assert_eq!((number("stray"), number("none"), &seen["pruned"]), (0, 0, &Value::Bool(true)), "{seen}");
            assert_eq!((&seen["wide"], &seen["texts"]), (&Value::Bool(false), &Value::from(0)), "{seen}");
        }
    }
    fs::remove_dir_all(&folder).expect("removed");
}

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn pages_of_strange_searches_keep_to_a_phone() {
    let folder = std::env::temp_dir().join(format!("dropgrid-strange-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let views = [
        ("empty", strange::empty(), 0, 0),
        ("failed", strange::failed(), 6, 0),
        ("running", strange::running(), 9, 0),
        ("damaged", strange::damaged(), 24, 0),
        ("constrained", strange::constrained(40), 40, 20),
        ("named", strange::named(), 60, 0),
        ("many-axes", strange::many_axes(), 80, 0),
        ("many-classes", strange::many_classes(), 30, 0),
        ("numbers", strange::numbers(), 30, 0),
    ];
    for (name, view, rows, missed) in views {
        let seen = seen(&folder, (name, &view), LOOK, 500);
        assert_eq!((&seen["wide"], &seen["texts"]), (&Value::Bool(false), &Value::from(0)), "{name}: {seen}");
        assert_eq!((&seen["cut"], &seen["met"]), (&serde_json::json!([]), &serde_json::json!([])), "{name}");
        assert_eq!((seen["rows"].as_u64(), seen["missed"].as_u64()), (Some(rows), Some(missed)), "{name}: {seen}");
        assert_eq!(seen["sorted"].as_u64(), Some(u64::from(rows > 0)), "{name}: {seen}");
    }
    fs::remove_dir_all(&folder).expect("removed");
}
