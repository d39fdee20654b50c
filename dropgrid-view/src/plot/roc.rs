//! The receiver operating characteristic.

use super::{Kind, Plot, frame::Frame, scale::Scale};
use crate::{
    Predictions, Roc,
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
    let area = area(roc);
    let place = [("x", frame.x(0.96)), ("y", frame.y(0.06))];
    content.push(&Element::of("text", "item").place(place).set("text-anchor", "end").text(&format!("area {area}")));
    let thresholds = match roc.bins {
        None => format!("Each point is a threshold; the area under the curve is {area}."),
        Some(bins) => format!(
            "Each point is a bound of {bins} bins of the probability; the area under the curve is {area} by these bins, where rows of \
             one bin count half."
        ),
    };
    let caption = format!("{thresholds} The straight line is chance.");
    Some(Plot::new(Kind::Predictions, "roc", "Receiver operating characteristic", caption, (360.0, 340.0), content))
}

/// The area under the curve: with three decimals where it is that of bins, whose error is in the fourth.
fn area(roc: &Roc) -> String {
    match roc.bins {
        None => number::score(Some(roc.area)),
        // No bin says that every row is right.
        Some(_) if roc.area < 1.0 && roc.area >= 0.9995 => "> 0.999".to_owned(),
        Some(_) => format!("{:.3}", roc.area),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(area: f64, bins: Option<usize>) -> String {
        let roc = Some(Roc { points: vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], area, bins });
        plot(&Predictions { roc, ..Predictions::default() }).expect("a curve").caption
    }

    #[test]
    fn the_area_has_the_digits_that_are_known() {
        assert!(drawn(0.876_543, None).contains("is 0.8765."));
        assert!(drawn(0.876_543, Some(128)).contains("a bound of 128 bins"));
        assert!(drawn(0.876_543, Some(128)).contains("is 0.877 by these bins"));
        assert!(drawn(0.999_7, Some(128)).contains("is > 0.999 by these bins"));
        assert!(drawn(1.0, Some(128)).contains("is 1.000 by these bins"));
    }
}
