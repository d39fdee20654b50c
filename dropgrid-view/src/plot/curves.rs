//! Learning curves: the mean over the folds, and the range of the folds about it.

use std::collections::BTreeMap;

use super::{Kind, Plot, frame::Frame, metric_name, rungs::cross, scale::Scale};
use crate::{
    Candidate, CurvePoint, SearchView, State,
    markup::{Element, points},
};

/// The candidates whose folds are drawn.
const SHADED: usize = 3;
/// The candidates that are drawn in grey behind them.
const GREY: usize = 60;
/// The distance of names at the ends of lines.
const APART: f64 = 13.0;
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

/// An epoch, and the mean, the least and the largest number of the folds.
type Point = (f64, f64, f64, f64);

/// The numbers of a candidate in pieces, between which epochs have none that can be drawn.
struct Band(Vec<Vec<Point>>);

impl Band {
    fn of(candidate: &Candidate, of: Quantity) -> Self {
        let mut by_epoch: BTreeMap<u32, Point> = BTreeMap::new();
        for point in candidate.curves.iter().flat_map(|curve| &curve.points) {
            let entry = by_epoch.entry(point.epoch).or_insert((0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY));
            if let Some(number) = of(point).filter(|number| number.is_finite()) {
                *entry = (entry.0 + number, entry.1 + 1.0, entry.2.min(number), entry.3.max(number));
            }
        }
        let every = by_epoch.len().div_ceil(POINTS).max(1);
        let (mut pieces, mut piece) = (Vec::new(), Vec::new());
        for (epoch, (sum, count, low, high)) in by_epoch {
            if count > 0.0 {
                piece.push((f64::from(epoch), sum / count, low, high));
            } else if !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
        }
        pieces.extend((!piece.is_empty()).then_some(piece));
        let thinned = |piece: Vec<Point>| {
            let last = piece.len() - 1;
            let is_drawn = |at: usize| at.is_multiple_of(every) || at == last;
            piece.into_iter().enumerate().filter(|(at, _)| is_drawn(*at)).map(|(_, point)| point).collect()
        };
        Self(pieces.into_iter().map(thinned).collect())
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        self.0.iter().flatten()
    }

    fn last(&self) -> Option<&Point> {
        self.0.last()?.last()
    }
}

