//! The candidates that a pruned one is compared with.

/// The values of the candidates that one is compared with: earlier ones that had their whole training, each with its
/// value after each of its epochs, the first epoch first.
#[derive(Debug, Clone, Copy)]
pub struct Others<'a> {
    values: &'a [Vec<f64>],
    ranked: &'a Ranked,
}

/// Values by rank at each epoch: of the first candidates, which every later comparison has among its own.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranked {
    /// The number of these candidates.
    len: usize,
    by_epoch: Vec<Ranks>,
}

/// The values after one epoch.
#[derive(Debug, Clone, Default)]
struct Ranks {
    /// The numbers, ascending.
    numbers: Vec<f64>,
    /// How many values are NaN.
    nans: usize,
}

/// No candidates by rank.
static NONE: Ranked = Ranked { len: 0, by_epoch: Vec::new() };

impl Ranked {
    /// Adds the next candidates, up to the first `len` of these.
    pub(super) fn extend(&mut self, values: &[Vec<f64>], len: usize) {
        for of_candidate in values[..len].iter().skip(self.len) {
            if self.by_epoch.len() < of_candidate.len() {
                self.by_epoch.resize_with(of_candidate.len(), Ranks::default);
            }
            self.by_epoch.iter_mut().zip(of_candidate).for_each(|(ranks, value)| ranks.add(*value));
        }
        self.len = self.len.max(len);
    }
}

impl Ranks {
    fn add(&mut self, value: f64) {
        if value.is_nan() {
            self.nans += 1;
        } else {
            self.numbers.insert(self.below(value), value);
        }
    }

    /// How many of the numbers are below a value.
    fn below(&self, value: f64) -> usize {
        self.numbers.partition_point(|number| number.total_cmp(&value).is_lt())
    }
}

impl<'a> Others<'a> {
    /// The candidates with these values.
    pub fn new(values: &'a [Vec<f64>]) -> Self {
        Self { values, ranked: &NONE }
    }

    /// The same, the first of which are known by rank.
    pub(super) fn with_ranks(values: &'a [Vec<f64>], ranked: &'a Ranked) -> Self {
        debug_assert!(ranked.len <= values.len(), "{} of {}", ranked.len, values.len());
        Self { values, ranked }
    }

    /// The number of candidates.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values of each candidate.
    pub fn values(&self) -> &'a [Vec<f64>] {
        self.values
    }

    /// The number of candidates that have a value after epoch number `epoch`, from 1, and NumPy's `nanpercentile` of
    /// these values, with its linear interpolation, bit for bit; `None` where no value is a number. It takes no longer
    /// the more candidates there are, but for their logarithm.
    pub fn percentile(&self, epoch: u32, percentile: f64) -> (usize, Option<f64>) {
        let Some(epoch) = (epoch as usize).checked_sub(1) else { return (0, None) };
        let (none, mut last) = (Ranks::default(), Ranks::default());
        let first = self.ranked.by_epoch.get(epoch).unwrap_or(&none);
        let last_values = self.values[self.ranked.len..].iter().filter_map(|of_candidate| of_candidate.get(epoch));
        last.numbers.extend(last_values);
        let all = last.numbers.len();
        last.numbers.retain(|value| !value.is_nan());
        last.nans = all - last.numbers.len();
        last.numbers.sort_by(f64::total_cmp);
        let count = first.numbers.len() + last.numbers.len();
        // The number of that rank among both.
        let ranked = |rank: usize| {
            let of_last = |at: usize| at + first.below(last.numbers[at]);
            let before = (0..last.numbers.len()).take_while(|&at| of_last(at) < rank).count();
            let is_of_last = before < last.numbers.len() && of_last(before) == rank;
            if is_of_last { last.numbers[before] } else { first.numbers[rank - before] }
        };
        let value = count.checked_sub(1).map(|end| {
            let place = end as f64 * (percentile / 100.0);
            #[expect(clippy::cast_sign_loss, reason = "a percentile is at least 0")]
            let at = (place.floor() as usize).min(end);
            let (low, high, share) = (ranked(at), ranked((at + 1).min(end)), place - place.floor());
            let difference = high - low;
            if share >= 0.5 { high - difference * (1.0 - share) } else { low + difference * share }
        });
        (count + first.nans + last.nans, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values with ties, both zeros and NaN, of candidates with unlike numbers of epochs.
    #[test]
    fn ranks_of_the_first_candidates_change_no_percentile() {
        let value = |at: usize, epoch: usize| match (at * 7 + epoch * 5) % 11 {
            0 => f64::NAN,
            1 => -0.0,
            2 => 0.0,
            rest => (rest / 2) as f64 - 2.0,
        };
        let values: Vec<Vec<f64>> = (0..40).map(|at| (0..2 + at % 4).map(|epoch| value(at, epoch)).collect()).collect();
        let mut ranked = Ranked::default();
        for len in [0, 1, 3, 17, 40] {
            ranked.extend(&values, len);
            for count in len..=values.len() {
                let (with, without) = (Others::with_ranks(&values[..count], &ranked), Others::new(&values[..count]));
                for (epoch, percentile) in (0..8).flat_map(|epoch| [0.0, 25.0, 33.0, 50.0, 100.0].map(|it| (epoch, it)))
                {
                    let (of_both, of_one) = (with.percentile(epoch, percentile), without.percentile(epoch, percentile));
                    let bits = |(count, value): (usize, Option<f64>)| (count, value.map(f64::to_bits));
                    assert_eq!(bits(of_both), bits(of_one), "{len} of {count}, epoch {epoch}, {percentile} %");
                }
            }
        }
    }
}
