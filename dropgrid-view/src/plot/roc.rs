//! The receiver operating characteristic.

use super::{Kind, Plot, frame::Frame, scale::Scale};
use crate::{
    Predictions,
    markup::{Element, points},
    number,
};

/// The most points.
const MOST: usize = 400;

pub(super) fn plot(predictions: &Predictions) -> Option<Plot> {
    let roc = predictions.roc.as_ref().filter(|roc| roc.points.len() > 1)?;
    let frame = Frame { right: 20.0, ..Frame::new(360.0, 340.0) };
    let unit = Scale { low: 0.0, high: 1.0, log: false };
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&unit.ticks(5), "true positives"));
    content.push(&frame.bottom_axis(&unit.ticks(5), "false positives"));
    let chance = [("x1", frame.x(0.0)), ("y1", frame.y(0.0)), ("x2", frame.x(1.0)), ("y2", frame.y(1.0))];
    content.push(&Element::of("line", "chance").place(chance));
    let every = roc.points.len().div_ceil(MOST).max(1);
    let last = roc.points.len() - 1;
    let kept = roc.points.iter().enumerate().filter(|(at, _)| at % every == 0 || *at == last).map(|(_, point)| point);
    let line = points(kept.map(|&(x, y)| (frame.x(x.clamp(0.0, 1.0)), frame.y(y.clamp(0.0, 1.0)))));
    content.push(&Element::of("polyline", "series s0").set("points", line));
    let area = number::score(Some(roc.area));
    let place = [("x", frame.x(0.96)), ("y", frame.y(0.06))];
    content.push(&Element::of("text", "item").place(place).set("text-anchor", "end").text(&format!("area {area}")));
    let caption =
        format!("Each point is a threshold; the area under the curve is {area}. The straight line is chance.");
    Some(Plot::new(Kind::Predictions, "roc", "Receiver operating characteristic", caption, (360.0, 340.0), content))
}
