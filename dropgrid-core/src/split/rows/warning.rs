//! Warnings about the data, the folds and the space.

use std::fmt;

use crate::escape::escaped;

/// A peculiarity of the data, the folds or the space that does not stop a search but should be known.
#[derive(Debug, Clone, PartialEq)]
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
    /// A [note](crate::data::Dataset::notes) from the reading of the data, such as on a column that was left out.
    Note {
        /// The note.
        note: String,
    },
    /// The space has fewer candidates than the strategy was asked for.
    FewCandidates {
        /// The candidates that there are.
        candidates: usize,
        /// The candidates asked for.
        asked: usize,
    },
    /// The deciding metric has no [best value](crate::metric::Metric::best), so that a strategy that goes by it leaves
    /// nothing out.
    NoBestScore {
        /// The metric.
        metric: String,
    },
    /// The base of a strategy has more candidates than the strategy tries: the first of them.
    CandidatesLeft {
        /// The candidates that there are.
        candidates: usize,
        /// Those that are tried.
        tried: usize,
    },
    /// A search to [start from](crate::search::Search::warm_start) has candidates that are not in the space, or
    /// hyperparameters that are no axes of it.
    Prior {
        /// The candidates that had their whole training there.
        candidates: usize,
        /// Those that are not in the space.
        outside: usize,
        /// The hyperparameters that are passed over.
        extra: Vec<String>,
    },
    /// A race has no fold after those that every candidate gets, so that it drops nobody.
    ShortRace {
        /// The folds.
        folds: u32,
        /// The folds that every candidate gets before the first test.
        burn_in: u32,
    },
    /// The first comparison of a halving comes after few of the epochs, and nobody has chosen when.
    EarlyComparison {
        /// The epochs after which candidates are compared first.
        epochs: u64,
        /// The most epochs of a candidate.
        of: u64,
        /// A fifth of these, rounded up.
        enough: u64,
    },
    /// Distinct cells of a column are the same number in single precision, in which networks compute.
    MergedCells {
        /// The column's name, or its number where it has none.
        column: String,
        /// Distinct cells.
        cells: usize,
        /// Distinct numbers that they are.
        numbers: usize,
    },
    /// Columns lie far from zero, and a network does not begin with a layer that scales them.
    FarFromZero {
        /// The columns' names, or their numbers where they have none.
        columns: Vec<String>,
    },
    /// Columns have the same number in every row.
    ConstantColumns {
        /// The columns' names, or their numbers where they have none.
        columns: Vec<String>,
    },
    /// The numbers to predict have a mean or a spread that a network does not reach, since it begins near 0 and takes
    /// small steps.
    TargetSpread {
        /// The place of the number, where there are several to predict.
        output: Option<usize>,
        /// The mean.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
    /// An epoch ends with a batch of one row, of which a batch normalisation makes 0.
    BatchOfOne {
        /// The fold, from 0.
        fold: usize,
        /// The rows that it trains on.
        rows: usize,
        /// The rows of a batch.
        batch_size: usize,
    },
    /// The shape of the input has the channels of an image last, but a convolution takes them first.
    ChannelsLast {
        /// The shape.
        input: [usize; 3],
    },
    /// Rows have the channels of each pixel side by side, but the shape of the input has channels first.
    InterleavedChannels {
        /// The shape.
        input: [usize; 3],
    },
}

/// The names of columns in words, of many the first few: ``columns `a`, `b` and 7 more``.
fn named(columns: &[String]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<String> = columns.iter().take(SHOWN).map(|name| format!("`{}`", escaped(name))).collect();
    let kind = if columns.len() == 1 { "column" } else { "columns" };
    match columns.len().saturating_sub(SHOWN) {
        0 => format!("{kind} {}", names.join(", ")),
        more => format!("{kind} {} and {more} more", names.join(", ")),
    }
}

/// A number with four digits.
fn rounded(number: f64) -> f64 {
    format!("{number:.3e}").parse().unwrap_or(number)
}

