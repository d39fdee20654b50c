//! Differences between values of a hyperparameter, each with its interval.

use super::{
    Kind, Plot,
    frame::{Frame, labelled, shortened},
    metric_name,
    numbers::Numbers,
    scale::Scale,
};
use crate::{Difference, SearchView, markup::Element, number};

/// The most rows.
const MOST: usize = 24;
const ROW: f64 = 22.0;

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let is_known = |it: &&Difference| [it.mean, it.interval.0, it.interval.1].iter().all(|number| number.is_finite());
    let rows: Vec<_> = view.differences.iter().filter(is_known).take(MOST).collect();
    let ends = rows.iter().flat_map(|row| [row.interval.0, row.interval.1, 0.0]);
    let scale = Scale::over(ends, false).filter(|_| !rows.is_empty())?;
    let height = 54.0 + ROW * rows.len() as f64;
    let frame = Frame { left: 190.0, right: 74.0, top: 8.0, bottom: 46.0, ..Frame::new(520.0, height) };
    let mut content = Element::new("g");
    let metric = format!("difference in {}", metric_name(view));
    content.push(&frame.bottom_axis(&scale.ticks(4), &metric));
    let zero = frame.x(scale.at(0.0));
    let line = [("x1", zero), ("y1", frame.top), ("x2", zero), ("y2", frame.y(0.0) + 5.0)];
    content.push(&Element::of("line", "zero").place(line));
    let name_of = |row: &Difference| format!("{}: {} → {}", row.name, number::value(&row.from), number::value(&row.to));
    for (at, row) in rows.iter().enumerate() {
        let y = frame.top + ROW * (at as f64 + 0.5);
        let name = name_of(row);
        let place = [("x", frame.left - 8.0), ("y", y + 3.8)];
        let text = Element::of("text", "item").place(place).set("text-anchor", "end");
        content.push(&labelled(text, &shortened(&name, frame.left - 10.0), &name));
        let is_clear = row.interval.0 > 0.0 || row.interval.1 < 0.0;
        let class = if is_clear { "interval clear" } else { "interval" };
        let (low, high) = (frame.x(scale.at(row.interval.0)), frame.x(scale.at(row.interval.1)));
        content.push(&Element::of("line", class).place([("x1", low), ("y1", y), ("x2", high), ("y2", y)]));
        let dot = [("cx", frame.x(scale.at(row.mean))), ("cy", y), ("r", 3.6)];
        content.push(&Element::of("circle", if is_clear { "center clear" } else { "center" }).place(dot));
        let text = number::signed(row.mean, scale.high - scale.low);
        content.push(
            &Element::of("text", "item").place([("x", frame.width - frame.right + 10.0), ("y", y + 3.8)]).text(&text),
        );
    }
    let caption = "The difference that the second value makes against the first, everything else being equal, with its interval \
                   at 95 % (corrected for training parts that overlap). Those whose interval holds no zero are dark.";
    let size = (frame.width, frame.height);
    let signed = |difference: f64| number::signed(difference, scale.high - scale.low);
    let cells = |row: &&Difference| {
        let numbers = [row.mean, row.interval.0, row.interval.1].map(signed);
        [name_of(row)].into_iter().chain(numbers).chain([number::count(row.pairs)]).collect()
    };
    let table = Numbers::new(&["step", &metric, "from", "to", "pairs"], rows.iter().map(cells).collect());
    let plot = Plot::new(Kind::Importance, "differences", "What each step changes", caption.to_owned(), size, content);
    Some(plot.with_table(table))
}
