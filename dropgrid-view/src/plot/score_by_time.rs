//! The score against the time of a fit, with the candidates that no other one beats in both.

use super::{
    Kind, Plot,
    frame::Frame,
    metric_name,
    sample::{remark, sample},
    scale::Scale,
    score_by_axis::{class_of, hollow},
};
use crate::{SearchView, markup::Element, number};

/// The most points.
const MOST: usize = 800;

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let shown = sample(view, MOST);
    let time = |at: usize| view.candidates[at].fit_seconds.filter(|seconds| seconds.is_finite() && *seconds > 0.0);
    let pairs = |at: usize| Some((time(at)?, view.candidates[at].mean()?));
    let timed: Vec<usize> = shown.iter().copied().filter(|&at| pairs(at).is_some()).collect();
    let horizontal = Scale::over(timed.iter().filter_map(|&at| time(at)), true)?;
    let (vertical, _) = Scale::robust(timed.iter().filter_map(|&at| view.candidates[at].mean()))?;
    if timed.len() < 2 {
        return None;
    }
    let frame = Frame::new(350.0, 290.0);
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&vertical.ticks(5), metric_name(view)));
    let in_words = |tick: super::scale::Tick, seconds: f64| super::scale::Tick { label: number::time(seconds), ..tick };
    let (low, high) = (horizontal.low.ln(), horizontal.high.ln());
    let ticks = horizontal.ticks(3).into_iter().map(|tick| {
        let seconds = (low + tick.at * (high - low)).exp();
        in_words(tick, seconds)
    });
    content.push(&frame.bottom_axis(&ticks.collect::<Vec<_>>(), "mean time of a fit"));
    let place = |(seconds, score): (f64, f64)| (frame.x(horizontal.at(seconds)), frame.y(vertical.at(score)));
    let front = front(view, &timed);
    let mut path = String::new();
    for pair in front.iter().filter_map(|&at| pairs(at)) {
        let (x, y) = place(pair);
        let [x, y] = [x, y].map(crate::markup::pixel);
        let [x_step, y_step] = if path.is_empty() { ["M", " "] } else { ["H", "V"] };
        path.extend([x_step, &x, y_step, &y]);
    }
    for &at in &timed {
        let (x, y) = place(pairs(at)?);
        let is_first = front.contains(&at);
        let class = match class_of(view, at) {
            "dot" if is_first => "dot front",
            class => class,
        };
        let dot = [("cx", x), ("cy", y), ("r", if class.ends_with("best") { 4.5 } else { 2.8 })];
        content.push(&Element::of("circle", class).place(dot).set("data-c", view.candidates[at].number));
    }
    content.push(&Element::of("path", "front").set("d", path));
    let caption = format!(
        "The steps join candidates that no other one beats in both time and score: {} of {}. Times vary with what else the machine did.{}",
        front.len(),
        number::count(timed.len()),
        [hollow(view), &remark(view, shown.len())].concat()
    );
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Folds, "score-by-time", "Score against time", caption, size, content))
}

/// The candidates that are better than every faster one, the fastest first.
fn front(view: &SearchView, timed: &[usize]) -> Vec<usize> {
    let key = |at: usize| (view.candidates[at].fit_seconds.unwrap_or(f64::INFINITY), view.candidates[at].mean());
    let mut sorted: Vec<usize> =
        timed.iter().copied().filter(|&at| view.candidates[at].state == crate::State::Complete).collect();
    sorted.sort_by(|&a, &b| key(a).0.total_cmp(&key(b).0));
    let mut front: Vec<usize> = Vec::new();
    for at in sorted {
        let best = front.last().and_then(|&last| key(last).1);
        if key(at).1.is_some_and(|score| best.is_none_or(|best| view.is_better(score, best))) {
            front.push(at);
        }
    }
    front
}
