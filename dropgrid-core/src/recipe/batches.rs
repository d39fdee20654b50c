//! Epochs and batches.

use super::Train;

impl Train {
    /// Passes over the training rows.
    pub fn epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// Rows a batch. The last batch of an epoch has what is left, unless [`drop_last`](Self::drop_last) leaves it out.
    pub fn batch_size(self, batch_size: usize) -> Self {
        Self { batch_size, ..self }
    }

    /// Sets whether an epoch leaves its last batch out where it is smaller than the others: PyTorch's `drop_last`. An
    /// epoch of fewer rows than a batch still has that one.
    pub fn drop_last(self, drop_last: bool) -> Self {
        Self { drop_last, ..self }
    }

    /// Sets whether each epoch takes the rows in an order of its own. It does by default; without, all take them in the
    /// order of the data.
    pub fn shuffle(self, shuffle: bool) -> Self {
        Self { shuffle, ..self }
    }

    /// The batches of an epoch of `rows` rows.
    pub(crate) fn batches(&self, rows: usize) -> usize {
        let (whole, rest) = (rows / self.batch_size, rows % self.batch_size);
        whole + usize::from(rest > 0 && !(self.drop_last && whole > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_batch_is_dropped_only_behind_others() {
        let batches = |rows, drop_last| Train::default().batch_size(8).drop_last(drop_last).batches(rows);
        assert_eq!([5, 8, 15, 16, 17].map(|rows| batches(rows, false)), [1, 1, 2, 2, 3]);
        assert_eq!([5, 8, 15, 16, 17].map(|rows| batches(rows, true)), [1, 1, 1, 2, 2]);
    }
}
