//! The first objective against each of the others, with the candidates that none beats in all.

use super::{
    Kind, Plot,
    frame::{Frame, width_of},
    sample::{remark, sample},
    scale::Scale,
    score_by_axis::{class_of, hollow},
};
use crate::{Front, SearchView, markup::Element, number};

/// The most points.
const MOST: usize = 800;
/// The most objectives beside the first.
const OBJECTIVES: usize = 5;
/// The ratio of the largest to the least value from which on a scale is logarithmic.
const WIDE: f64 = 30.0;

pub(super) fn plots(view: &SearchView) -> Vec<Plot> {
    let Some(front) = &view.front else { return Vec::new() };
    (1..front.objectives.len()).take(OBJECTIVES).filter_map(|other| plot(view, front, other)).collect()
}

fn plot(view: &SearchView, front: &Front, other: usize) -> Option<Plot> {
    let pair = |at: usize| {
        view.candidates.get(at)?.mean()?;
        let values = front.values.get(at)?;
        let finite = |objective: usize| values.get(objective).copied().flatten().filter(|value| value.is_finite());
        Some((finite(other)?, finite(0)?))
    };
    let shown = sample(view, MOST);
    let mut places: Vec<usize> = shown.iter().copied().filter(|at| !front.places.contains(at)).collect();
    // Those of the front are drawn on top, whatever their rank is.
    places.extend(&front.places);
    let places: Vec<usize> = places.into_iter().filter(|&at| pair(at).is_some()).collect();
    let ends = |of: fn((f64, f64)) -> f64| {
        let values = places.iter().filter_map(|&at| pair(at)).map(of);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)))
    };
    let (low, high) = ends(|(x, _)| x);
    if places.len() < 2 || low >= high {
        return None;
    }
    let horizontal = Scale::over([low, high], low > 0.0 && high / low > WIDE)?;
    let (vertical, _) = Scale::robust(places.iter().filter_map(|&at| pair(at)).map(|(_, y)| y))?;
    let [first, second] = [0, other].map(|at| &front.objectives[at]);
    let frame = Frame::new(350.0, 290.0);
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&vertical.ticks(5), &first.name));
    content.push(&frame.bottom_axis(&horizontal.ticks(4), &second.name));
    let place = |(x, y): (f64, f64)| (frame.x(horizontal.at(x)), frame.y(vertical.at(y)));
    let on_front: Vec<usize> = front.places.iter().copied().filter(|&at| pair(at).is_some()).collect();
    if front.objectives.len() == 2 {
        content
            .push(&Element::of("path", "front").set("d", steps(on_front.iter().filter_map(|&at| pair(at)).map(place))));
    }
    for &at in &places {
        let (x, y) = place(pair(at)?);
        let class = match class_of(view, at) {
            class if class.ends_with("best") => class,
            _ if on_front.contains(&at) => "dot front",
            class => class,
        };
        let radius = if class.ends_with("best") { 4.5 } else { 2.8 };
        let dot = [("cx", x), ("cy", y), ("r", radius)];
        content.push(&Element::of("circle", class).place(dot).set("data-c", view.candidates[at].number));
    }
    if let Some(knee) = front.knee.filter(|knee| on_front.contains(knee) && on_front.len() > 2) {
        let (x, y) = place(pair(knee)?);
        let ring = [("cx", x), ("cy", y), ("r", 7.0)];
        content.push(&Element::of("circle", "knee").place(ring));
        let text = Element::of("text", "item halo");
        let is_at_end = x + 12.0 + width_of("knee") > frame.width;
        let (x, anchor) = if is_at_end { (x - 11.0, "end") } else { (x + 11.0, "start") };
        content.push(&text.place([("x", x), ("y", y + 15.0)]).set("text-anchor", anchor).text("knee"));
    }
    let better = |maximize: bool| if maximize { "more is better" } else { "less is better" };
    let several = if front.objectives.len() > 2 { " of all objectives" } else { "" };
    let caption = format!(
        "{} that none beats in both{several} {} dark. {}: {}; {}: {}.{}",
        number::counted(front.places.len(), "candidate", "candidates"),
        if front.places.len() == 1 { "is" } else { "are" },
        first.name,
        better(first.maximize),
        second.name,
        better(second.maximize),
        [hollow(view), &remark(view, shown.len())].concat()
    );
    let caption = if several.is_empty() { caption } else { caption.replace("in both of all", "by all") };
    let (name, title) = (format!("front-{}", second.name), format!("{} against {}", first.name, second.name));
    Some(Plot::new(Kind::Fronts, &name, &title, caption, (frame.width, frame.height), content))
}

/// Steps through points in their order.
fn steps(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in points {
        let [x, y] = [x, y].map(crate::markup::pixel);
        let [to_x, to_y] = if path.is_empty() { ["M", " "] } else { ["H", "V"] };
        path.extend([to_x, &x, to_y, &y]);
    }
    path
}
