//! Faults of a user's strategy.

use crate::escape::escaped;

/// The reason why a search cannot go on with its strategy's [proposals](crate::strategy::Strategy::propose).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StrategyError {
    /// The strategy panicked.
    #[error("it panicked: {message}", message = escaped(message))]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The strategy returned an error.
    #[error("{}", escaped(&.0.to_string()))]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The strategy proposed a fold that the search does not have.
    #[error("it proposed candidate {candidate} on fold {fold}, but there are {folds} folds, 0..{folds}")]
    NoSuchFold {
        /// The candidate's number.
        candidate: u64,
        /// The fold, from 0.
        fold: u32,
        /// Folds of the search.
        folds: u32,
    },
    /// The strategy proposed a fit twice in one proposal.
    #[error("it proposed candidate {candidate} on fold {fold} twice at once; propose each fit once")]
    Twice {
        /// The candidate's number.
        candidate: u64,
        /// The fold, from 0.
        fold: u32,
    },
    /// The strategy proposed as many epochs as a candidate has, or more, which is no part of its training.
    #[error(
        "it proposed {epochs} epochs of candidate {candidate}, whose whole training has {whole}; propose `Budget::Full` for the \
         whole"
    )]
    WholeBudget {
        /// The candidate's number.
        candidate: u64,
        /// The epochs proposed.
        epochs: u32,
        /// The epochs of its whole training.
        whole: u32,
    },
    /// The strategy proposed so small a share of a fold's rows that none would be left to train on.
    #[error(
        "it proposed {share} of the rows of fold {fold}, which are {rows}: too few to train on some and to validate on others; \
         propose a larger share"
    )]
    ShareTooSmall {
        /// The share proposed.
        share: f64,
        /// The fold, from 0.
        fold: u32,
        /// Rows of the share.
        rows: usize,
    },
    /// The strategy gave two candidates one number.
    #[error(
        "it called two candidates number {candidate}: {first} and {second}; give each a number of its own",
        first = escaped(first), second = escaped(second)
    )]
    TwoOfOneNumber {
        /// The number.
        candidate: u64,
        /// The candidate that was proposed first.
        first: String,
        /// The other one.
        second: String,
    },
    /// The first proposal of the strategy was empty.
    #[error("it proposed no candidate; `propose` gives the fits to run, and none only when the search is over")]
    Nothing,
    /// The strategy ended the search before any candidate had a record on every fold.
    #[error(
        "it ended the search with no candidate on all {folds} folds, so that none has a mean score: {} {}; propose the other \
         folds of those that may win",
        if *candidates == 1 { "1 candidate has".to_owned() } else { format!("{candidates} candidates have") },
        if *fits == 1 { "1 fit".to_owned() } else { format!("{fits} fits") }
    )]
    Unfinished {
        /// Folds of the search.
        folds: u32,
        /// Candidates proposed.
        candidates: usize,
        /// Fits run.
        fits: usize,
    },
}
