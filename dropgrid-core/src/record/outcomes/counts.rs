//! Counts of rows by their true class, the predicted one, and its probability.

use super::bytes::{Reader, Writer};
use crate::metric::argmax;

/// The most classes whose confusions are counted.
const MOST: usize = 40;
/// The bins of a calibration, of the same width.
const BINS: usize = 10;
/// The bins of probabilities below one half, and as many above.
const HALF: usize = 64;
/// The bits of a `f64` behind those that tell its bin: the exponent and the first two bits of the fraction.
const SHIFT: u32 = 50;

/// Counts of rows by their true class, the predicted one, and its probability.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Counts {
    pub(crate) rows: u64,
    pub(crate) classes: usize,
    /// The rows of each true class by the class that was predicted, row-major; empty where there are too many classes.
    pub(crate) confusion: Vec<u64>,
    /// The rows by the probability of the class that was predicted: the sum of the probabilities, the rows for which it
    /// was right, and all.
    pub(crate) calibration: [(f64, u64, u64); BINS],
    /// The rows of class 0 and those of class 1 by the probability of class 1, from 0; empty where there are more
    /// classes.
    ///
    /// Bins are narrow near 0 and 1, where the probabilities of good networks are: four for each halving of the
    /// distance.
    pub(crate) thresholds: [Vec<u64>; 2],
}

impl Counts {
    /// Of `outputs` for rows of the classes `truth`: a probability for each of so many `classes`, or that of class 1 of
    /// two.
    pub(super) fn of(truth: &[usize], outputs: &[f64], classes: usize, threshold: f64) -> Self {
        let mut counts = Self::none(classes);
        let columns = outputs.len().checked_div(truth.len()).unwrap_or(0).max(1);
        for (&class, row) in truth.iter().zip(outputs.chunks_exact(columns)) {
            // As metrics decide.
            let (predicted, positive) = match row {
                [positive] => (usize::from(*positive > threshold), *positive),
                row => (argmax(row), row[1]),
            };
            let probability = match row {
                [positive] if predicted == 0 => 1.0 - positive,
                [positive] => *positive,
                row => row[predicted],
            };
            counts.rows += 1;
            if let Some(cell) = counts.confusion.get_mut(class * classes + predicted) {
                *cell += 1;
            }
            // A probability of one is in the last bin.
            let bin_of_calibration = (1..BINS).filter(|&bin| probability * BINS as f64 >= bin as f64).count();
            let (sum, right, rows) = &mut counts.calibration[bin_of_calibration];
            (*sum, *right, *rows) = (*sum + probability, *right + u64::from(class == predicted), *rows + 1);
            if let Some(bins) = counts.thresholds.get_mut(class)
                && let Some(bin) = bins.get_mut(bin(positive))
            {
                *bin += 1;
            }
        }
        counts
    }

    /// No rows of so many classes.
    pub(crate) fn none(classes: usize) -> Self {
        let cells = if classes <= MOST { classes * classes } else { 0 };
        let bins = if classes == 2 { 2 * HALF } else { 0 };
        let thresholds = [vec![0; bins], vec![0; bins]];
        Self { rows: 0, classes, confusion: vec![0; cells], calibration: [(0.0, 0, 0); BINS], thresholds }
    }

    /// Adds those of another fold.
    pub(crate) fn add(&mut self, other: &Self) {
        // Whatever a file says, no sum overflows.
        self.rows = self.rows.saturating_add(other.rows);
        let add = |to: &mut Vec<u64>, from: &[u64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = to.saturating_add(*from));
        };
        add(&mut self.confusion, &other.confusion);
        for (to, from) in self.thresholds.iter_mut().zip(&other.thresholds) {
            add(to, from);
        }
        for (to, from) in self.calibration.iter_mut().zip(&other.calibration) {
            *to = (to.0 + from.0, to.1.saturating_add(from.1), to.2.saturating_add(from.2));
        }
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.count(self.rows);
        to.count(self.classes as u64);
        to.sparse(&self.confusion);
        for &(sum, right, rows) in &self.calibration {
            to.count(rows);
            if rows > 0 {
                to.count(right);
                to.single(sum);
            }
        }
        self.thresholds.iter().for_each(|bins| to.sparse(bins));
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (rows, classes) = (from.count()?, usize::try_from(from.count()?).ok()?);
        let mut counts = Self::none(classes);
        (counts.rows, counts.confusion) = (rows, from.sparse(counts.confusion.len())?);
        for bin in &mut counts.calibration {
            let rows = from.count()?;
            if rows > 0 {
                let (right, sum) = (from.count()?, from.single()?);
                *bin = (sum, right, rows);
            }
        }
        for bins in &mut counts.thresholds {
            *bins = from.sparse(bins.len())?;
        }
        Some(counts)
    }
}

/// The bin of a probability. It needs no logarithm, whose last bits differ between machines.
fn bin(probability: f64) -> usize {
    let below = |distance: f64| {
        // From one half downwards: the first bin below it is the last of the half.
        let steps = (0.5_f64.to_bits() >> SHIFT).saturating_sub(distance.max(0.0).to_bits() >> SHIFT);
        HALF.saturating_sub(steps as usize)
    };
    if probability < 0.5 {
        below(probability).min(HALF - 1)
    } else {
        (2 * HALF - 1) - below(1.0 - probability).min(HALF - 1)
    }
}
