//! Rows of two sides in the order of a score: what ROC AUC and average precision are made of.

use super::sum::Sum;

/// The scores of the positive and of the negative rows, each with its weight.
///
/// Scores are kept as integers of the same order, and the two sides apart: sorting plain integers is several times
/// faster than sorting row numbers by their scores, as a ranking of all rows would.
#[derive(Debug, Default)]
pub(super) struct Ranking {
    positive: Side,
    negative: Side,
}

#[derive(Debug, Default)]
struct Side {
    keys: Vec<u64>,
    weighted: Vec<(u64, f64)>,
}

/// A run of equal scores: its weight on each side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    pub(super) positive: f64,
    pub(super) negative: f64,
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

    /// The runs of equal scores in ascending order.
    pub(super) fn ties(mut self) -> Vec<Tie> {
        let (positive, negative) = (self.positive.runs(), self.negative.runs());
        let (mut positive, mut negative) = (positive.into_iter().peekable(), negative.into_iter().peekable());
        let mut ties = Vec::new();
        loop {
            let next = match (positive.peek(), negative.peek()) {
                (None, None) => return ties,
                (Some(&(key, _)), None) | (None, Some(&(key, _))) => key,
                (Some(&(a, _)), Some(&(b, _))) => a.min(b),
            };
            let weight = |run: Option<(u64, f64)>| run.map_or(0.0, |(_, weight)| weight);
            ties.push(Tie {
                positive: weight(positive.next_if(|&(key, _)| key == next)),
                negative: weight(negative.next_if(|&(key, _)| key == next)),
            });
        }
    }
}

impl Side {
    /// Each score with its weight, in ascending order.
    fn runs(&mut self) -> Vec<(u64, f64)> {
        self.keys.sort_unstable();
        let mut runs: Vec<(u64, f64)> =
            self.keys.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as f64)).collect();
        // Weights of equal scores are summed in ascending order, so that the order of rows does not matter.
        self.weighted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        runs.extend(self.weighted.chunk_by(|a, b| a.0 == b.0).map(|run| {
            let mut sum = Sum::default();
            for &(_, weight) in run {
                sum.add(weight);
            }
            (run[0].0, sum.value())
        }));
        runs
    }
}

/// The weight of each side.
pub(super) fn totals(ties: &[Tie]) -> (f64, f64) {
    let (mut positive, mut negative) = (Sum::default(), Sum::default());
    for tie in ties {
        positive.add(tie.positive);
        negative.add(tie.negative);
    }
    (positive.value(), negative.value())
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
