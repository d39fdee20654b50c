//! The resource that candidates spend.

use crate::{
    error::{Error, Result, ScheduleError},
    record::{Budget, Share},
    space::Space,
    strategy::View,
};

/// The resource of a successive halving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::strategy) enum Unit {
    /// Epochs of a training, which goes on from those that it has had.
    Epochs,
    /// Rows of the data, of which each fold trains on its part.
    Samples,
}

/// The number of rows of each class and fold that the smallest budget of samples has, as in scikit-learn.
const ROWS_OF_A_CLASS: u64 = 2;

impl Unit {
    pub(in crate::strategy) fn name(self) -> &'static str {
        match self {
            Self::Epochs => "epochs",
            Self::Samples => "samples",
        }
    }

    /// So many resources in words: `1 epoch`.
    pub(in crate::strategy) fn words(self, resources: u64) -> String {
        match (self, resources) {
            (Self::Epochs, 1) => "1 epoch".to_owned(),
            (Self::Samples, 1) => "1 sample".to_owned(),
            _ => format!("{resources} {}", self.name()),
        }
    }

    /// The resources of the whole training: the most epochs of any candidate, or the rows of the data.
    pub(in crate::strategy) fn available<S: Space>(self, view: &View<'_, S>) -> u64 {
        match self {
            Self::Epochs => u64::from(view.epoch_range.1),
            Self::Samples => view.rows as u64,
        }
    }

    /// True where every candidate's whole training has as many resources.
    pub(in crate::strategy) fn is_uniform<S: Space>(self, view: &View<'_, S>) -> bool {
        self == Self::Samples || view.epoch_range.0 == view.epoch_range.1
    }

    /// The smallest resources that tell anything: scikit-learn's `min_resources="smallest"`.
    pub(in crate::strategy) fn smallest<S: Space>(self, view: &View<'_, S>) -> u64 {
        match self {
            Self::Epochs => 1,
            Self::Samples => {
                // The folds of a repeated splitter all count, as in scikit-learn. Repeats of the search train on the
                // same folds again with other draws, and scikit-learn has no such thing.
                let folds = view.folds.iter().filter(|fold| fold.repeat == 0).count() as u64;
                ROWS_OF_A_CLASS * folds * view.classes.unwrap_or(1) as u64
            }
        }
    }

    /// The budget of so many resources, at least 1, for a candidate.
    pub(in crate::strategy) fn budget<S: Space>(
        self,
        view: &View<'_, S>,
        params: &S::Params,
        resources: u64,
    ) -> Budget {
        let budget = match self {
            Self::Epochs => view.budget(params, u32::try_from(resources).unwrap_or(u32::MAX)),
            Self::Samples => Budget::rows((resources as f64 / view.rows as f64).min(1.0)),
        };
        budget.unwrap_or(Budget::Full)
    }

    /// Checks the smallest and the largest resources.
    ///
    /// # Errors
    /// [`ScheduleError::MaxOverAvailable`], [`ScheduleError::MinOverMax`], [`ScheduleError::TooFewSamples`].
    pub(in crate::strategy) fn check<S: Space>(
        self,
        view: &View<'_, S>,
        (min, max): (u64, u64),
        available: u64,
    ) -> Result<()> {
        let unit = self.name();
        for (setting, value) in [("min_resource", min), ("max_resource", max)] {
            if value == 0 {
                return Err(Error::Setting { setting, value: "0".to_owned(), expected: "at least 1" });
            }
        }
        if max > available {
            return Err(ScheduleError::MaxOverAvailable { max, available, unit }.into());
        }
        if min > max {
            return Err(ScheduleError::MinOverMax { min, max, unit }.into());
        }
        if self == Self::Epochs || min == available {
            return Ok(());
        }
        let (share, least) = (Share::new(min as f64 / view.rows as f64)?, view.classes.unwrap_or(1));
        for (fold, info) in (0..).zip(view.folds) {
            let rows = share.of(info.train);
            let validation = set_aside(rows, view.validation_fraction);
            let left = rows - validation;
            if left < least {
                return Err(ScheduleError::TooFewSamples { samples: min, fold, left, validation, least }.into());
            }
        }
        Ok(())
    }
}

/// The rows of a training part that are set aside for validation: that share of them, rounded up.
fn set_aside(rows: usize, fraction: f64) -> usize {
    #[allow(clippy::cast_sign_loss, reason = "a share of a count")]
    let wanted = (fraction * rows as f64).ceil() as usize;
    wanted.min(rows)
}
