//! Areas under curves, of one class or averaged.

use crate::{
    data::Labels,
    error::Result,
    metric::{
        Averaging, Measured, Scored, Warning,
        counts::Counted,
        ranking::{Ranking, totals},
        sum::{Sum, mean, sum},
    },
};

/// The area of a ranking; `None` where one side is empty.
pub(super) fn area(ranking: Ranking) -> Option<f64> {
    let ties = ranking.ties();
    let (positive, negative) = totals(&ties);
    if positive == 0.0 || negative == 0.0 {
        return None;
    }
    let (mut below, mut area) = (Sum::default(), Sum::default());
    for tie in ties {
        area.add(tie.positive * (below.value() + 0.5 * tie.negative));
        below.add(tie.negative);
    }
    Some(area.value() / (positive * negative))
}

/// The areas of several classes or flags as one, with a warning for each that has none.
pub(super) fn average(
    averaging: Averaging,
    rankings: Vec<Ranking>,
    positives: &[f64],
    one_sided: impl Fn(usize) -> Warning,
) -> Measured {
    let mut warnings = Vec::new();
    let mut areas = Vec::new();
    for (at, ranking) in rankings.into_iter().enumerate() {
        let value = area(ranking).unwrap_or_else(|| {
            warnings.push(one_sided(at));
            f64::NAN
        });
        // A class that no row is of has no say in a weighted mean.
        let silent = averaging == Averaging::Weighted && positives[at] == 0.0;
        areas.push(if silent { 0.0 } else { value });
    }
    let value = match averaging {
        Averaging::Weighted if positives.iter().all(|&positive| positive == 0.0) => 0.0,
        Averaging::Weighted => mean(areas.into_iter(), Some(positives)),
        Averaging::Macro | Averaging::Micro => mean(areas.into_iter(), None),
    };
    Measured { value, warnings }
}

/// The rankings of every class or flag, or one of all of them, and the weight of the positive rows of each.
pub(super) fn one_versus_rest<K: Counted>(
    scored: &Scored<'_, K>,
    averaging: Averaging,
    is: impl Fn(usize, usize) -> bool,
) -> Result<(Vec<Ranking>, Vec<f64>)> {
    let (scores, width) = (scored.scores()?, scored.width());
    let together = averaging == Averaging::Micro;
    let mut rankings: Vec<Ranking> = Vec::new();
    rankings.resize_with(if together { 1 } else { width }, Ranking::default);
    let mut positives = vec![Sum::default(); width];
    for row in 0..scored.len() {
        let weight = scored.weights().map(|weights| weights[row]);
        for (class, positives) in positives.iter_mut().enumerate() {
            let positive = is(row, class);
            rankings[if together { 0 } else { class }].add(positive, scores.get(row, class), weight);
            if positive {
                positives.add(weight.unwrap_or(1.0));
            }
        }
    }
    Ok((rankings, positives.into_iter().map(Sum::value).collect()))
}

/// The areas of each two classes that are there, averaged.
pub(super) fn one_versus_one(scored: &Scored<'_, Labels>, averaging: Averaging) -> Result<Measured> {
    let (scores, classes) = (scored.scores()?, scored.width());
    let mut rows = vec![Vec::new(); classes];
    scored.truth().iter().enumerate().for_each(|(row, &class)| rows[class].push(row));
    let weight = |class: usize| sum(rows[class].iter().map(|&row| scored.weight(row)));
    // A class without weight is a class without rows.
    let present: Vec<usize> = (0..classes).filter(|&class| weight(class) > 0.0).collect();
    if let [class] = present[..] {
        return Ok(Measured::undefined(Warning::OneClass { class: Some(class), positive: true }));
    }

    let one = |class: usize, other: usize| {
        let mut ranking = Ranking::default();
        for (positive, side) in [(true, class), (false, other)] {
            for &row in &rows[side] {
                ranking.add(positive, scores.get(row, class), scored.weights().map(|weights| weights[row]));
            }
        }
        area(ranking).unwrap_or(f64::NAN)
    };
    let (mut areas, mut weights) = (Vec::new(), Vec::new());
    for (at, &a) in present.iter().enumerate() {
        for &b in &present[at + 1..] {
            areas.push(f64::midpoint(one(a, b), one(b, a)));
            weights.push(weight(a) + weight(b));
        }
    }
    let weighted = (averaging == Averaging::Weighted).then_some(weights.as_slice());
    Ok(mean(areas.into_iter(), weighted).into())
}
