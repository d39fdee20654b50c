//! The report within an error.

use super::Report;
use crate::{
    error::{AnyReport, Error, StudyError},
    model::Model,
};

impl Error {
    /// Everything that a search had found when it had no winner, something after its fits failed, or its study could
    /// not be used any more: the report of [`Error::UndefinedScores`], [`Error::AllFitsFailed`],
    /// [`Error::NoCandidateFinished`], [`Error::RefitFailed`], [`Error::NoSuchCandidate`], [`Error::RefitRuleFailed`],
    /// [`Error::OuterFoldFailed`], [`Error::Strategy`], [`Error::Stopped`], [`StudyError::Lost`],
    /// [`StudyError::Damaged`] and [`StudyError::Store`], without a fitted model. `M` is the model and `T` the data's
    /// targets; for others there is none.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::{Error, data::Classes, model::Model, report::Report};
    /// # fn told<Mlp: Model>(outcome: dropgrid_core::Result<Report<Mlp, Classes<10>>>) -> dropgrid_core::Result<()> {
    /// match outcome {
    ///     Ok(report) => println!("{report}"),
    ///     Err(error) => match error.report::<Mlp, Classes<10>>() {
    ///         Some(report) => println!("{report}\n{error}"),
    ///         None => return Err(error),
    ///     },
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn report<M: Model, T: 'static>(&self) -> Option<&Report<M, T, ()>> {
        match self {
            Self::RefitFailed { report, .. }
            | Self::NoSuchCandidate { report, .. }
            | Self::RefitRuleFailed { report, .. }
            | Self::OuterFoldFailed { report, .. } => AnyReport::get(report),
            Self::Strategy { report, .. }
            | Self::Stopped { report, .. }
            | Self::UndefinedScores { report, .. }
            | Self::AllFitsFailed { report, .. }
            | Self::NoCandidateFinished { report, .. }
            | Self::Study(
                StudyError::Lost { report, .. } | StudyError::Damaged { report, .. } | StudyError::Store { report, .. },
            ) => AnyReport::get(report.as_ref()?),
            _ => None,
        }
    }
}
