//! Early stopping as in Keras, epoch by epoch.

use crate::{metric::Direction, recipe::EarlyStopping, train::checkpoint::StateCodec};

/// The state of early stopping: the best value so far, and the number of epochs since.
///
/// It follows Keras' [`EarlyStopping`](https://keras.io/api/callbacks/early_stopping/), `on_epoch_end` and
/// `_is_improvement`. `tests/golden/stopping.py` writes the reference.
#[derive(Debug, Clone)]
pub(in crate::train) struct EarlyStoppingState {
    rule: EarlyStopping,
    direction: Direction,
    best: Option<f64>,
    /// The number of epochs since the last improvement.
    wait: usize,
}

/// The verdict on an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::train) enum EpochDecision {
    /// The best epoch so far.
    Improved,
    /// No improvement, or too early to count.
    Continue,
    /// The patience has run out: the training stops after this epoch.
    Stop,
}

impl EarlyStoppingState {
    pub(in crate::train) fn new(rule: EarlyStopping, direction: Direction) -> Self {
        Self { rule, direction, best: None, wait: 0 }
    }

    pub(in crate::train) fn rule(&self) -> EarlyStopping {
        self.rule
    }

    /// Writes or reads the rule and its state.
    pub(in crate::train) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        let EarlyStopping { patience, min_delta, restore_best, start_from_epoch } = &mut self.rule;
        codec.count(patience)?;
        codec.double(min_delta)?;
        codec.flag(restore_best)?;
        codec.count(start_from_epoch)?;
        codec.optional(&mut self.best)?;
        codec.count(&mut self.wait)
    }

    /// Takes the monitored value of epoch number `epoch`, counted from 1.
    pub(in crate::train) fn epoch(&mut self, epoch: usize, value: f64) -> EpochDecision {
        let EarlyStopping { patience, min_delta, start_from_epoch, .. } = self.rule;
        if epoch <= start_from_epoch {
            return EpochDecision::Continue;
        }
        // NaN on either side is no improvement.
        let improves = self.best.is_none_or(|best| match self.direction {
            Direction::Minimize => value + min_delta < best,
            Direction::Maximize => value - min_delta > best,
        });
        if improves {
            (self.best, self.wait) = (Some(value), 0);
            return EpochDecision::Improved;
        }
        self.wait += 1;
        if self.wait >= patience { EpochDecision::Stop } else { EpochDecision::Continue }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the epoch of the last improvement and the epoch at which the training ends.
    fn ends(rule: EarlyStopping, direction: Direction, values: &[f64]) -> (Option<usize>, Option<usize>) {
        let mut early_stopping_state = EarlyStoppingState::new(rule, direction);
        let mut best = None;
        for (epoch, &value) in (1..).zip(values) {
            match early_stopping_state.epoch(epoch, value) {
                EpochDecision::Improved => best = Some(epoch),
                EpochDecision::Continue => {}
                EpochDecision::Stop => return (best, Some(epoch)),
            }
        }
        (best, None)
    }

    #[test]
    fn ends_where_keras_ends() {
        let table = include_str!("../../../../tests/golden/stopping.txt");
        let mut cases = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split(' ').collect();
            let [mode, patience, min_delta, start, best, end, ref values @ ..] = fields[..] else {
                panic!("a line of the table: {line}");
            };
            let number = |text: &str| text.parse::<usize>().expect("a number");
            let rule = EarlyStopping::patience(number(patience))
                .min_delta(min_delta.parse().expect("a number"))
                .start_from_epoch(number(start));
            let direction = if mode == "min" { Direction::Minimize } else { Direction::Maximize };
            let values: Vec<f64> = values.iter().map(|value| value.parse().expect("a number")).collect();
            // 0 means none: Keras has no best epoch if it monitored none, and no last one if it did not end early.
            let some = |epoch: &str| Some(number(epoch)).filter(|&epoch| epoch > 0);
            assert_eq!(ends(rule, direction, &values), (some(best), some(end)), "{line}");
            cases += 1;
        }
        assert_eq!(cases, 1000);
    }

    #[test]
    fn the_rule_by_hand() {
        let (low, high) = (Direction::Minimize, Direction::Maximize);
        let rule = EarlyStopping::patience(2);
        // 1 and 2 improve, 3 and 4 exhaust the patience.
        assert_eq!(ends(rule, low, &[0.5, 0.4, 0.4, 0.5, 0.1]), (Some(2), Some(4)));
        assert_eq!(ends(rule, high, &[0.5, 0.6, 0.6, 0.5, 0.9]), (Some(2), Some(4)));
        // An improvement of 0.1 is not more than 0.125.
        assert_eq!(ends(rule.min_delta(0.125), low, &[0.5, 0.4, 0.4]), (Some(1), Some(3)));
        assert_eq!(ends(rule.min_delta(0.0625), low, &[0.5, 0.4, 0.4]), (Some(2), None));
        // A patience of 0 is treated as 1.
        for patience in [0, 1] {
            assert_eq!(ends(EarlyStopping::patience(patience), low, &[0.5, 0.6, 0.1]), (Some(1), Some(2)));
        }
        assert_eq!(ends(rule.start_from_epoch(2), low, &[0.1, 0.2, 0.5, 0.5, 0.5]), (Some(3), Some(5)));
        assert_eq!(ends(rule.start_from_epoch(9), low, &[0.1, 0.2]), (None, None));
        // A NaN counts against the patience. A first value of NaN is never improved upon.
        assert_eq!(ends(rule, low, &[0.5, f64::NAN, 0.4, f64::NAN, f64::NAN]), (Some(3), Some(5)));
        assert_eq!(ends(rule, low, &[f64::NAN, 0.5, 0.4]), (Some(1), Some(3)));
    }
}
