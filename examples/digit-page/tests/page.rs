//! The model of the page reads digits, here and in a real browser.

use std::{env, fmt::Write as _, fs, path::Path, process::Command};

use digit_page::{Cells, Drawing, trained};
use dropgrid::prelude::*;
use serde_json::Value;

/// The digits as one draws them: strokes of points in shares of a sheet's side.
const DRAWN: [&[&[[f32; 2]]]; 10] = [
    &[&[
        [0.5, 0.15],
        [0.36, 0.2],
        [0.29, 0.35],
        [0.28, 0.52],
        [0.31, 0.68],
        [0.4, 0.82],
        [0.52, 0.85],
        [0.64, 0.78],
        [0.71, 0.62],
        [0.71, 0.42],
        [0.66, 0.25],
        [0.5, 0.15],
    ]],
    &[&[[0.38, 0.3], [0.52, 0.15], [0.52, 0.85]]],
    &[&[
        [0.3, 0.32],
        [0.36, 0.19],
        [0.5, 0.14],
        [0.64, 0.2],
        [0.68, 0.34],
        [0.62, 0.48],
        [0.48, 0.63],
        [0.32, 0.82],
        [0.5, 0.82],
        [0.72, 0.82],
    ]],
    &[&[
        [0.32, 0.2],
        [0.5, 0.14],
        [0.66, 0.24],
        [0.63, 0.4],
        [0.48, 0.47],
        [0.64, 0.55],
        [0.69, 0.69],
        [0.58, 0.82],
        [0.42, 0.85],
        [0.3, 0.77],
    ]],
    &[&[[0.52, 0.14], [0.4, 0.34], [0.28, 0.58], [0.5, 0.6], [0.76, 0.6]], &[[0.6, 0.4], [0.57, 0.62], [0.55, 0.86]]],
    &[&[
        [0.68, 0.15],
        [0.38, 0.16],
        [0.34, 0.44],
        [0.5, 0.4],
        [0.65, 0.47],
        [0.69, 0.62],
        [0.62, 0.78],
        [0.47, 0.85],
        [0.32, 0.79],
    ]],
    &[&[
        [0.58, 0.14],
        [0.44, 0.28],
        [0.35, 0.46],
        [0.32, 0.64],
        [0.38, 0.79],
        [0.52, 0.85],
        [0.65, 0.77],
        [0.66, 0.62],
        [0.54, 0.53],
        [0.4, 0.57],
        [0.34, 0.67],
    ]],
    &[&[[0.3, 0.17], [0.52, 0.16], [0.7, 0.16], [0.6, 0.38], [0.5, 0.6], [0.44, 0.85]], &[[0.38, 0.5], [0.68, 0.5]]],
    &[&[
        [0.62, 0.22],
        [0.5, 0.15],
        [0.38, 0.22],
        [0.38, 0.35],
        [0.5, 0.46],
        [0.63, 0.6],
        [0.65, 0.75],
        [0.5, 0.85],
        [0.36, 0.76],
        [0.38, 0.6],
        [0.5, 0.47],
        [0.62, 0.35],
        [0.62, 0.22],
    ]],
    &[&[
        [0.65, 0.3],
        [0.56, 0.17],
        [0.42, 0.17],
        [0.34, 0.3],
        [0.4, 0.44],
        [0.54, 0.46],
        [0.65, 0.32],
        [0.66, 0.5],
        [0.63, 0.7],
        [0.55, 0.84],
        [0.38, 0.82],
    ]],
];

/// The first digits that the model has learned from.
fn known() -> Vec<(usize, Cells)> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/digits.csv")).expect("the digits");
    let row = |line: &str| {
        let (cells, digit) = line.rsplit_once(',').expect("a row");
        let cells: Vec<f32> = cells.split(',').map(|number| number.parse().expect("a number")).collect();
        (digit.parse().expect("a digit"), cells.try_into().expect("64 cells"))
    };
    text.lines().skip(1).take(100).map(row).collect()
}

fn probabilities(cells: &[Cells]) -> Vec<[f64; 10]> {
    let features = Features::from_rows(cells.iter().map(|cells| cells.to_vec())).expect("finite cells");
    trained().expect("the model").predict_proba(&features).expect("predictions")
}

fn drawn() -> [Cells; 10] {
    DRAWN.map(|strokes| Drawing::of(strokes.iter().map(|stroke| stroke.iter().copied())).cells())
}

fn most_probable(row: &[f64; 10]) -> usize {
    (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b])).expect("ten digits")
}

