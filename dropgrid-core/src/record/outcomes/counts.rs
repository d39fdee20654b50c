//! Counts of rows by their true class, the predicted one, and its probability.

use super::bytes::{Reader, Writer};
use crate::metric::argmax;

/// The most classes whose confusions are counted.
const MOST: usize = 40;
/// The most classes of which each has a curve against all others.
pub(crate) const CURVES: usize = 20;
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
    /// Of each class the rows of all others and its own rows by its probability, from 0. Of two classes there is that
    /// of class 1 alone, and of more than [`CURVES`] there is none.
    ///
    /// Bins are narrow near 0 and 1, where the probabilities of good networks are: four for each halving of the
    /// distance.
    pub(crate) thresholds: Vec<[Vec<u64>; 2]>,
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
            for (at, bins) in counts.thresholds.iter_mut().enumerate() {
                let (of, probability) = if classes == 2 { (1, Some(&positive)) } else { (at, row.get(at)) };
                let bins = &mut bins[usize::from(class == of)];
                if let Some(count) = probability.and_then(|&probability| bins.get_mut(bin(probability))) {
                    *count += 1;
                }
            }
        }
        counts
    }

    /// No rows of so many classes.
    pub(crate) fn none(classes: usize) -> Self {
        let cells = if classes <= MOST { classes * classes } else { 0 };
        let curves = match classes {
            2 => 1,
            3..=CURVES => classes,
            _ => 0,
        };
        let thresholds = vec![[vec![0; 2 * HALF], vec![0; 2 * HALF]]; curves];
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
        for (to, from) in self.thresholds.iter_mut().flatten().zip(other.thresholds.iter().flatten()) {
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
        self.thresholds.iter().flatten().for_each(|bins| to.sparse(bins));
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
        for bins in counts.thresholds.iter_mut().flatten() {
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
