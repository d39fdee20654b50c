//! Areas under curves, of one class or averaged.

use crate::{
    data::Labels,
    error::Result,
    metric::{
        Averaging, Measured, Scored, Warning,
        counts::Counted,
        ranking::{Ranking, Sorted},
        scale::{exponent, shifted},
        sum::{Sum, mean, sum},
    },
};

/// The area of a ranking; `None` where one side is empty.
pub(super) fn area(sorted: Sorted<'_>) -> Option<f64> {
    let (positive, negative) = sorted.totals();
    if positive == 0.0 || negative == 0.0 {
        return None;
    }
    // Each side near 1, so that no product of two small ones is lost.
    let (ours, theirs) = (-exponent(positive), -exponent(negative));
    let (mut below, mut area) = (Sum::default(), Sum::default());
    for tie in sorted.ties() {
        let tied = shifted(tie.negative, theirs);
        below.add(shifted(tie.before, theirs));
        area.add(shifted(tie.positive, ours) * (below.value() + 0.5 * tied));
        below.add(tied);
    }
    Some((area.value() / (shifted(positive, ours) * shifted(negative, theirs))).min(1.0))
}

/// The area of each class or flag against the rest, averaged, or one of all decisions together; with a warning for each
/// that has none.
pub(super) fn one_versus_rest<K: Counted>(
    scored: &Scored<'_, K>,
    averaging: Averaging,
    is: impl Fn(usize, usize) -> bool,
    one_sided: impl Fn(usize) -> Warning,
) -> Result<Measured> {
    let (scores, width) = (scored.scores()?, scored.width());
    let together = averaging == Averaging::Micro;
    // One ranking at a time: its memory is used again by the next.
    let mut ranking = Ranking::default();
    let (mut areas, mut positives, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..if together { 1 } else { width } {
        ranking.clear();
        for class in if together { 0..width } else { at..at + 1 } {
            for row in 0..scored.len() {
                let weight = scored.relative_weights().map(|weights| weights[row]);
                ranking.add(is(row, class), scores.get(row, class), weight);
            }
        }
        let sorted = ranking.sorted();
        let (positive, _) = sorted.totals();
        let value = area(sorted).unwrap_or_else(|| {
            warnings.push(one_sided(at));
            f64::NAN
        });
        // A class that no row is of has no say in a weighted mean.
        let silent = averaging == Averaging::Weighted && positive == 0.0;
        areas.push(if silent { 0.0 } else { value });
        positives.push(positive);
    }
    let value = match averaging {
        Averaging::Weighted if positives.iter().all(|&positive| positive == 0.0) => 0.0,
        Averaging::Weighted => mean(areas.into_iter(), Some(&positives)),
        Averaging::Macro | Averaging::Micro => mean(areas.into_iter(), None),
    };
    Ok(Measured { value, warnings })
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
                ranking.add(positive, scores.get(row, class), scored.relative_weights().map(|weights| weights[row]));
            }
        }
        area(ranking.sorted()).unwrap_or(f64::NAN)
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
