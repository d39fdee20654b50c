//! Warnings about the data, the folds and the space.

use std::fmt;

/// A peculiarity of the data, the folds or the space that does not stop a search but should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A class has fewer rows than there are folds, so some folds score none of it.
    SmallClass {
        /// The class.
        class: usize,
        /// Its rows.
        rows: usize,
        /// The folds.
        folds: usize,
    },
    /// The data has groups, but the splitter does not keep them together.
    GroupsIgnored {
        /// The splitter.
        splitter: &'static str,
    },
    /// A fold trains on rows that it also scores.
    Overlap {
        /// The fold, from 0.
        fold: usize,
        /// The number of its scored rows that it has trained on.
        rows: usize,
    },
    /// A fold scores rows more than once, so that they count as several.
    Repeated {
        /// The fold, from 0.
        fold: usize,
        /// The number of scored rows that repeat an earlier one.
        rows: usize,
    },
    /// The space has fewer candidates than the strategy was asked for.
    FewCandidates {
        /// The candidates that there are.
        candidates: usize,
        /// The candidates asked for.
        asked: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallClass { class, rows, folds } => {
                write!(f, "class {class} has {rows} rows, fewer than the {folds} folds: some folds score none of it")
            }
            Self::GroupsIgnored { splitter } => {
                write!(f, "the data has groups, but {splitter} ignores them: a group can be on both sides of a fold")
            }
            Self::FewCandidates { candidates, asked } => {
                let are = if *candidates == 1 { "candidate, which is" } else { "candidates, each of which is" };
                write!(f, "{asked} candidates were asked for, and the space has {candidates} {are} tried once")
            }
            Self::Overlap { fold, rows } => {
                write!(f, "fold {fold} trains on {rows} of the rows that it scores")
            }
            Self::Repeated { fold, rows } => {
                let repeated = if *rows == 1 { "row" } else { "rows" };
                write!(
                    f,
                    "fold {fold} has {rows} repeated {repeated} to score: a row counts as often as it stands there"
                )
            }
        }
    }
}
