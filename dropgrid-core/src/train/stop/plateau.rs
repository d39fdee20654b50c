//! Reducing the learning rate on a plateau as in PyTorch, epoch by epoch.

use crate::{
    metric::Direction,
    recipe::{ReduceOnPlateau, Threshold},
    train::checkpoint::StateCodec,
};

/// The state of a schedule that reduces the learning rate on a plateau.
///
/// It follows PyTorch's [`ReduceLROnPlateau`][page], operation by operation. `tests/golden/plateau.py` writes the
/// reference.
///
/// [page]: https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
#[derive(Debug, Clone)]
pub(in crate::train) struct PlateauState {
    rule: ReduceOnPlateau,
    direction: Direction,
    best: f64,
    lr: f64,
    /// The number of epochs since the last improvement.
    bad: usize,
    /// The number of remaining epochs that do not count.
    cooldown: usize,
}

impl PlateauState {
    pub(in crate::train) fn new(rule: ReduceOnPlateau, direction: Direction, lr: f64) -> Self {
        let worst = match direction {
            Direction::Minimize => f64::INFINITY,
            Direction::Maximize => f64::NEG_INFINITY,
        };
        Self { rule, direction, best: worst, lr, bad: 0, cooldown: 0 }
    }

    /// Takes the monitored value of an epoch, and returns the learning rate of the next epoch.
    pub(in crate::train) fn epoch(&mut self, value: f64) -> f64 {
        if self.improves(value) {
            (self.best, self.bad) = (value, 0);
        } else {
            self.bad += 1;
        }
        if self.cooldown > 0 {
            (self.cooldown, self.bad) = (self.cooldown - 1, 0);
        }
        if self.bad > self.rule.patience {
            let lower = (self.lr * self.rule.factor).max(self.rule.min_lr);
            if self.lr - lower > self.rule.eps {
                self.lr = lower;
            }
            (self.cooldown, self.bad) = (self.rule.cooldown, 0);
        }
        self.lr
    }

    /// Writes or reads the state.
    pub(in crate::train) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        codec.double(&mut self.best)?;
        codec.double(&mut self.lr)?;
        codec.count(&mut self.bad)?;
        codec.count(&mut self.cooldown)
    }

    fn improves(&self, value: f64) -> bool {
        match (self.direction, self.rule.threshold) {
            (Direction::Minimize, Threshold::Relative(share)) => value < self.best * (1.0 - share),
            (Direction::Minimize, Threshold::Absolute(difference)) => value < self.best - difference,
            (Direction::Maximize, Threshold::Relative(share)) => value > self.best * (share + 1.0),
            (Direction::Maximize, Threshold::Absolute(difference)) => value > self.best + difference,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_where_pytorch_falls() {
        let table = include_str!("../../../../tests/golden/plateau.txt");
        let mut cases = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (settings, rest) = line.split_once(" | ").expect("settings");
            let (values, lrs) = rest.split_once(" | ").expect("values and learning rates");
            let numbers =
                |text: &str| text.split(' ').map(|word| word.parse().expect("a number")).collect::<Vec<f64>>();
            let [mode, kind, ref settings @ ..] = settings.split(' ').collect::<Vec<_>>()[..] else {
                panic!("settings: {line}");
            };
            let [lr, factor, patience, threshold, cooldown, min_lr, eps] = numbers(&settings.join(" "))[..] else {
                panic!("settings: {line}");
            };
            let count = |number: f64| format!("{number}").parse::<usize>().expect("a count");
            let rule = ReduceOnPlateau {
                factor,
                patience: count(patience),
                threshold: if kind == "rel" { Threshold::Relative(threshold) } else { Threshold::Absolute(threshold) },
                cooldown: count(cooldown),
                min_lr,
                eps,
            };
            let direction = if mode == "min" { Direction::Minimize } else { Direction::Maximize };
            let mut plateau = PlateauState::new(rule, direction, lr);
            let given: Vec<f64> = numbers(values).into_iter().map(|value| plateau.epoch(value)).collect();
            // The same operations on doubles give the same bits.
            assert_eq!(given, numbers(lrs), "{line}");
            cases += 1;
        }
        assert_eq!(cases, 250);
    }
}
