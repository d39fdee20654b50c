//! Area under the receiver operating characteristic.

mod area;

use std::marker::PhantomData;

use super::{Averaging, Direction, Measured, Metric, Needs, Scored, Warning, ranking::Ranking};
use crate::{
    data::{Flags, Labels},
    error::{Error, Result, ScoringError},
};
use area::{area, one_versus_one, one_versus_rest};

/// The probability that a random row of a class scores higher than a random row that is not of it; ties count half.
///
/// In [0, 1]; 0.5 is chance. For two classes [`binary`](Self::binary); for more, the mean over each class against the
/// rest ([`ovr`](Self::ovr)) or over the pairs of classes ([`ovo`](Self::ovo)), which need probabilities that sum to 1;
/// for flags the average over flags ([`flags`](Self::flags)). NaN with a warning where all rows are of one side. As
/// scikit-learn's
/// [`roc_auc_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.roc_auc_score.html) with
/// `labels=range(classes)`; beyond it, one-versus-one takes weights.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, RocAuc, Scored, Warning};
/// let (truth, scores) = ([0, 0, 1, 1, 1, 0], [0.1, 0.4, 0.35, 0.8, 0.4, 0.4]);
/// assert_eq!(RocAuc::binary().score(&Scored::binary(&truth, &scores)?)?.value, 6.0 / 9.0);
/// let one_class = RocAuc::binary().score(&Scored::binary(&[1, 1], &[0.1, 0.4])?)?;
/// assert!(one_class.value.is_nan());
/// assert_eq!(one_class.warnings, [Warning::OneClass { class: Some(1), positive: true }]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RocAuc<K = Labels> {
    of: Of,
    kind: PhantomData<fn() -> K>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Binary,
    OneVersusRest(Averaging),
    OneVersusOne(Averaging),
}

impl Of {
    fn averaging(self) -> Averaging {
        match self {
            Self::Binary => Averaging::Macro,
            Self::OneVersusRest(averaging) | Self::OneVersusOne(averaging) => averaging,
        }
    }
}

/// The distance from 1 that the sum of a row's probabilities may have: scikit-learn's tolerance for probabilities that
/// were in `f32`.
const SUM_TOLERANCE: f64 = 1e-5;

/// [`RocAuc::binary`](struct@RocAuc): the metric by its name alone, as scikit-learn's `scoring="roc_auc"`.
#[allow(non_upper_case_globals, reason = "metrics without settings are written so")]
pub const RocAuc: RocAuc = RocAuc::binary();

impl RocAuc<Labels> {
    /// The area of class 1, the positive one of two.
    pub const fn binary() -> Self {
        Self { of: Of::Binary, kind: PhantomData }
    }

    /// The area of each class against all others, averaged over the classes.
    pub const fn ovr(averaging: Averaging) -> Self {
        Self { of: Of::OneVersusRest(averaging), kind: PhantomData }
    }

    /// The area of each two classes against each other, averaged over the pairs, [`Averaging::Macro`] or
    /// [`Averaging::Weighted`] by their rows. It does not depend on the frequencies of the classes.
    pub const fn ovo(averaging: Averaging) -> Self {
        Self { of: Of::OneVersusOne(averaging), kind: PhantomData }
    }
}

impl RocAuc<Flags> {
    /// The area of each flag, averaged over the flags.
    pub const fn flags(averaging: Averaging) -> Self {
        Self { of: Of::OneVersusRest(averaging), kind: PhantomData }
    }
}

impl Metric for RocAuc<Labels> {
    type Kind = Labels;

    fn name(&self) -> String {
        match self.of {
            Of::Binary => "roc_auc".to_owned(),
            Of::OneVersusRest(Averaging::Macro) => "roc_auc_ovr".to_owned(),
            Of::OneVersusOne(Averaging::Macro) => "roc_auc_ovo".to_owned(),
            Of::OneVersusRest(averaging) => format!("roc_auc_ovr{}", averaging.suffix()),
            Of::OneVersusOne(averaging) => format!("roc_auc_ovo{}", averaging.suffix()),
        }
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
        if self.of == Of::Binary { Needs::Scores } else { Needs::Probabilities }
    }

    fn check(&self, classes: usize) -> Result<()> {
        match self.of {
            Of::Binary if classes != 2 => Err(ScoringError::NotBinary { metric: self.name(), classes }.into()),
            Of::OneVersusOne(Averaging::Micro) => Err(Error::Setting {
                setting: "averaging of a one-versus-one ROC AUC",
                value: "Micro".to_owned(),
                expected: "Macro or Weighted",
            }),
            _ => Ok(()),
        }
    }

    fn undefined_for(&self, rows: &Scored<'_, Labels>) -> Option<Warning> {
        self.measure(rows).ok()?.reason()
    }

    fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
        if self.of != Of::Binary
            && let Some((row, sum)) = scored.probabilities()?.bad_sum(SUM_TOLERANCE)
        {
            return Err(ScoringError::RowSum { metric: self.name(), row: row + 1, sum }.into());
        }
        let truth = scored.truth();
        let one_sided = |class| Warning::OneClass { class: Some(class), positive: scored.only_class() == Some(class) };
        match self.of {
            Of::Binary => {
                let scores = scored.scores()?;
                let mut ranking = Ranking::default();
                for (row, &class) in truth.iter().enumerate() {
                    ranking.add(class == 1, scores.get(row, 1), scored.relative_weights().map(|weights| weights[row]));
                }
                Ok(area(ranking.sorted()).map_or_else(|| Measured::undefined(one_sided(1)), Measured::from))
            }
            Of::OneVersusRest(averaging) => {
                one_versus_rest(scored, averaging, |row, class| truth[row] == class, one_sided)
            }
            Of::OneVersusOne(averaging) => one_versus_one(scored, averaging),
        }
    }
}

impl Metric for RocAuc<Flags> {
    type Kind = Flags;

    fn name(&self) -> String {
        format!("roc_auc{}", self.of.averaging().suffix())
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

    fn undefined_for(&self, rows: &Scored<'_, Flags>) -> Option<Warning> {
        self.measure(rows).ok()?.reason()
    }

    fn measure(&self, scored: &Scored<'_, Flags>) -> Result<Measured> {
        let (averaging, truth, width) = (self.of.averaging(), scored.truth(), scored.width());
        let one_sided = |flag: usize| match averaging {
            Averaging::Micro => Warning::OneClass { class: None, positive: truth[0] },
            Averaging::Macro | Averaging::Weighted => Warning::OneClass { class: Some(flag), positive: truth[flag] },
        };
        one_versus_rest(scored, averaging, |row, flag| truth[row * width + flag], one_sided)
    }
}