impl fmt::Display for Warning {
    #[expect(clippy::too_many_lines, reason = "one message for each warning")]
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
            Self::Prior { candidates, outside, extra } => {
                write!(
                    f,
                    "{outside} of the {candidates} candidates of the search to start from are not in this space"
                )?;
                let names: Vec<String> = extra.iter().map(|name| format!("`{}`", escaped(name))).collect();
                if names.is_empty() { Ok(()) } else { write!(f, ", and {} is no axis of it", names.join(", ")) }
            }
            Self::NoBestScore { metric } => {
                write!(
                    f,
                    "{} has no best possible value, so only candidates without a score are dropped: write its \
                     `Metric::best`, or `CustomMetric::with_best`, if it has one",
                    escaped(metric)
                )
            }
            Self::CandidatesLeft { candidates, tried } => {
                write!(
                    f,
                    "the first {tried} of {candidates} candidates are tried: take `Random` for a base in random order, or \
                     more resources for more candidates"
                )
            }
            Self::ShortRace { folds, burn_in } => {
                write!(
                    f,
                    "the race drops nobody: every candidate gets {burn_in} folds before the first test, and there are {folds}"
                )
            }
            Self::EarlyComparison { epochs, of, enough } => {
                let after = if *epochs == 1 { "1 epoch".to_owned() } else { format!("{epochs} epochs") };
                write!(
                    f,
                    "the first candidates are dropped after {after} of {of}, when those that learn fast lead, and they are \
                     often not the best in the end: write `.min_resource({enough})` with fewer candidates, or \
                     `.min_resource({epochs})` if this is meant"
                )
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
            Self::Note { note } => f.write_str(&escaped(note)),
            Self::MergedCells { column, cells, numbers } => {
                let column = escaped(column);
                let are = if *numbers == 1 { "is 1 number".to_owned() } else { format!("are {numbers} numbers") };
                write!(
                    f,
                    "column `{column}`: of {cells} distinct cells there {are} in single precision, in which networks \
                     compute: change its unit, split it into two columns, or leave it out"
                )
            }
            Self::FarFromZero { columns } => {
                let (lie, them) = if columns.len() == 1 { ("lies", "it") } else { ("lie", "them") };
                let columns = named(columns);
                write!(
                    f,
                    "{columns} {lie} far from zero, and nothing scales {them}: begin the network with a `Standardize`"
                )
            }
            Self::ConstantColumns { columns } => {
                let (same, them) = if columns.len() == 1 { ("has", "it") } else { ("have", "them") };
                write!(f, "{} {same} the same number in every row: leave {them} out", named(columns))
            }
            Self::TargetSpread { output, mean, deviation } => {
                let which = output.map_or_else(|| "the target".to_owned(), |output| format!("target {output}"));
                let (mean, deviation) = (rounded(*mean), rounded(*deviation));
                write!(
                    f,
                    "{which} is {mean} ± {deviation}, but a network begins near 0 and learns numbers near 1: add \
                     `.target_transform(TargetTransform::Standardize)` to the recipe; scores stay in the target's unit"
                )
            }
            Self::BatchOfOne { fold, rows, batch_size } => {
                write!(
                    f,
                    "fold {fold} trains on {rows} rows in batches of {batch_size}, so an epoch has a batch of one row, \
                     of which a batch normalisation makes 0: add `.drop_last(true)` to the recipe or change `batch_size`"
                )
            }
            Self::ChannelsLast { input: [height, width, channels] } => {
                write!(
                    f,
                    "the input `Rank3<{height}, {width}, {channels}>` is an image of {height} channels: if its channels \
                     are the last axis, write `input = Rank3<{channels}, {height}, {width}>` and put the channels of \
                     each row one after the other"
                )
            }
            Self::InterleavedChannels { input: [channels, height, width] } => {
                write!(
                    f,
                    "rows seem to have the {channels} channels of each pixel side by side, but \
                     `Rank3<{channels}, {height}, {width}>` takes one channel after the other: put each row in that order"
                )
            }
        }
    }
}
