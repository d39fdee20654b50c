//! The stages after which candidates were given up.

use std::collections::BTreeMap;

use super::{
    Kind, Plot,
    frame::{labelled, shortened},
};
use crate::{SearchView, State, markup::Element, number};

/// The most stages.
const MOST: usize = 24;
const ROW: f64 = 24.0;
/// The room for the names of stages, and for the numbers behind the bars.
const NAMES: f64 = 130.0;
const NUMBERS: f64 = 60.0;

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let pruned = || view.candidates.iter().filter(|candidate| candidate.state == State::Pruned);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for stage in pruned().filter_map(|candidate| candidate.stage.as_deref()) {
        *counts.entry(stage).or_default() += 1;
    }
    let mut stages: Vec<(&str, usize)> = counts.into_iter().collect();
    if stages.is_empty() {
        return None;
    }
    // Stages are counted, `fold 2 of 5` or `3 epochs`: by their first number.
    stages.sort_by(|a, b| first_number(a.0).total_cmp(&first_number(b.0)).then(a.0.cmp(b.0)));
    let left_out = stages.len().saturating_sub(MOST);
    stages.truncate(MOST);
    let width = 720.0;
    let largest = stages.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1) as f64;
    let mut content = Element::new("g");
    for (row, (stage, count)) in stages.iter().enumerate() {
        let y = 8.0 + ROW * row as f64;
        let text = Element::of("text", "item").place([("x", NAMES - 10.0), ("y", y + 14.0)]).set("text-anchor", "end");
        content.push(&labelled(text, &shortened(stage, NAMES - 12.0), stage));
        let length = (*count as f64 / largest * (width - NAMES - NUMBERS)).max(2.0);
        let bar = [("x", NAMES), ("y", y + 2.0), ("width", length), ("height", ROW - 8.0)];
        content.push(&Element::of("rect", "bar warm").place(bar).set("rx", "2"));
        let number = Element::of("text", "item").place([("x", NAMES + length + 7.0), ("y", y + 14.0)]);
        content.push(&number.text(&number::count(*count)));
    }
    let all = view.candidates.len();
    let more = if left_out > 0 { format!(" {left_out} later stages are left out.") } else { String::new() };
    let caption = format!(
        "{} of {} candidates were given up before the end of their training: so many after each stage. The table has the \
         reasons.{more}",
        number::count(pruned().count()),
        number::count(all)
    );
    let size = (width, 16.0 + ROW * stages.len() as f64);
    Some(Plot::new(Kind::Budgets, "given-up", "Given up, by stage", caption, size, content))
}

/// The first number of a text; after all others where it has none.
fn first_number(text: &str) -> f64 {
    let start = text.find(|letter: char| letter.is_ascii_digit());
    let number = start.map(|start| {
        let rest = &text[start..];
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
        &rest[..end]
    });
    number.and_then(|digits| digits.parse().ok()).unwrap_or(f64::INFINITY)
}
