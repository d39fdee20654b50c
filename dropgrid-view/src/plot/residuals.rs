//! Predicted numbers against the true ones, and what is left between them.

use super::{Kind, Plot, frame::Frame, scale::Scale};
use crate::{Predictions, markup::Element, number};

/// The most points.
const MOST: usize = 1500;

pub(super) fn plots(predictions: &Predictions) -> Vec<Plot> {
    let Some(residuals) = &predictions.residuals else { return Vec::new() };
    let is_finite = |pair: &&(f64, f64)| pair.0.is_finite() && pair.1.is_finite();
    let all: Vec<(f64, f64)> = residuals.points.iter().filter(is_finite).copied().collect();
    let every = all.len().div_ceil(MOST).max(1);
    let pairs: Vec<(f64, f64)> = all.into_iter().step_by(every).collect();
    let target = &residuals.target;
    let drawn =
        |title: &str, name: &str, points: Vec<(f64, f64)>, axes: [&str; 2], is_diagonal: bool, caption: String| {
            let frame = Frame { left: 60.0, right: 20.0, ..Frame::new(360.0, 340.0) };
            let both = || points.iter().flat_map(|it| [it.0, it.1]);
            let (x, y) = if is_diagonal {
                (Scale::over(both(), false)?, Scale::over(both(), false)?)
            } else {
                // The line of no residual is at its true height.
                let upright = points.iter().map(|it| it.1).chain([0.0]);
                (Scale::over(points.iter().map(|it| it.0), false)?, Scale::over(upright, false)?)
            };
            let mut content = Element::new("g");
            content.push(&frame.left_axis(&y.ticks(5), axes[1]));
            content.push(&frame.bottom_axis(&x.ticks(5), axes[0]));
            let ends = if is_diagonal { (0.0, 1.0) } else { (y.at(0.0), y.at(0.0)) };
            let line = [("x1", frame.x(0.0)), ("y1", frame.y(ends.0)), ("x2", frame.x(1.0)), ("y2", frame.y(ends.1))];
            content.push(&Element::of("line", "chance").place(line));
            for &(a, b) in &points {
                let dot = [("cx", frame.x(x.at(a))), ("cy", frame.y(y.at(b))), ("r", 2.4)];
                content.push(&Element::of("circle", "dot").place(dot));
            }
            Some(Plot::new(Kind::Predictions, name, title, caption, (360.0, 340.0), content))
        };
    let [truth, predicted] = [format!("true {target}"), format!("predicted {target}")];
    let all = predictions.rows.max(pairs.len());
    let which = if pairs.len() < all {
        format!("Each dot is one of {} rows, evenly from all {},", number::count(pairs.len()), number::count(all))
    } else {
        "Each dot is a row,".to_owned()
    };
    let caption = format!("{which} predicted by the training that left it out. On the line the prediction is right.");
    let first = drawn("Predicted and true", "predicted-by-true", pairs.clone(), [&truth, &predicted], true, caption);
    let left: Vec<(f64, f64)> = pairs.iter().map(|&(truth, predicted)| (predicted, truth - predicted)).collect();
    let caption = "What is left of each row, true minus predicted. A bend or a fan is something that the network has not learned.".to_owned();
    let second = drawn("Residuals", "residuals", left, [&predicted, "true minus predicted"], false, caption);
    first.into_iter().chain(second).collect()
}
