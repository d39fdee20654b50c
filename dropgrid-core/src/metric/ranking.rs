//! Rows of two sides in the order of a score, of which ROC AUC and average precision are made.

use std::iter;

use super::sum::sum;

/// The scores of the positive and of the negative rows, each with its weight.
///
/// Scores are kept as integers of the same order, and the two sides apart: sorting plain integers is several times
/// faster than sorting row numbers by their scores, as a ranking of all rows would.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    positive: Side,
    negative: Side,
}

/// The rows of one side: without weights, or with.
#[derive(Debug, Default)]
struct Side {
    keys: Vec<u64>,
    weighted: Vec<(u64, f64)>,
}

/// A ranking in ascending order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sorted<'a> {
    positive: Runs<'a>,
    negative: Runs<'a>,
}

/// The rest of a sorted side.
#[derive(Debug, Clone, Copy)]
struct Runs<'a> {
    keys: &'a [u64],
    weighted: &'a [(u64, f64)],
}

/// The rows of one score that positive rows have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    /// The weight of the positive rows.
    pub(super) positive: f64,
    /// The weight of the negative rows.
    pub(super) negative: f64,
    /// The weight of the negative rows between the tie before and this one.
    pub(super) before: f64,
}

/// An integer of the same order as the finite number `score`; both zeros are one.
fn key(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

impl Ranking {
    /// One more row. A row of weight 0 is no row, as in scikit-learn's curves.
    pub(super) fn add(&mut self, positive: bool, score: f64, weight: Option<f64>) {
        let side = if positive { &mut self.positive } else { &mut self.negative };
        match weight {
            None => side.keys.push(key(score)),
            Some(0.0) => {}
            Some(weight) => side.weighted.push((key(score), weight)),
        }
    }

    /// Forgets all rows and keeps the memory for as many.
    pub(super) fn clear(&mut self) {
        for side in [&mut self.positive, &mut self.negative] {
            side.keys.clear();
            side.weighted.clear();
        }
    }

    pub(super) fn sorted(&mut self) -> Sorted<'_> {
        Sorted { positive: self.positive.sorted(), negative: self.negative.sorted() }
    }
}

impl Side {
    fn sorted(&mut self) -> Runs<'_> {
        self.keys.sort_unstable();
        // Weights of equal scores are summed in ascending order, so that the order of rows does not matter.
        self.weighted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        Runs { keys: &self.keys, weighted: &self.weighted }
    }
}

impl Sorted<'_> {
    /// The weight of the positive and of the negative side.
    pub(super) fn totals(&self) -> (f64, f64) {
        (self.positive.total(), self.negative.total())
    }

    /// The scores that positive rows have, in ascending order.
    pub(super) fn ties(self) -> impl Iterator<Item = Tie> {
        let Self { mut positive, mut negative } = self;
        iter::from_fn(move || {
            let key = positive.first()?;
            let before = negative.take_while(|other| other < key);
            let equal = |side: &mut Runs<'_>| side.take_while(|other| other == key);
            Some(Tie { positive: equal(&mut positive), negative: equal(&mut negative), before })
        })
    }
}

impl Runs<'_> {
    fn total(&self) -> f64 {
        self.keys.len() as f64 + sum(self.weighted.iter().map(|&(_, weight)| weight))
    }

    /// The lowest score that is left.
    fn first(&self) -> Option<u64> {
        self.keys.first().copied().or_else(|| self.weighted.first().map(|&(key, _)| key))
    }

    /// Takes the first rows, as long as their scores are `among` some, and gives their weight.
    fn take_while(&mut self, among: impl Fn(u64) -> bool) -> f64 {
        let count = self.keys.iter().take_while(|&&key| among(key)).count();
        self.keys = &self.keys[count..];
        let run = self.weighted.iter().take_while(|&&(key, _)| among(key)).count();
        let (taken, left) = self.weighted.split_at(run);
        self.weighted = left;
        match taken {
            [] => count as f64,
            [(_, weight)] => *weight,
            _ => sum(taken.iter().map(|&(_, weight)| weight)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_have_the_order_of_scores() {
        let scores = [f64::MIN, -1.5, -f64::MIN_POSITIVE, 0.0, f64::MIN_POSITIVE, 0.3, 1.0, f64::MAX];
        assert!(scores.windows(2).all(|pair| key(pair[0]) < key(pair[1])));
        assert_eq!(key(-0.0), key(0.0));
    }
}
