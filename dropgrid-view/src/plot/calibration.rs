//! The calibration of predicted probabilities.

use super::{Kind, Plot, frame::Frame, scale::Scale};
use crate::{
    Predictions,
    markup::{Element, points},
};

pub(super) fn plot(predictions: &Predictions) -> Option<Plot> {
    let bins: Vec<_> = predictions.calibration.iter().filter(|bin| bin.rows > 0).collect();
    let most = bins.iter().map(|bin| bin.rows).max().filter(|_| bins.len() > 1)? as f64;
    let frame = Frame { right: 20.0, ..Frame::new(360.0, 340.0) };
    let unit = Scale { low: 0.0, high: 1.0, log: false };
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&unit.ticks(5), "share that was right"));
    content.push(&frame.bottom_axis(&unit.ticks(5), "predicted probability"));
    let ideal = [("x1", frame.x(0.0)), ("y1", frame.y(0.0)), ("x2", frame.x(1.0)), ("y2", frame.y(1.0))];
    content.push(&Element::of("line", "chance").place(ideal));
    let place = |bin: &crate::CalibrationBin| (frame.x(unit.at(bin.predicted)), frame.y(unit.at(bin.observed)));
    content.push(&Element::of("polyline", "series s0").set("points", points(bins.iter().map(|bin| place(bin)))));
    for bin in &bins {
        let (x, y) = place(bin);
        let radius = 2.0 + 5.0 * (bin.rows as f64 / most).sqrt();
        content.push(&Element::of("circle", "mark s0").place([("cx", x), ("cy", y), ("r", radius)]));
    }
    let caption = "Rows whose predicted probabilities lie together, by the share that was right; larger dots are more rows. On the \
                   straight line probabilities mean what they say; below it the network is too sure.";
    Some(Plot::new(Kind::Predictions, "calibration", "Calibration", caption.to_owned(), (360.0, 340.0), content))
}
