//! The table of the candidates.

use crate::{
    Candidate, SearchView, State,
    markup::{Element, pixel},
    number::{brief, count, counted, deviation, score, time, value},
};

/// The rows whose folds are drawn in the table.
const STRIPS: usize = 200;
/// The width and height of such a drawing.
const STRIP: (f64, f64) = (120.0, 14.0);
/// The best rows by whose folds these drawings are scaled.
const SCALED: usize = 40;
/// The rows on paper, as the style has them.
const PRINTED: usize = 36;

/// The section with the best candidates as a table, and what the others are.
pub(super) fn section(view: &SearchView, rows: usize) -> Element {
    let ranked = view.ranked();
    let heading = Element::new("h2").text("Candidates");
    let section = Element::new("section").set("id", "candidates").add(&heading);
    if ranked.is_empty() {
        return section.add(&Element::new("p").text("There are none yet."));
    }
    let label = "Filter: words, or conditions such as std<0.05 rank<=10; quotes keep spaces together";
    let input = Element::new("input").set("id", "filter").set("type", "search").set("autocomplete", "off");
    let input = input.set("spellcheck", "false").set("placeholder", example(view));
    let shown = Element::new("output").set("id", "shown").set("for", "filter");
    let form = Element::of("p", "filter scripted")
        .add(&Element::new("label").set("for", "filter").text(label))
        .add(&input)
        .add(&shown);
    let region = Element::of("div", "scroll").set("role", "region").set("tabindex", "0");
    let region = region.set("aria-label", "Candidates, best first").add(&table(view, &ranked, rows));
    section.add(&form).add(&region).extend(notes(view, &ranked, rows))
}

/// A condition that the search's own names make.
fn example(view: &SearchView) -> String {
    let numeric = view.varying().into_iter().find(|&axis| view.axes[axis].domain.is_numeric());
    let best = view.best_candidate().and_then(|best| Some((numeric?, value(best.params.get(numeric?)?))));
    best.map_or_else(
        || "rank<=10".to_owned(),
        |(axis, value)| {
            let condition = format!("{}<={value}", view.axes[axis].name);
            if condition.contains(char::is_whitespace) { format!("\"{condition}\"") } else { condition }
        },
    )
}

fn table(view: &SearchView, ranked: &[usize], rows: usize) -> Element {
    let varying = view.varying();
    let metrics = view.metrics.len();
    let has = |of: &dyn Fn(&Candidate) -> bool| view.candidates.iter().any(of);
    let has_train = has(&|it| it.deciding().is_some_and(|summary| summary.train_mean.is_some()));
    let has_violation = has(&|it| !it.violations.is_empty());
    let has_time = has(&|it| it.fit_seconds.is_some());
    let has_state = has(&|it| it.state != State::Complete);
    let has_folds = has(&|it| it.deciding().is_some_and(|summary| summary.scores.iter().flatten().count() > 1));
    let folds = fold_scale(view, ranked);

    let header = |name: &str, class: &str, label: &str| {
        let mut button = Element::new("button").set("type", "button").text(name);
        if label != name {
            button = button.set("aria-label", label);
        }
        let sort = if name == "rank" { "ascending" } else { "none" };
        Element::of("th", class).set("scope", "col").set("aria-sort", sort).add(&button)
    };
    let column = |name: &str, class: &str| header(name, class, name);
    let mut head = Element::new("tr").add(&column("rank", "number"));
    for &axis in &varying {
        let class = if view.axes[axis].domain.is_numeric() { "number" } else { "text" };
        head.push(&column(&view.axes[axis].name, class));
    }
    for metric in &view.metrics {
        head.push(&column(&metric.name, "number"));
        head.push(&header("std", "number", &format!("std of {}", metric.name)));
    }
    let others = [
        (has_train, "train", "number"),
        (has_violation, "violation", "number"),
        (has_time, "fit time", "number"),
        (has_state, "state", "text"),
    ];
    for (has, name, class) in others {
        head = head.extend(has.then(|| column(name, class)));
    }
    if has_folds {
        head.push(&Element::of("th", "text").set("scope", "col").text("folds"));
    }

    let row = |(position, &at): (usize, &usize)| {
        let candidate = &view.candidates[at];
        let mut row = Element::new("tr").set("data-c", candidate.number);
        if view.best == Some(at) {
            row = row.set("class", "best");
        }
        let rank = candidate.deciding().map_or(0, |summary| summary.rank);
        row.push(&Element::of("th", "number").set("scope", "row").text(&rank.to_string()));
        for &axis in &varying {
            let raw = candidate.params.get(axis).unwrap_or(&serde_json::Value::Null);
            let class = if view.axes[axis].domain.is_numeric() { "number" } else { "text" };
            row.push(&sortable(Element::of("td", class), raw.as_f64()).text(&value(raw)));
        }
        for metric in 0..metrics {
            let summary = candidate.summaries.get(metric);
            let (mean, std) = (summary.and_then(|it| it.mean), summary.and_then(|it| it.std));
            let words =
                if mean.is_none() && candidate.state == State::Failed { "failed".to_owned() } else { score(mean) };
            row.push(&sortable(Element::of("td", "number"), mean).text(&words));
            row.push(&sortable(Element::of("td", "number soft"), std).text(&deviation(std, mean)));
        }
        if has_train {
            let train = candidate.deciding().and_then(|summary| summary.train_mean);
            row.push(&sortable(Element::of("td", "number soft"), train).text(&score(train)));
        }
        if has_violation {
            let violation = candidate.violation();
            let text = violation.map_or_else(|| "–".to_owned(), brief);
            row.push(&sortable(Element::of("td", "number soft"), violation).text(&text));
        }
        if has_time {
            let seconds = candidate.fit_seconds;
            let text = seconds.map_or_else(|| "–".to_owned(), time);
            row.push(&sortable(Element::of("td", "number soft"), seconds).text(&text));
        }
        if has_state {
            row.push(&state(candidate));
        }
        if has_folds {
            let strip = folds.filter(|_| position < STRIPS).and_then(|folds| strip(candidate, folds));
            row.push(&Element::new("td").extend(strip));
        }
        row
    };
    let body = Element::new("tbody").extend(ranked.iter().take(rows).enumerate().map(row));
    let caption = Element::of("caption", "hidden").text("Candidates with their scores, best first");
    Element::new("table").add(&caption).add(&Element::new("thead").add(&head)).add(&body)
}

