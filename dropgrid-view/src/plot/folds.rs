//! The scores of the best candidates on each fold.

use super::{
    Kind, Plot,
    frame::{Frame, labelled, shortened},
    metric_name,
    scale::Scale,
};
use crate::{SearchView, markup::Element};

/// The most candidates.
const MOST: usize = 12;
const ROW: f64 = 20.0;

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let scores = |at: usize| view.candidates[at].deciding().map_or(&[][..], |summary| &summary.scores);
    let has_scores = |at: &usize| scores(*at).iter().flatten().count() > 1 && view.candidates[*at].mean().is_some();
    let rows: Vec<usize> = view.ranked().into_iter().filter(has_scores).take(MOST).collect();
    let scale = Scale::over(rows.iter().flat_map(|&at| scores(at)).flatten().copied(), false)?;
    let frame = Frame { left: 300.0, top: 8.0, bottom: 46.0, ..Frame::new(700.0, 58.0 + ROW * rows.len() as f64) };
    let mut content = Element::new("g");
    content.push(&frame.bottom_axis(&scale.ticks(5), metric_name(view)));
    for (row, &at) in rows.iter().enumerate() {
        let (candidate, y) = (&view.candidates[at], frame.top + ROW * (row as f64 + 0.5));
        let rank = candidate.deciding().map_or(0, |summary| summary.rank);
        let name = format!("#{rank}  {}", view.params_text(at));
        let text =
            Element::of("text", "item").place([("x", frame.left - 14.0), ("y", y + 3.8)]).set("text-anchor", "end");
        content.push(&labelled(text, &shortened(&name, frame.left - 16.0), &name));
        let line = [("x1", frame.left), ("y1", y), ("x2", frame.width - frame.right), ("y2", y)];
        content.push(&Element::of("line", "grid").place(line));
        let class = if view.best == Some(at) { "fold best" } else { "fold" };
        for &score in scores(at).iter().flatten() {
            let dot = [("cx", frame.x(scale.at(score))), ("cy", y), ("r", 3.0)];
            content.push(&Element::of("circle", class).place(dot).set("data-c", candidate.number));
        }
        if let Some(mean) = candidate.mean() {
            let x = frame.x(scale.at(mean));
            content.push(&Element::of("line", "mean level").place([
                ("x1", x),
                ("y1", y - 7.0),
                ("x2", x),
                ("y2", y + 7.0),
            ]));
        }
    }
    let caption = "A dot is a fold, the bar their mean. Rows that overlap much are not told apart by so few folds.";
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Folds, "fold-scores", "Fold by fold", caption.to_owned(), size, content))
}
