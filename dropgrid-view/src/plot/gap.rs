//! Training and test score for each dropout rate: what dropout is for.

use super::{Kind, Plot, axis_scale::AxisScale, frame::Frame, metric_name, scale::Scale};
use crate::{
    Candidate, SearchView, State,
    markup::{Element, points},
    number,
};

/// The parts of a range.
const BINS: usize = 8;

/// The sums of a value or of a part of a range: places, training scores, test scores, and their number.
type Sums = (f64, f64, f64, f64);

/// The picture for the first dropout rate that varies; where there is none, for the number of most weight.
pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let varying = view.varying();
    let varying: Vec<usize> = varying.into_iter().filter(|&axis| view.axes[axis].domain.is_numeric()).collect();
    let is_rate = |axis: &&usize| view.axes[**axis].is_dropout_rate();
    let share = |axis: &usize| {
        let effects = view.importance.iter().flat_map(|importance| &importance.effects);
        let mut own = effects.filter(|effect| effect.names.len() == 1 && effect.names[0] == view.axes[*axis].name);
        own.next().map_or(0.0, |effect| effect.share)
    };
    let heaviest = || varying.iter().max_by(|a, b| share(a).total_cmp(&share(b)));
    let axis = *varying.iter().find(is_rate).or_else(heaviest)?;
    let scores = |candidate: &Candidate| {
        let deciding = candidate.deciding()?;
        Some((deciding.train_mean.filter(|it| it.is_finite())?, candidate.mean()?))
    };
    let complete = || view.candidates.iter().filter(|it| it.state == State::Complete && scores(it).is_some());
    let scale = AxisScale::of(&view.axes[axis], axis, complete());
    let count = if scale.has_levels() { scale.places().len() } else { BINS };
    let mut sums: Vec<Sums> = vec![(0.0, 0.0, 0.0, 0.0); count];
    for candidate in complete() {
        // Candidates without the hyperparameter are no level of it.
        let Some(value) = candidate.params.get(axis).filter(|value| !value.is_null()) else { continue };
        let (Some(place), Some((train, test))) = (scale.at(value), scores(candidate)) else { continue };
        let bin = scale.level(value).or_else(|| (0..BINS).rev().find(|&bin| place * BINS as f64 >= bin as f64));
        if let Some(sum) = bin.and_then(|bin| sums.get_mut(bin)) {
            *sum = (sum.0 + place, sum.1 + train, sum.2 + test, sum.3 + 1.0);
        }
    }
    let means = sums.iter().filter(|sum| sum.3 > 0.0).map(|sum| (sum.0 / sum.3, sum.1 / sum.3, sum.2 / sum.3));
    let mut means: Vec<(f64, f64, f64)> = means.collect();
    means.sort_by(|a, b| a.0.total_cmp(&b.0));
    if means.len() < 2 {
        return None;
    }
    let vertical = Scale::over(means.iter().flat_map(|it| [it.1, it.2]), false)?;
    let frame = Frame { right: 66.0, ..Frame::new(350.0, 250.0) };
    let name = &view.axes[axis].name;
    let line = |of: fn(&(f64, f64, f64)) -> f64| -> Vec<(f64, f64)> {
        means.iter().map(|it| (frame.x(it.0), frame.y(vertical.at(of(it))))).collect()
    };
    let (train, test) = (line(|it| it.1), line(|it| it.2));
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&vertical.ticks(4), &format!("mean {}", metric_name(view))));
    content.push(&frame.bottom_axis(&scale.ticks(6), name));
    let area = train.iter().copied().chain(test.iter().rev().copied());
    content.push(&Element::of("polygon", "between").set("points", points(area)));
    // Names stand at the right end, apart from each other.
    let ends = (train[train.len() - 1].1, test[test.len() - 1].1);
    let push = ((14.0 - (ends.0 - ends.1).abs()) / 2.0).max(0.0) * if ends.0 < ends.1 { -1.0 } else { 1.0 };
    for (class, word, line, shift) in [("s1", "training", &train, push), ("s0", "test", &test, -push)] {
        content.push(&Element::of("polyline", &format!("series {class}")).set("points", points(line.iter().copied())));
        for &(x, y) in line {
            content.push(&Element::of("circle", &format!("mark {class}")).place([("cx", x), ("cy", y), ("r", 3.0)]));
        }
        let (x, y) = line[line.len() - 1];
        let place = [("x", x + 8.0), ("y", y + shift + 3.8)];
        content.push(&Element::of("text", &format!("series-name {class}")).place(place).text(word));
    }
    let sign = if view.metric().is_none_or(|metric| metric.maximize) { 1.0 } else { -1.0 };
    let gap = |it: &(f64, f64, f64)| number::score(Some(sign * (it.1 - it.2)));
    let caption = format!(
        "The shaded gap is how much better the training score is, which the network learned by heart: {} at the least {name}, {} \
         at the largest; below 0 the test score is better. Means of all complete candidates of a value.",
        gap(&means[0]),
        gap(&means[means.len() - 1])
    );
    let title = format!("Training against test score by {name}");
    let size = (frame.width, frame.height);
    Some(Plot::new(Kind::Learning, "train-test-gap", &title, caption, size, content))
}
