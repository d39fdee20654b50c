//! Average precision.

use std::marker::PhantomData;

use super::{
    Averaging, Direction, Measured, Metric, Needs, Scored, Warning,
    averaging::Over,
    counts::Counted,
    ranking::{Ranking, Sorted},
    scale::{exponent, shifted},
    sum::{Sum, mean},
};
use crate::{
    data::{Flags, Labels},
    error::Result,
};

/// The mean precision over the true rows, each at the score where it is found, in [0, 1].
///
/// `Σ_n (R_n - R_{n-1}) P_n` over the distinct scores in descending order: the area under the precision-recall curve
/// without interpolation. 0 with a warning where no row is of a class. As scikit-learn's
/// [`average_precision_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html),
/// with each class of [`averaged`](Self::averaged) against the rest.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{AveragePrecision, Metric, Scored};
/// let (truth, scores) = ([0, 0, 1, 1, 1, 0], [0.1, 0.4, 0.35, 0.8, 0.4, 0.4]);
/// let score = AveragePrecision::binary().score(&Scored::binary(&truth, &scores)?)?;
/// assert!((score.value - 0.7).abs() < 1e-15); // sums of thirds are not exact
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AveragePrecision<K = Labels> {
    over: Over,
    kind: PhantomData<fn() -> K>,
}

/// [`AveragePrecision::binary`](struct@AveragePrecision): the metric by its name alone, as scikit-learn's
/// `scoring="average_precision"`.
#[allow(non_upper_case_globals, reason = "metrics without settings are written so")]
pub const AveragePrecision: AveragePrecision = AveragePrecision::binary();

impl AveragePrecision<Labels> {
    /// The average precision of class 1, the positive one of two.
    pub const fn binary() -> Self {
        Self { over: Over::Binary, kind: PhantomData }
    }
}

impl<K: Counted> AveragePrecision<K> {
    /// The average precision of each class or flag against the rest, averaged.
    pub const fn averaged(averaging: Averaging) -> Self {
        Self { over: Over::All(averaging), kind: PhantomData }
    }
}

/// The average precision of a ranking by negative scores, and the weight of its positive rows; `None` where there are
/// none.
fn precision(sorted: Sorted<'_>) -> Option<(f64, f64)> {
    let (all, _) = sorted.totals();
    if all == 0.0 {
        return None;
    }
    let near_one = -exponent(all);
    let (mut found, mut false_alarms, mut area) = (Sum::default(), Sum::default(), Sum::default());
    for tie in sorted.ties() {
        found.add(tie.positive);
        false_alarms.add(tie.before + tie.negative);
        area.add(shifted(tie.positive, near_one) * (found.value() / (found.value() + false_alarms.value())));
    }
    Some(((area.value() / shifted(all, near_one)).min(1.0), all))
}

impl<K: Counted> AveragePrecision<K> {
    fn over_all(&self, scored: &Scored<'_, K>, is: impl Fn(usize, usize) -> bool) -> Result<Measured> {
        let (scores, width) = (scored.scores()?, scored.width());
        let together = match self.over {
            Over::All(Averaging::Micro) => Some(0..width),
            Over::All(Averaging::Macro | Averaging::Weighted) => None,
            Over::Binary | Over::Class(_) | Over::Samples => Some(1..2),
        };
        let rankings = together.clone().map_or(width, |_| 1);
        let mut ranking = Ranking::default();
        let (mut values, mut positives, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..rankings {
            ranking.clear();
            for class in together.clone().unwrap_or(at..at + 1) {
                for row in 0..scored.len() {
                    // The highest score is the first in ascending order.
                    let weight = scored.relative_weights().map(|weights| weights[row]);
                    ranking.add(is(row, class), -scores.get(row, class), weight);
                }
            }
            let (value, positive) = precision(ranking.sorted()).unwrap_or_else(|| {
                let class = if self.over == Over::Binary { Some(1) } else { together.is_none().then_some(at) };
                warnings.push(Warning::NoPositive { class });
                (0.0, 0.0)
            });
            values.push(value);
            positives.push(positive);
        }
        let weighted = self.over == Over::All(Averaging::Weighted) && positives.iter().any(|&positive| positive > 0.0);
        let value = mean(values.into_iter(), weighted.then_some(positives.as_slice()));
        Ok(Measured { value, warnings })
    }
}

macro_rules! metric {
    ($kind:ty, |$scored:ident, $row:ident, $class:ident| $is:expr) => {
        impl Metric for AveragePrecision<$kind> {
            type Kind = $kind;

            fn name(&self) -> String {
                self.over.name("average_precision")
            }

            fn identity(&self) -> String {
                self.name()
            }

            fn direction(&self) -> Direction {
                Direction::Maximize
            }

            fn best(&self) -> Option<f64> {
                Some(1.0)
            }

            fn needs(&self) -> Needs {
                Needs::Scores
            }

            fn check(&self, classes: usize) -> Result<()> {
                self.over.check(|| self.name(), classes)
            }

            fn measure(&self, $scored: &Scored<'_, $kind>) -> Result<Measured> {
                self.over_all($scored, |$row, $class| $is)
            }
        }
    };
}

metric!(Labels, |scored, row, class| scored.truth()[row] == class);
metric!(Flags, |scored, row, flag| scored.truth()[row * scored.width() + flag]);
