//! The mean of a candidate's scores over the folds, and the score of a fit that failed.

pub(crate) use crate::record::mean_and_std;

/// The weights of the folds in a candidate's mean score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Average {
    /// Every fold counts the same: the mean of the folds' scores, as in scikit-learn.
    #[default]
    Folds,
    /// Every row counts the same: a fold counts by the rows it scores. For an accuracy this is the share of all
    /// scored rows, scikit-learn's `iid=True` of before version 0.24.
    Rows,
}

impl Average {
    /// The weight of a fold that scores so many rows.
    pub(crate) fn weight(self, rows: usize) -> f64 {
        match self {
            Self::Folds => 1.0,
            Self::Rows => rows as f64,
        }
    }
}

/// The score of a failed fit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ErrorScore {
    /// No number: the candidate's mean is NaN, and it ranks last. The report groups the reasons.
    #[default]
    Nan,
    /// This number, as the score of every metric. Where every fit failed, there is an error nevertheless.
    Value(f64),
    /// The end of the search: an error that names the candidate, the fold and the reason. Fits that run beside it are
    /// finished first, others are not begun.
    Raise,
}

impl ErrorScore {
    /// The score of a failed fit.
    pub(crate) fn value(self) -> f64 {
        if let Self::Value(score) = self { score } else { f64::NAN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_does_not_depend_on_the_order_of_folds() {
        let equal = [1.0; 3];
        let (up, down) = ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]);
        assert_eq!(mean_and_std(&up, &equal), mean_and_std(&down, &equal));
        let (mean, std) = mean_and_std(&[1.0, 2.0, 3.0, 4.0], &[1.0; 4]);
        assert!((mean - 2.5).abs() < 1e-15 && (std - 1.25_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn rows_weigh_folds_by_their_size() {
        let (mean, _) = mean_and_std(&[4.0 / 34.0, 5.0 / 33.0, 3.0 / 33.0], &[34.0, 33.0, 33.0]);
        assert!((mean - 0.12).abs() < 1e-15);
    }
}
