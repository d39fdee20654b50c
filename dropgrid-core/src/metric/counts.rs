//! Right, predicted and true rows of each class or flag, of which precision, recall and F-scores are made.

use std::fmt;

use super::{Scored, sum::Sum};
use crate::{
    data::{Flags, Labels, Truth},
    error::Result,
};

/// The weight of the rows that are predicted right, predicted and true.
#[derive(Debug, Clone, Copy)]
#[allow(unnameable_types, reason = "of a trait that nobody else implements")]
pub struct Count {
    pub(super) class: usize,
    pub(super) right: f64,
    pub(super) predicted: f64,
    pub(super) truth: f64,
}

/// Kinds of truth that have classes or flags to count: [`Labels`] and [`Flags`].
pub trait Counted: Truth + fmt::Debug + Copy + PartialEq + sealed::Sealed {
    /// The counts of each class that is there, in truth or prediction, or of each flag.
    #[doc(hidden)]
    fn counts(scored: &Scored<'_, Self>) -> Result<Vec<Count>>;

    /// The counts of each row, whose place stands for the class; none where a row has but one class.
    #[doc(hidden)]
    fn row_counts(scored: &Scored<'_, Self>) -> Result<Vec<Count>>;
}

mod sealed {
    #[allow(unnameable_types, reason = "so that nobody else implements it")]
    pub trait Sealed {}
    impl Sealed for super::Labels {}
    impl Sealed for super::Flags {}
}

#[derive(Clone, Copy, Default)]
struct Sums {
    right: Sum,
    predicted: Sum,
    truth: Sum,
    there: bool,
}

impl Sums {
    fn count(self, class: usize) -> Count {
        Count { class, right: self.right.value(), predicted: self.predicted.value(), truth: self.truth.value() }
    }
}

impl Counted for Labels {
    fn counts(scored: &Scored<'_, Self>) -> Result<Vec<Count>> {
        let mut sums = vec![Sums::default(); scored.width()];
        for (row, (&truth, &predicted)) in scored.truth().iter().zip(scored.predicted()?).enumerate() {
            let weight = scored.weight(row);
            sums[truth].truth.add(weight);
            sums[predicted].predicted.add(weight);
            if truth == predicted {
                sums[truth].right.add(weight);
            }
            sums[truth].there = true;
            sums[predicted].there = true;
        }
        let there = sums.into_iter().enumerate().filter(|(_, sums)| sums.there);
        Ok(there.map(|(class, sums)| sums.count(class)).collect())
    }

    fn row_counts(_scored: &Scored<'_, Self>) -> Result<Vec<Count>> {
        Ok(Vec::new())
    }
}

impl Counted for Flags {
    fn counts(scored: &Scored<'_, Self>) -> Result<Vec<Count>> {
        let width = scored.width();
        let mut sums = vec![Sums::default(); width];
        for (at, (&truth, &predicted)) in scored.truth().iter().zip(scored.predicted()?).enumerate() {
            let (weight, sums) = (scored.weight(at / width), &mut sums[at % width]);
            if truth {
                sums.truth.add(weight);
            }
            if predicted {
                sums.predicted.add(weight);
            }
            if truth && predicted {
                sums.right.add(weight);
            }
        }
        Ok(sums.into_iter().enumerate().map(|(flag, sums)| sums.count(flag)).collect())
    }

    fn row_counts(scored: &Scored<'_, Self>) -> Result<Vec<Count>> {
        let width = scored.width();
        let rows = scored.truth().chunks_exact(width).zip(scored.predicted()?.chunks_exact(width));
        let on = |flags: &[bool]| flags.iter().filter(|&&flag| flag).count() as f64;
        let count = |(row, (truth, predicted)): (usize, (&[bool], &[bool]))| Count {
            class: row,
            right: truth.iter().zip(predicted).filter(|&(&truth, &predicted)| truth && predicted).count() as f64,
            predicted: on(predicted),
            truth: on(truth),
        };
        Ok(rows.enumerate().map(count).collect())
    }
}
