//! The score against each hyperparameter.

use super::{
    Kind, Plot,
    axis_scale::AxisScale,
    frame::Frame,
    metric_name,
    sample::{remark, sample},
    scale::Scale,
};
use crate::{
    Candidate, SearchView, State,
    markup::{Element, points},
    number::whole,
};

/// The most points of a panel.
const MOST: usize = 800;
/// The most panels.
const PANELS: usize = 24;

/// One panel a hyperparameter that varies.
pub(super) fn plots(view: &SearchView) -> Vec<Plot> {
    let shown = sample(view, MOST);
    let means = shown.iter().filter_map(|&at| view.candidates[at].mean());
    let Some((scores, outside)) = Scale::robust(means) else { return Vec::new() };
    let panel = |axis: usize| panel(view, axis, &shown, scores, outside);
    view.varying().into_iter().take(PANELS).map(panel).collect()
}

fn panel(view: &SearchView, axis: usize, shown: &[usize], scores: Scale, outside: usize) -> Plot {
    let name = &view.axes[axis].name;
    let frame = Frame::new(330.0, 230.0);
    let candidates = || shown.iter().map(|&at| &view.candidates[at]);
    let scale = AxisScale::of(&view.axes[axis], axis, candidates());
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&scores.ticks(4), metric_name(view)));
    content.push(&frame.bottom_axis(&scale.ticks(5), name));
    let width = if scale.has_levels() { (0.5 / scale.places().len().max(1) as f64).min(0.1) } else { 0.0 };
    for &at in shown {
        let candidate = &view.candidates[at];
        let (Some(mean), Some(x)) = (candidate.mean(), candidate.params.get(axis).and_then(|value| scale.at(value)))
        else {
            continue;
        };
        let x = frame.x(x + width * (scatter(candidate.number) - 0.5));
        let class = class_of(view, at);
        let radius = if class == "dot best" { 4.5 } else { 2.6 };
        let place = [("cx", x), ("cy", frame.y(scores.at(mean))), ("r", radius)];
        content.push(&Element::of("circle", class).place(place).set("data-c", candidate.number));
    }
    content.push(&means(view, axis, &scale, &frame, scores));
    let mut caption = format!("Each dot is a candidate; the line joins the mean of each value of {name}.");
    if !scale.has_levels() {
        caption = format!("Each dot is a candidate; the line joins the mean of each tenth of the range of {name}.");
    }
    let mut remark = [hollow(view), &remark(view, shown.len())].concat();
    if outside > 0 {
        remark.push_str(&[" ", &outside.to_string(), " far from all others stand at the edge."].concat());
    }
    caption += &remark;
    let plot = Plot::new(Kind::Axes, &format!("score-by-{name}"), name, caption, (frame.width, frame.height), content);
    Plot { remark: remark.trim().to_owned(), ..plot }
}

/// The mean of all candidates of each value, or of each tenth of the range.
fn means(view: &SearchView, axis: usize, scale: &AxisScale, frame: &Frame, scores: Scale) -> Element {
    const BINS: usize = 10;
    let count = if scale.has_levels() { scale.places().len() } else { BINS };
    let mut sums = vec![(0.0, 0_usize, 0.0); count];
    let complete = |candidate: &&Candidate| candidate.state == State::Complete;
    for candidate in view.candidates.iter().filter(complete) {
        let (Some(mean), Some(value)) = (candidate.mean(), candidate.params.get(axis)) else { continue };
        let (Some(place), false) = (scale.at(value), value.is_null()) else { continue };
        let bin = scale.level(value).unwrap_or(whole(place * BINS as f64).min(count.saturating_sub(1)));
        if let Some(sum) = sums.get_mut(bin) {
            *sum = (sum.0 + mean, sum.1 + 1, sum.2 + place);
        }
    }
    let filled = sums.iter().filter(|(_, count, _)| *count > 0);
    let mut line: Vec<(f64, f64)> = filled
        .map(|(sum, count, places)| (frame.x(places / *count as f64), frame.y(scores.at(sum / *count as f64))))
        .collect();
    line.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut marks = Element::new("g");
    marks.push(&Element::of("polyline", "mean").set("points", points(line.iter().copied())));
    let mark = |&(x, y): &(f64, f64)| {
        let ends = [("x1", x - 7.0), ("y1", y), ("x2", x + 7.0), ("y2", y)];
        Element::of("line", "mean level").place(ends)
    };
    if scale.has_levels() { marks.extend(line.iter().map(mark)) } else { marks }
}

/// The class of a candidate's dot.
pub(super) fn class_of(view: &SearchView, at: usize) -> &'static str {
    let candidate = &view.candidates[at];
    match candidate.state {
        _ if view.best == Some(at) => "dot best",
        State::Complete if candidate.is_feasible() => "dot",
        _ => "dot partial",
    }
}

/// A sentence on hollow dots; empty where there are none.
pub(super) fn hollow(view: &SearchView) -> &'static str {
    let scored = || view.candidates.iter().filter(|candidate| candidate.mean().is_some());
    let has_parts = scored().any(|candidate| candidate.state != State::Complete);
    match (has_parts, scored().any(|candidate| !candidate.is_feasible())) {
        (true, true) => " Hollow dots had no whole training, or miss a constraint.",
        (true, false) => " Hollow dots had no whole training.",
        (false, true) => " Hollow dots miss a constraint.",
        (false, false) => "",
    }
}

/// A number in [0, 1) for each candidate, so that dots of a value do not hide each other.
fn scatter(number: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    (number as f64 * GOLDEN).fract()
}
