//! Learning curves: the mean over the folds, and the range of the folds about it.

use std::collections::BTreeMap;

use super::{Kind, Plot, frame::Frame, metric_name, scale::Scale};
use crate::{
    Candidate, CurvePoint, SearchView,
    markup::{Element, points},
};

/// The candidates whose folds are drawn.
const SHADED: usize = 3;
/// The candidates that are drawn in grey behind them.
const GREY: usize = 60;
/// The most points of a line.
const POINTS: usize = 120;

/// A number of an epoch.
type Quantity = fn(&CurvePoint) -> Option<f64>;

/// One picture for each quantity that was recorded.
pub(super) fn plots(view: &SearchView) -> Vec<Plot> {
    let metric = metric_name(view);
    let monitored = view.monitored.as_deref().unwrap_or("monitored quantity");
    let scores = [format!("training {metric}"), format!("validation {metric}")];
    let quantities: [(&str, &str, Quantity); 4] = [
        ("training-loss", "training loss", |point| point.loss),
        ("monitored", monitored, |point| point.monitored),
        ("training-score", &scores[0], |point| point.train_score),
        ("validation-score", &scores[1], |point| point.validation_score),
    ];
    quantities.into_iter().filter_map(|(name, title, of)| plot(view, name, title, of)).collect()
}

/// The mean, the least and the largest number of each epoch.
type Band = Vec<(f64, f64, f64, f64)>;

fn band(candidate: &Candidate, of: Quantity) -> Band {
    let mut by_epoch: BTreeMap<u32, (f64, f64, f64, f64)> = BTreeMap::new();
    for point in candidate.curves.iter().flat_map(|curve| &curve.points) {
        if let Some(number) = of(point).filter(|number| number.is_finite()) {
            let entry = by_epoch.entry(point.epoch).or_insert((0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY));
            *entry = (entry.0 + number, entry.1 + 1.0, entry.2.min(number), entry.3.max(number));
        }
    }
    let all: Band = by_epoch.into_iter().map(|(epoch, it)| (f64::from(epoch), it.0 / it.1, it.2, it.3)).collect();
    let every = all.len().div_ceil(POINTS).max(1);
    let last = all.len().saturating_sub(1);
    all.into_iter().enumerate().filter(|(at, _)| at % every == 0 || *at == last).map(|(_, it)| it).collect()
}

fn plot(view: &SearchView, name: &str, title: &str, of: Quantity) -> Option<Plot> {
    let ranked = view.ranked();
    let bands = ranked.iter().map(|&at| (at, band(&view.candidates[at], of))).filter(|(_, band)| !band.is_empty());
    let bands: Vec<(usize, Band)> = bands.take(SHADED + GREY).collect();
    let epochs =
        Scale::between(1.0, bands.iter().filter_map(|(_, band)| band.last()).map(|it| it.0).fold(1.0, f64::max), false);
    if epochs.high < 2.0 {
        return None;
    }
    let shaded = &bands[..SHADED.min(bands.len())];
    let ends = || shaded.iter().flat_map(|(_, band)| band).flat_map(|it| [it.2, it.3]);
    let (low, high) = ends().fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
    let scale = Scale::over(
        ends().chain(bands.iter().flat_map(|(_, band)| band).map(|it| it.1)),
        low > 0.0 && high / low > 30.0,
    )?;
    let frame = Frame { right: 46.0, ..Frame::new(350.0, 250.0) };
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&scale.ticks(4), title));
    content.push(&frame.bottom_axis(&epochs.ticks(6), "epoch"));
    let place = |epoch: f64, number: f64| (frame.x(epochs.at(epoch)), frame.y(scale.at(number)));
    for (at, band) in bands.iter().skip(SHADED).rev() {
        let line = points(band.iter().map(|it| place(it.0, it.1)));
        content
            .push(&Element::of("polyline", "line q0").set("points", line).set("data-c", view.candidates[*at].number));
    }
    let mut names: Vec<(f64, f64, usize, usize)> = Vec::new();
    for (series, (at, band)) in shaded.iter().enumerate().rev() {
        let number = view.candidates[*at].number;
        let upper = band.iter().map(|it| place(it.0, it.3));
        let lower = band.iter().rev().map(|it| place(it.0, it.2));
        let area = points(upper.chain(lower));
        content.push(&Element::of("polygon", &format!("band s{series}")).set("points", area));
        let line = points(band.iter().map(|it| place(it.0, it.1)));
        let line = Element::of("polyline", &format!("series s{series}")).set("points", line);
        content.push(&line.set("data-c", number));
        if let Some(last) = band.last() {
            let (x, y) = place(last.0, last.1);
            names.push((y, x, series, *at));
        }
    }
    // Names stand at the ends of their lines, apart from each other.
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    for (y, x, series, at) in names {
        let y = y.max(free);
        free = y + 13.0;
        let rank = view.candidates[at].deciding().map_or(0, |summary| summary.rank);
        let text = Element::of("text", &format!("series-name s{series}")).place([("x", x + 6.0), ("y", y + 3.8)]);
        content.push(&text.text(&format!("#{rank}")));
    }
    let others = bands.len().saturating_sub(SHADED);
    let behind = if others > 0 { format!(" The next {others} are grey.") } else { String::new() };
    let caption = format!(
        "Mean over the folds of the best candidates, by rank; the shade is from the lowest to the highest fold.{behind}"
    );
    let mut heading: Vec<char> = title.chars().collect();
    if let Some(first) = heading.first_mut() {
        first.make_ascii_uppercase();
    }
    let heading = format!("{} by epoch", heading.into_iter().collect::<String>());
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Learning, &format!("curve-{name}"), &heading, caption, size, content))
}