#[test]
fn drawn_digits_are_read() {
    let read: Vec<usize> = probabilities(&drawn()).iter().map(most_probable).collect();
    assert_eq!(read, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn digits_that_it_has_learned_are_read() {
    let known = known();
    let cells: Vec<Cells> = known.iter().map(|(_, cells)| *cells).collect();
    let right = probabilities(&cells).into_iter().zip(&known).filter(|(row, (digit, _))| most_probable(row) == *digit);
    assert!(right.count() >= 98, "of {}", known.len());
}

/// What a reader does, as a script at the end of the page. It leaves what it saw in the page's last element.
fn reader(known: &[(usize, Cells)]) -> String {
    let rows: Vec<&[f32]> = known.iter().map(|(_, cells)| &cells[..]).collect();
    let (rows, drawn) =
        (serde_json::to_string(&rows).expect("numbers"), serde_json::to_string(&DRAWN).expect("numbers"));
    format!(
        "<script>
const seen = {{ known: [], drawn: [] }};
const blank = sheet.toDataURL();
const point = (kind, [x, y]) => {{
  const box = sheet.getBoundingClientRect();
  sheet.dispatchEvent(new PointerEvent(kind, {{ bubbles: true, isPrimary: true, pointerId: 1, clientX: box.x + x * box.width, clientY: box.y + y * box.height }}));
}};
const ten = [...Array(10).keys()];
for (const row of {rows}) {{
  row.forEach((ink, at) => reader.set_cell(at, ink));
  reader.predict();
  seen.known.push(ten.map((digit) => reader.probability(digit)));
}}
for (const drawn of {drawn}) {{
  byId('clear').click();
  for (const [first, ...others] of drawn) {{
    point('pointerdown', first);
    others.forEach((other) => point('pointermove', other));
    point('pointerup', first);
  }}
  point('pointermove', [0.9, 0.9]);
  seen.drawn.push({{
    answer: answer.textContent,
    best: [...document.querySelectorAll('li.best')].map((row) => row.textContent),
    shares: ten.map((digit) => reader.probability(digit)),
    cells: [...Array(64).keys()].map((at) => reader.cell(at)),
    ink: sheet.toDataURL() !== blank,
  }});
}}
seen.hidden = hint.hidden;
byId('clear').click();
seen.cleared = [answer.textContent, document.querySelectorAll('li.best').length, hint.hidden];
seen.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
seen.requests = performance.getEntriesByType('resource').map((entry) => entry.name);
const told = document.createElement('pre');
told.id = 'seen';
told.textContent = `SEEN${{JSON.stringify(seen)}}SEEN`;
document.body.append(told);
</script>"
    )
}

/// The page as a reader sees it on a screen of that width.
fn seen(folder: &Path, page: &str, width: u32) -> Value {
    let file = folder.join(format!("{width}.html"));
    fs::write(&file, page).expect("written");
    let browser = env::var("DROPGRID_BROWSER").unwrap_or_else(|_| "chromium".to_owned());
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
    let told = dom.rsplit("SEEN").nth(1).unwrap_or_else(|| panic!("the script did not come to its end: {log}"));
    serde_json::from_str(told).unwrap_or_else(|error| panic!("{error}: {told}"))
}

#[test]
#[ignore = "needs a browser and the page that ./make made: `.ci/digit-page` runs it"]
fn a_browser_predicts_the_same_and_reads_what_is_drawn() {
    let page = env::var("DROPGRID_DIGIT_PAGE").expect("the path of the page");
    let mut page = fs::read_to_string(page).expect("a page");
    // No address but that of its own parts: the page asks nobody.
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("src="));
    let known = known();
    let cells: Vec<Cells> = known.iter().map(|(_, cells)| *cells).collect();
    let wanted = probabilities(&cells);
    let end = page.rfind("</body>").expect("a body");
    page.insert_str(end, &reader(&known));
    let folder = tempfile::tempdir().expect("a folder");
    // A browser on a desk is at least 500 wide.
    for width in [500, 1280] {
        let seen = seen(folder.path(), &page, width);
        // WebAssembly rounds a product before it is added, where most processors round their sum alone.
        let agree = |rows: &[[f64; 10]], others: &[[f64; 10]]| {
            let pairs = || rows.as_flattened().iter().zip(others.as_flattened());
            rows.len() == others.len() && pairs().all(|(share, other)| (share - other).abs() < 1e-6)
        };
        let found: Vec<[f64; 10]> = serde_json::from_value(seen["known"].clone()).expect("probabilities");
        assert!(agree(&found, &wanted), "{found:?}\n{wanted:?}");
        for (digit, drawn) in seen["drawn"].as_array().expect("drawings").iter().enumerate() {
            let shares: [f64; 10] = serde_json::from_value(drawn["shares"].clone()).expect("probabilities");
            assert_eq!(most_probable(&shares), digit, "{drawn}");
            let mut share = String::new();
            write!(share, "{:.1} %", 100.0 * shares[digit]).expect("text");
            assert_eq!(drawn["answer"], format!("{digit}with a probability of {share}"));
            assert_eq!(drawn["best"], serde_json::json!([format!("{digit}{share}")]));
            assert_eq!(drawn["ink"], true);
            let cells: Cells = serde_json::from_value::<Vec<f32>>(drawn["cells"].clone())
                .expect("cells")
                .try_into()
                .expect("64 cells");
            assert!(agree(&probabilities(&[cells]), &[shares]), "{drawn}");
        }
        assert_eq!(seen["hidden"], true);
        assert_eq!(seen["cleared"], serde_json::json!(["?draw a digit", 0, false]));
        assert_eq!((&seen["wide"], &seen["requests"]), (&Value::Bool(false), &serde_json::json!([])));
    }
}
