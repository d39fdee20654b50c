//! The one error type of the project, and those of its subjects. Every variant carries the value at fault and what was
//! expected.

mod any;
mod any_report;
mod array;
mod ask;
pub(crate) mod bits;
mod cluster;
mod data;
mod failure;
mod feature;
mod file;
mod inside;
mod load;
mod name;
mod read;
mod schedule;
mod scoring;
mod space;
mod split;
mod stopped;
mod strategy;
mod study;
mod table;
pub(crate) mod worded;

pub use any::Error;
pub use any_report::AnyReport;
pub use array::ArrayFault;
pub use ask::AskError;
pub use cluster::ClusterError;
pub use data::DataError;
pub use failure::{Failure, group};
pub use feature::*;
pub use file::FileError;
pub use load::{LoadError, TensorFault};
pub use name::NameError;
pub use read::ReadError;
pub use schedule::ScheduleError;
pub use scoring::ScoringError;
pub use space::SpaceError;
pub use split::SplitError;
pub use stopped::{StopReason, Stopped};
pub use strategy::StrategyError;
pub use study::StudyError;
pub use table::{CellAt, CellFault, ColumnFault, QuoteFault, RaggedRow};

/// `Result` with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        DataError::from(error).into()
    }
}

/// The failure of a fit whose network could not be built, trained or scored: wherever an error is met, on a fold or in
/// the training of the winner, it is the same failure.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Fit(failure) => failure,
            Error::Scoring(error) => Self::Scoring(error),
            error => Self::Build { message: error.to_string() },
        }
    }
}

#[cfg(test)]
mod tests;