/// A cell with the number that it is sorted by; where there is none, it comes last.
fn sortable(cell: Element, number: Option<f64>) -> Element {
    match number.filter(|number| number.is_finite()) {
        Some(number) => cell.set("data-v", number),
        None => cell,
    }
}

fn state(candidate: &Candidate) -> Element {
    let word = candidate.state.word();
    let budget = candidate.budget.as_ref().map(|budget| format!(", {budget}")).unwrap_or_default();
    // That most are complete needs no word.
    if candidate.state == State::Complete && candidate.reason.is_none() {
        return Element::new("td");
    }
    let cell = Element::of("td", &format!("state {word}"));
    match &candidate.reason {
        Some(reason) => {
            let summary = Element::new("summary").text(&format!("{word}{budget}"));
            cell.add(&Element::new("details").add(&summary).text(reason))
        }
        None => cell.text(&format!("{word}{budget}")),
    }
}

/// The least and the largest score of a fold among the best candidates that are complete, or of all where none is; the
/// least one in fifty is left out.
fn fold_scale(view: &SearchView, ranked: &[usize]) -> Option<(f64, f64)> {
    let is_complete = |at: &&usize| view.candidates[**at].state == State::Complete;
    let has_complete = ranked.iter().any(|at| is_complete(&at));
    let rows = ranked.iter().filter(|at| is_complete(at) || !has_complete).take(SCALED);
    let rows = rows.filter_map(|&at| view.candidates[at].deciding());
    let mut all: Vec<f64> =
        rows.flat_map(|summary| summary.scores.iter().flatten()).copied().filter(|it| it.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let (low, high) = (*all.get(all.len() / 50)?, *all.last()?);
    (high > low).then_some((low, high))
}

/// The scores of the folds as dots on a line, with a bar at their mean.
fn strip(candidate: &Candidate, (low, high): (f64, f64)) -> Option<Element> {
    let (width, height) = STRIP;
    let x = |score: f64| 4.0 + ((score - low) / (high - low)).clamp(0.0, 1.0) * (width - 8.0);
    let deciding = candidate.deciding()?;
    let scores: Vec<f64> = deciding.scores.iter().flatten().copied().filter(|score| score.is_finite()).collect();
    let words: Vec<String> = scores.iter().map(|&it| score(Some(it))).collect();
    let label = format!("folds: {}", words.join(", "));
    let mut svg = Element::of("svg", "strip").set("viewBox", format!("0 0 {width} {height}"));
    svg = svg.set("role", "img").set("aria-label", &label);
    let middle = pixel(height / 2.0);
    let dots = scores.iter().map(|&score| ["M", &pixel(x(score)), " ", &middle, "h0"].concat());
    let dots = dots.collect::<Vec<_>>().concat();
    svg.push(&Element::new("path").set("d", dots));
    if let Some(mean) = candidate.mean() {
        let at = [("x1", x(mean)), ("x2", x(mean)), ("y1", 2.0), ("y2", height - 2.0)];
        svg.push(&Element::new("line").place(at));
    }
    Some(svg)
}

/// A sentence on the candidates and hyperparameters that the table leaves out: candidates beyond its rows, and
/// hyperparameters that are always the same.
fn notes(view: &SearchView, ranked: &[usize], rows: usize) -> Vec<Element> {
    let mut notes = Vec::new();
    let note = |text: String| Element::of("p", "note").text(&text);
    let varying = view.varying();
    let fixed = (0..view.axes.len()).filter(|axis| !varying.contains(axis) && ranked.len() > 1);
    let first = view.candidates.first();
    let fixed =
        fixed.filter_map(|axis| Some(format!("{} = {}", view.axes[axis].name, value(first?.params.get(axis)?))));
    let fixed: Vec<String> = fixed.collect();
    if !fixed.is_empty() {
        notes.push(note(format!("In every candidate: {}.", fixed.join(", "))));
    }
    if ranked.len().min(rows) > PRINTED {
        notes.push(Element::of("p", "note paper").text(&format!("On paper there are the first {PRINTED}.")));
    }
    if ranked.len() > rows {
        let mut others: Vec<f64> = ranked[rows..].iter().filter_map(|&at| view.candidates[at].mean()).collect();
        others.sort_by(f64::total_cmp);
        let spread = others.first().zip(others.last()).map(|(&low, &high)| {
            let middle = score(Some(others[others.len() / 2]));
            format!(", with scores from {} to {}, half of them above {middle}", score(Some(low)), score(Some(high)))
        });
        let more = counted(ranked.len() - rows, "candidate follows", "candidates follow");
        let spread = spread.unwrap_or_default();
        notes.push(note(format!(
            "The best {} are shown. {more}{spread}. An export as CSV has all of them.",
            count(rows)
        )));
    }
    notes
}
