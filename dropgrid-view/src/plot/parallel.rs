//! Parallel coordinates: a line a candidate through all hyperparameters to the score.

use serde_json::Value;

use super::{
    Kind, Plot,
    axis_scale::AxisScale,
    frame::{Frame, labelled, shortened},
    metric_name,
    sample::{remark, sample},
    scale::{Scale, Tick},
};
use crate::{
    Candidate, SearchView,
    markup::{Element, points},
};

/// The most lines.
const MOST: usize = 400;
/// The most hyperparameters.
const AXES: usize = 12;
/// The width, which is that of a page.
const WIDTH: f64 = 1060.0;
/// The classes of lines, from the worst scores to the best.
const CLASSES: [&str; 5] = ["line q0", "line q1", "line q2", "line q3", "line q4"];

const FRAME: Frame = Frame { width: WIDTH, height: 330.0, left: 58.0, right: 58.0, top: 40.0, bottom: 16.0 };

/// The places of candidates on the upright axes, also of those that have no line.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    axes: Vec<usize>,
    scales: Vec<AxisScale>,
    scores: Scale,
}

impl Places {
    /// The axes of the search; `None` where it has too few of them, or too few candidates with a score.
    pub(crate) fn of(view: &SearchView) -> Option<Self> {
        let axes: Vec<usize> = view.varying().into_iter().take(AXES).collect();
        let shown = sample(view, MOST);
        if axes.len() < 2 || shown.len() < 2 {
            return None;
        }
        let (scores, _) = Scale::robust(shown.iter().filter_map(|&at| view.candidates[at].mean()))?;
        let scale = |&axis: &usize| AxisScale::of(&view.axes[axis], axis, view.candidates.iter());
        let scales = axes.iter().map(scale).collect();
        Some(Self { axes, scales, scores })
    }

    /// The heights of a candidate on the axes and on that of the score, in the units of the picture; `None` where it
    /// has no value.
    pub(crate) fn heights(&self, candidate: &Candidate) -> Vec<Option<f64>> {
        let axes = self.axes.iter().zip(&self.scales);
        let places = axes.map(|(&axis, scale)| candidate.params.get(axis).and_then(|value| scale.at(value)));
        let score = candidate.mean().map(|mean| self.scores.at(mean));
        places.chain([score]).map(|place| place.map(|place| FRAME.y(place))).collect()
    }

    /// The scales of the axes and of the score, for the page's script.
    pub(crate) fn scales(&self) -> Vec<Value> {
        let of_axes = self.scales.iter().map(|scale| scale.for_script(|place| FRAME.y(place)));
        of_axes.chain([self.scores.for_script(FRAME.y(0.0), FRAME.y(1.0), None)]).collect()
    }
}

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let places = Places::of(view)?;
    let Places { axes, scales, scores } = &places;
    let (shown, frame) = (sample(view, MOST), FRAME);
    let columns = axes.len() + 1;
    let x = |column: usize| frame.x(column as f64 / (columns - 1) as f64);

    let mut lines = Element::of("g", "lines");
    for (position, &at) in shown.iter().enumerate() {
        let candidate = &view.candidates[at];
        let Some(heights) = places.heights(candidate).into_iter().collect::<Option<Vec<f64>>>() else { continue };
        let line = points(heights.into_iter().enumerate().map(|(column, height)| (x(column), height)));
        let class = if view.best == Some(at) { "line best" } else { CLASSES[position * CLASSES.len() / shown.len()] };
        lines.push(&Element::of("polyline", class).set("points", line).set("data-c", candidate.number));
    }
    let mut content = Element::new("g").add(&lines);
    for (column, (&axis, scale)) in axes.iter().zip(scales).enumerate() {
        content.push(&axis_of(&frame, x(column), &view.axes[axis].name, &scale.ticks(5), column));
    }
    content.push(&axis_of(&frame, x(columns - 1), metric_name(view), &scores.ticks(5), columns - 1));
    let better = if view.metric().is_none_or(|metric| metric.maximize) { "above" } else { "below" };
    let mut caption = format!(
        "Each line is a candidate on its way through the hyperparameters to its score, where {better} is better. Darker lines \
         rank higher; the thick one is the best. Drag along an axis to choose a range, click beside it to let go."
    );
    caption += &remark(view, shown.len());
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Together, "parallel-coordinates", "From hyperparameters to score", caption, size, content))
}

fn axis_of(frame: &Frame, x: f64, name: &str, ticks: &[Tick], column: usize) -> Element {
    let (top, bottom) = (frame.y(1.0), frame.y(0.0));
    let mut axis = Element::of("g", "axis upright");
    axis.push(&Element::new("line").place([("x1", x), ("y1", top - 4.0), ("x2", x), ("y2", bottom + 4.0)]));
    let text = Element::of("text", "name").place([("x", x), ("y", top - 16.0)]).set("text-anchor", "middle");
    // The first and the last name end where the picture does.
    let room = (2.0 * x.min(frame.width - x) - 4.0).min(128.0);
    axis.push(&labelled(text, &shortened(name, room), name));
    let mut free = f64::INFINITY;
    for tick in ticks {
        let y = frame.y(tick.at);
        if (y - free).abs() < 12.0 {
            continue;
        }
        free = y;
        axis.push(&Element::new("line").place([("x1", x - 3.0), ("y1", y), ("x2", x + 3.0), ("y2", y)]));
        let text = Element::of("text", "halo").place([("x", x + 7.0), ("y", y + 3.6)]);
        axis.push(&labelled(text, &shortened(&tick.label, 80.0), &tick.label));
    }
    let area = [("x", x - 14.0), ("y", top - 6.0), ("width", 28.0), ("height", bottom - top + 12.0)];
    axis.add(&Element::of("rect", "brush").place(area).set("data-axis", column))
}
