//! Scores by budget: which candidates were given up, and when.

use super::{Kind, Plot, frame::Frame, metric_name, scale::Scale};
use crate::{
    SearchView, State,
    markup::{Element, points},
    number,
};

/// The most candidates.
const MOST: usize = 500;

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let ranked = view.ranked();
    let has_rungs = |at: &usize| view.candidates[*at].rungs.iter().any(|rung| rung.score.is_some());
    let all: Vec<usize> = ranked.into_iter().filter(has_rungs).collect();
    let mut resources: Vec<f64> =
        all.iter().flat_map(|&at| &view.candidates[at].rungs).map(|rung| rung.resource).collect();
    resources.sort_by(f64::total_cmp);
    resources.dedup();
    let (&first, &last) = (resources.first()?, resources.last()?);
    if resources.len() < 2 {
        return None;
    }
    let horizontal = Scale::over([first, last], last / first > 8.0)?;
    let scores = || all.iter().flat_map(|&at| &view.candidates[at].rungs).filter_map(|rung| rung.score);
    let (vertical, _) = Scale::robust(scores())?;
    let frame = Frame { top: 46.0, ..Frame::new(720.0, 300.0) };
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&vertical.ticks(5), metric_name(view)));
    let is_share = last <= 1.0;
    let name = if is_share { "share of the rows" } else { "epochs" };
    let few = resources.len() <= 12;
    let levels =
        || resources.iter().map(|&it| super::scale::Tick { at: horizontal.at(it), label: number::brief(it) }).collect();
    content.push(&frame.bottom_axis(&if few { levels() } else { horizontal.ticks(6) }, name));
    let every = all.len().div_ceil(MOST).max(1);
    for (position, &at) in all.iter().enumerate().rev() {
        if position % every != 0 && position >= MOST / 2 {
            continue;
        }
        let candidate = &view.candidates[at];
        let scored = candidate.rungs.iter().filter_map(|rung| Some((rung.resource, rung.score?)));
        let line: Vec<(f64, f64)> =
            scored.map(|(resource, score)| (frame.x(horizontal.at(resource)), frame.y(vertical.at(score)))).collect();
        let class = match candidate.state {
            _ if view.best == Some(at) => "best",
            State::Complete => "q2",
            _ => "q1",
        };
        let polyline = Element::of("polyline", &format!("line {class}")).set("points", points(line.iter().copied()));
        content.push(&polyline.set("data-c", candidate.number));
        let Some(&(x, y)) = line.last() else { continue };
        if candidate.state == State::Pruned {
            content.push(&cross((x, y)).set("data-c", candidate.number));
        } else {
            let class = if view.best == Some(at) { "dot best" } else { "dot" };
            let dot = [("cx", x), ("cy", y), ("r", if class == "dot" { 2.6 } else { 4.5 })];
            content.push(&Element::of("circle", class).place(dot).set("data-c", candidate.number));
        }
    }
    if few {
        for &resource in &resources {
            let reached = |at: &&usize| view.candidates[**at].rungs.iter().any(|rung| rung.resource >= resource);
            let count = number::count(all.iter().filter(reached).count());
            let place = [("x", frame.x(horizontal.at(resource))), ("y", frame.top - 28.0)];
            content.push(&Element::of("text", "item").place(place).set("text-anchor", "middle").text(&count));
        }
    }
    let pruned = view.candidates.iter().filter(|candidate| candidate.state == State::Pruned).count();
    let caption = format!(
        "Each line is a candidate; a cross marks where it was given up ({} in all). The numbers above count the candidates that \
         got so far.",
        number::count(pruned)
    );
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Budgets, "budgets", "What was given up, and when", caption, size, content))
}

/// The mark of a candidate that was given up here.
pub(super) fn cross((x, y): (f64, f64)) -> Element {
    let cross = format!("M{} {}l6 6m0 -6l-6 6", crate::markup::pixel(x - 3.0), crate::markup::pixel(y - 3.0));
    Element::of("path", "cross").set("d", cross)
}
