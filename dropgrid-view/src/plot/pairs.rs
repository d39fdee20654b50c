//! Heat maps of the score over each two hyperparameters.

use std::collections::HashMap;

use super::{Kind, Plot, axis_scale::AxisScale, frame::Frame, metric_name, sample::sample, scale::Scale};
use crate::{Candidate, SearchView, State, markup::Element, number};

/// The most hyperparameters of which all pairs are drawn.
const AXES: usize = 12;
/// The hyperparameters that matter most, whose pairs come first.
const FIRST: usize = 6;
/// The most rows and columns of a range.
const BINS: usize = 8;
/// The most rows and columns of a list.
const LEVELS: usize = 40;
/// The fewest cells of a map: what fewer show, dots show as well.
const CELLS: usize = 4;
/// The shades, from the worst to the best mean.
const SHADES: usize = 9;
/// The candidates that places are computed from.
const MOST: usize = 2000;

/// One heat map for each two hyperparameters, those of the six that matter most first.
pub(super) fn plots(view: &SearchView) -> Vec<Plot> {
    let mut axes = view.varying();
    if let Some(importance) = &view.importance {
        let share = |axis: &usize| {
            let alone =
                importance.effects.iter().find(|it| it.names.len() == 1 && it.names[0] == view.axes[*axis].name);
            alone.map_or(0.0, |effect| effect.share)
        };
        axes.sort_by(|a, b| share(b).total_cmp(&share(a)));
    }
    axes.truncate(AXES);
    let most = FIRST.min(axes.len());
    axes[..most].sort_unstable();
    axes[most..].sort_unstable();
    let shown = sample(view, MOST);
    let is_scored = |candidate: &&Candidate| candidate.state == State::Complete && candidate.mean().is_some();
    let scored: Vec<&Candidate> = view.candidates.iter().filter(is_scored).collect();
    let all: Vec<Bins> = axes.iter().map(|&axis| Bins::of(view, axis, &shown, &scored)).collect();
    let mut pairs: Vec<(usize, usize)> =
        (0..axes.len()).flat_map(|first| (first + 1..axes.len()).map(move |second| (first, second))).collect();
    pairs.sort_by_key(|&(_, second)| second >= FIRST);
    pairs.into_iter().filter_map(|(x, y)| pair(view, &all[x], &all[y], &scored)).collect()
}

/// The number of the panels that come first.
pub(crate) const fn first_panels() -> usize {
    FIRST * (FIRST - 1) / 2
}

/// The rows or columns of one hyperparameter.
struct Bins {
    name: String,
    scale: AxisScale,
    count: usize,
    /// The row or column of each candidate with a score.
    of_scored: Vec<Option<usize>>,
}

impl Bins {
    fn of(view: &SearchView, axis: usize, shown: &[usize], scored: &[&Candidate]) -> Self {
        let scale = AxisScale::of(&view.axes[axis], axis, shown.iter().map(|&at| &view.candidates[at]));
        // As many parts of a range as two candidates for each cell of two ranges allow.
        let parts = number::whole((scored.len() as f64 / 2.0).sqrt()).clamp(2, BINS);
        let count = if scale.has_levels() { scale.labels().len() } else { parts };
        let bin = |value: &serde_json::Value| {
            if scale.has_levels() {
                return scale.level(value);
            }
            let place = scale.at(value).filter(|_| !value.is_null())?;
            (0..count).rev().find(|&bin| place * count as f64 >= bin as f64)
        };
        let of_scored = scored.iter().map(|candidate| bin(candidate.params.get(axis)?)).collect();
        Self { name: view.axes[axis].name.clone(), scale, count, of_scored }
    }

    /// The ticks: the middle of each level, or round numbers of a range.
    fn ticks(&self) -> Vec<super::scale::Tick> {
        if !self.scale.has_levels() {
            return self.scale.ticks(4);
        }
        let middle = |at: usize| (at as f64 + 0.5) / self.count as f64;
        let labels = self.scale.labels().iter().enumerate();
        labels.map(|(at, label)| super::scale::Tick { at: middle(at), label: label.clone() }).collect()
    }
}

fn pair(view: &SearchView, columns: &Bins, rows: &Bins, scored: &[&Candidate]) -> Option<Plot> {
    if columns.count == 0 || rows.count == 0 || columns.count.max(rows.count) > LEVELS {
        return None;
    }
    let mut cells: HashMap<(usize, usize), (f64, usize)> = HashMap::new();
    for (candidate, place) in scored.iter().zip(columns.of_scored.iter().zip(&rows.of_scored)) {
        if let (Some(mean), (Some(column), Some(row))) = (candidate.mean(), place) {
            let cell = cells.entry((*column, *row)).or_default();
            *cell = (cell.0 + mean, cell.1 + 1);
        }
    }
    if cells.len() < CELLS {
        return None;
    }
    let mean = |cell: &(f64, usize)| cell.0 / cell.1 as f64;
    let (shades, _) = Scale::robust(cells.values().map(mean))?;
    let frame = Frame { left: 74.0, ..Frame::new(330.0, 250.0) };
    let (width, height) = (frame.inner_width() / columns.count as f64, frame.inner_height() / rows.count as f64);
    let names = [&columns.name, &rows.name];
    let mut content = Element::new("g");
    let mut sorted: Vec<_> = cells.iter().collect();
    sorted.sort_unstable_by_key(|(place, _)| **place);
    for (&(column, row), cell) in sorted {
        let score = mean(cell);
        let place = shades.at(score);
        let goodness = if view.is_better(1.0, 0.0) { place } else { 1.0 - place };
        let shade = (0..SHADES).rev().find(|&shade| goodness * SHADES as f64 >= shade as f64).unwrap_or(0);
        let (left, top) = (frame.left + column as f64 * width, frame.y(0.0) - (row + 1) as f64 * height);
        let area = [("x", left), ("y", top), ("width", (width - 1.5).max(0.5)), ("height", (height - 1.5).max(0.5))];
        content.push(&Element::of("rect", &format!("cell h{shade}")).place(area));
        if width >= 46.0 && height >= 15.0 {
            let middle = [("x", left + (width - 1.5) / 2.0), ("y", top + (height - 1.5) / 2.0 + 3.8)];
            let class = format!("cell-text h{shade}");
            let text = Element::of("text", &class).place(middle).set("text-anchor", "middle");
            content.push(&text.text(&number::score(Some(score))));
        }
    }
    let bare = |axis: Element| Element::of("g", "bare").add(&axis);
    content.push(&bare(frame.bottom_axis(&columns.ticks(), names[0])));
    content.push(&bare(frame.left_axis(&rows.ticks(), names[1])));
    let metric = metric_name(view);
    let caption = format!(
        "Mean {metric} of the complete candidates of each {} and {}; the stronger the colour, the better.",
        names[0], names[1]
    );
    let title = format!("{} and {}", names[0], names[1]);
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Pairs, &format!("score-by-{}-and-{}", names[0], names[1]), &title, caption, size, content))
}