fn plot(view: &SearchView, name: &str, title: &str, of: Quantity) -> Option<Plot> {
    let ranked = view.ranked();
    let bands = ranked.iter().map(|&at| (at, Band::of(&view.candidates[at], of)));
    let bands = bands.filter(|(_, band)| band.last().is_some());
    let bands: Vec<(usize, Band)> = bands.take(SHADED + GREY).collect();
    let epochs =
        Scale::between(1.0, bands.iter().filter_map(|(_, band)| band.last()).map(|it| it.0).fold(1.0, f64::max), false);
    if epochs.high < 2.0 {
        return None;
    }
    let shaded = &bands[..SHADED.min(bands.len())];
    let ends = || shaded.iter().flat_map(|(_, band)| band.points()).flat_map(|it| [it.2, it.3]);
    let (low, high) = ends().fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
    let scale = Scale::over(
        ends().chain(bands.iter().flat_map(|(_, band)| band.points()).map(|it| it.1)),
        low > 0.0 && high / low > 30.0,
    )?;
    let frame = Frame { right: 46.0, ..Frame::new(350.0, 250.0) };
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&scale.ticks(4), title));
    content.push(&frame.bottom_axis(&epochs.ticks(6), "epoch"));
    let place = |epoch: f64, number: f64| (frame.x(epochs.at(epoch)), frame.y(scale.at(number)));
    for (at, band) in bands.iter().skip(SHADED).rev() {
        for piece in &band.0 {
            let line = points(piece.iter().map(|it| place(it.0, it.1)));
            let line = Element::of("polyline", "line q0").set("points", line);
            content.push(&line.set("data-c", view.candidates[*at].number));
        }
    }
    for (at, band) in &bands {
        let candidate = &view.candidates[*at];
        if let Some(last) = band.last().filter(|last| candidate.state == State::Pruned && last.0 < epochs.high) {
            content.push(&cross(place(last.0, last.1)).set("data-c", candidate.number));
        }
    }
    let mut names: Vec<(f64, f64, usize, usize)> = Vec::new();
    for (series, (at, band)) in shaded.iter().enumerate().rev() {
        let number = view.candidates[*at].number;
        for piece in &band.0 {
            let upper = piece.iter().map(|it| place(it.0, it.3));
            let lower = piece.iter().rev().map(|it| place(it.0, it.2));
            let area = points(upper.chain(lower));
            content.push(&Element::of("polygon", &format!("band s{series}")).set("points", area));
            let line = points(piece.iter().map(|it| place(it.0, it.1)));
            let line = Element::of("polyline", &format!("series s{series}")).set("points", line);
            content.push(&line.set("data-c", number));
        }
        if let Some(last) = band.last() {
            let (x, y) = place(last.0, last.1);
            names.push((y, x, series, *at));
        }
    }
    // Names stand at the ends of their lines, apart from each other.
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    for name in &mut names {
        name.0 = name.0.max(free);
        free = name.0 + APART;
    }
    // None is lower than the frame, where the axis has its texts.
    let mut lowest = frame.y(0.0);
    for name in names.iter_mut().rev() {
        name.0 = name.0.min(lowest);
        lowest = name.0 - APART;
    }
    for (y, x, series, at) in names {
        let rank = view.candidates[at].deciding().map_or(0, |summary| summary.rank);
        let text = Element::of("text", &format!("series-name s{series}")).place([("x", x + 6.0), ("y", y + 3.8)]);
        content.push(&text.text(&format!("#{rank}")));
    }
    let others = bands.len().saturating_sub(SHADED);
    let has_gaps = bands.iter().any(|(_, band)| band.0.len() > 1);
    let gaps = if has_gaps { " Gaps are epochs whose number is infinite or none." } else { "" };
    let behind = if others > 0 { format!(" The next {others} are grey.") } else { String::new() };
    let has_pruned = bands.iter().any(|(at, _)| view.candidates[*at].state == State::Pruned);
    let crosses = if has_pruned { " A cross marks where one was given up." } else { "" };
    let caption = format!(
        "Mean over the folds of the best candidates, by rank; the shade is from the lowest to the highest \
         fold.{behind}{crosses}{gaps}"
    );
    let mut heading: Vec<char> = title.chars().collect();
    if let Some(first) = heading.first_mut() {
        first.make_ascii_uppercase();
    }
    let heading = format!("{} by epoch", heading.into_iter().collect::<String>());
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Learning, &format!("curve-{name}"), &heading, caption, size, content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Curve;

    #[test]
    fn names_of_lines_stay_above_the_axis() {
        let candidate = |number: usize| {
            let point = |epoch: u32| CurvePoint { epoch, loss: Some(1.0 / f64::from(epoch)), ..CurvePoint::default() };
            let curve = Curve { fold: 0, points: (1..=10).map(point).collect() };
            Candidate { number, curves: vec![curve], ..Candidate::default() }
        };
        let view = SearchView { candidates: (0..3).map(candidate).collect(), ..SearchView::default() };
        let plot = plot(&view, "loss", "loss", |point| point.loss).expect("a plot").content.to_string();
        let heights: Vec<f64> = plot
            .split("class=\"series-name ")
            .skip(1)
            .filter_map(|text| text.split(" y=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        // The frame ends at 208, and the middle of a text is 3.8 above its line.
        assert_eq!(heights.len(), 3);
        assert!(heights.iter().all(|&height| height <= 208.0 + 3.9), "{heights:?}");
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= APART - 0.2), "{heights:?}");
    }

    #[test]
    fn epochs_without_a_number_are_gaps() {
        let fold = |fold: u32, losses: &[Option<f64>]| {
            let point = |(epoch, &loss): (u32, &Option<f64>)| CurvePoint { epoch, loss, ..CurvePoint::default() };
            Curve { fold, points: (1..).zip(losses).map(point).collect() }
        };
        let losses = [Some(1.0), None, Some(f64::INFINITY), Some(3.0), Some(2.0), None];
        let others = [Some(3.0), None, None, None, Some(4.0), None];
        let candidate = Candidate { curves: vec![fold(0, &losses), fold(1, &others)], ..Candidate::default() };
        let band = Band::of(&candidate, |point| point.loss);
        assert_eq!(band.0, [vec![(1.0, 2.0, 1.0, 3.0)], vec![(4.0, 3.0, 3.0, 3.0), (5.0, 3.0, 2.0, 4.0)]]);
        let view = SearchView { candidates: vec![candidate], ..SearchView::default() };
        let plot = plot(&view, "loss", "loss", |point| point.loss).expect("a plot");
        assert_eq!(plot.content.to_string().matches("class=\"series s0\"").count(), 2);
        assert!(plot.caption.contains("Gaps are epochs"), "{}", plot.caption);
        // Long curves are thinned, and their ends stay.
        let long: Vec<Option<f64>> = (0..1000).map(|at| (at != 500).then_some(f64::from(at))).collect();
        let candidate = Candidate { curves: vec![fold(0, &long)], ..Candidate::default() };
        let band = Band::of(&candidate, |point| point.loss);
        assert!(band.points().count() < 2 * POINTS && band.0.len() == 2, "{}", band.points().count());
        assert_eq!((band.0[0].last().map(|it| it.1), band.last().map(|it| it.1)), (Some(499.0), Some(999.0)));
    }
}
