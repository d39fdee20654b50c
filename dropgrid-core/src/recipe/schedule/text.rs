//! Schedules as text, for results and files.

use std::{fmt, str::FromStr};

use super::{Annealing, OneCycle, ReduceOnPlateau, START_FACTOR, Schedule, Shape, Threshold, WarmUp};
use crate::error::Error;

const RESTARTS: &str = "cosine_restarts";
const LINEAR: &str = "linear";
const THREE_PHASE: &str = "three_phase";
const PLATEAU: &str = "reduce_on_plateau";
const PLATEAU_ABSOLUTE: &str = "reduce_on_plateau_absolute";

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shape {
            Shape::Constant => write!(f, "constant")?,
            Shape::Step { size, gamma } => write!(f, "step({size},{gamma})")?,
            Shape::MultiStep { milestones, gamma } => {
                write!(f, "multi_step(")?;
                milestones.iter().try_for_each(|milestone| write!(f, "{milestone},"))?;
                write!(f, "{gamma})")?;
            }
            Shape::Exponential { gamma } => write!(f, "exponential({gamma})")?,
            Shape::Cosine { eta_min: 0.0 } => write!(f, "cosine")?,
            Shape::Cosine { eta_min } => write!(f, "cosine({eta_min})")?,
            Shape::CosineRestarts { t_0, t_mult, eta_min: 0.0 } => write!(f, "{RESTARTS}({t_0},{t_mult})")?,
            Shape::CosineRestarts { t_0, t_mult, eta_min } => write!(f, "{RESTARTS}({t_0},{t_mult},{eta_min})")?,
            Shape::OneCycle(cycle) => {
                let OneCycle { pct_start, div_factor, final_div_factor, momentum, annealing, three_phase } = *cycle;
                write!(f, "one_cycle")?;
                if *cycle != (OneCycle { annealing, three_phase, ..OneCycle::default() }) {
                    write!(f, "({pct_start},{div_factor},{final_div_factor}")?;
                    momentum.iter().try_for_each(|(low, high)| write!(f, ",{low},{high}"))?;
                    write!(f, ")")?;
                }
                if annealing == Annealing::Linear {
                    write!(f, " {LINEAR}")?;
                }
                if three_phase {
                    write!(f, " {THREE_PHASE}")?;
                }
            }
            Shape::Plateau(plateau) if *plateau == ReduceOnPlateau::default() => write!(f, "{PLATEAU}")?,
            Shape::Plateau(ReduceOnPlateau { factor, patience, threshold, cooldown, min_lr, eps }) => {
                let name = if matches!(threshold, Threshold::Absolute(_)) { PLATEAU_ABSOLUTE } else { PLATEAU };
                let threshold = threshold.value();
                write!(f, "{name}({factor},{patience},{threshold},{cooldown},{min_lr},{eps})")?;
            }
        }
        if self.by_step {
            write!(f, " by_step")?;
        }
        match self.warm_up {
            None => Ok(()),
            Some(WarmUp { epochs, start_factor: START_FACTOR }) => write!(f, " warm_up({epochs})"),
            Some(WarmUp { epochs, start_factor }) => write!(f, " warm_up({epochs},{start_factor})"),
        }
    }
}

/// Writes it as Rust source does.
impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schedule::")?;
        match &self.shape {
            Shape::Constant => write!(f, "constant()")?,
            Shape::Step { size, gamma } => write!(f, "step({size}, {gamma:?})")?,
            Shape::MultiStep { milestones, gamma } => write!(f, "multi_step({milestones:?}, {gamma:?})")?,
            Shape::Exponential { gamma } => write!(f, "exponential({gamma:?})")?,
            Shape::Cosine { eta_min: 0.0 } => write!(f, "cosine()")?,
            Shape::Cosine { eta_min } => write!(f, "cosine_to({eta_min:?})")?,
            Shape::CosineRestarts { t_0, t_mult, eta_min: 0.0 } => write!(f, "cosine_restarts({t_0}, {t_mult})")?,
            Shape::CosineRestarts { t_0, t_mult, eta_min } => {
                write!(f, "cosine_restarts_to({t_0}, {t_mult}, {eta_min:?})")?;
            }
            Shape::OneCycle(cycle) if *cycle == OneCycle::default() => write!(f, "one_cycle()")?,
            Shape::OneCycle(cycle) => write!(f, "from({cycle:?})")?,
            Shape::Plateau(plateau) if *plateau == ReduceOnPlateau::default() => write!(f, "reduce_on_plateau()")?,
            Shape::Plateau(plateau) => write!(f, "from({plateau:?})")?,
        }
        if self.by_step {
            write!(f, ".by_step()")?;
        }
        match self.warm_up {
            None => Ok(()),
            Some(WarmUp { epochs, start_factor: START_FACTOR }) => write!(f, ".warm_up({epochs})"),
            Some(WarmUp { epochs, start_factor }) => write!(f, ".warm_up_from({start_factor:?}, {epochs})"),
        }
    }
}

impl FromStr for Schedule {
    type Err = Error;

    /// The schedule that is displayed as `text`.
    ///
    /// # Errors
    /// [`Error::Setting`] where there is none.
    fn from_str(text: &str) -> Result<Self, Error> {
        let expected = "the text of a schedule, such as `cosine by_step warm_up(5)` or `step(30,0.1)`";
        read(text).ok_or_else(|| Error::Setting { setting: "schedule", value: text.to_owned(), expected })
    }
}

fn read(text: &str) -> Option<Schedule> {
    let mut words = text.split_whitespace().map(call);
    let (name, numbers) = words.next()??;
    let shape = match (name, numbers.as_slice()) {
        ("constant", []) => Shape::Constant,
        ("step", &[size, gamma]) => Shape::Step { size: whole(size)?, gamma },
        ("multi_step", [milestones @ .., gamma]) => {
            let milestones = milestones.iter().map(|&milestone| whole(milestone)).collect::<Option<_>>()?;
            Shape::MultiStep { milestones, gamma: *gamma }
        }
        ("exponential", &[gamma]) => Shape::Exponential { gamma },
        ("cosine", []) => Shape::Cosine { eta_min: 0.0 },
        ("cosine", &[eta_min]) => Shape::Cosine { eta_min },
        (RESTARTS, &[t_0, t_mult, ref eta_min @ ..]) => {
            let eta_min = match *eta_min {
                [] => 0.0,
                [eta_min] => eta_min,
                _ => return None,
            };
            Shape::CosineRestarts { t_0: whole(t_0)?, t_mult: whole(t_mult)?, eta_min }
        }
        ("one_cycle", []) => Shape::OneCycle(OneCycle::default()),
        ("one_cycle", &[pct_start, div_factor, final_div_factor, ref momentum @ ..]) => {
            let momentum = match *momentum {
                [] => None,
                [low, high] => Some((low, high)),
                _ => return None,
            };
            Shape::OneCycle(OneCycle { pct_start, div_factor, final_div_factor, momentum, ..OneCycle::default() })
        }
        (PLATEAU, []) => Shape::Plateau(ReduceOnPlateau::default()),
        (PLATEAU | PLATEAU_ABSOLUTE, &[factor, patience, threshold, cooldown, min_lr, eps]) => {
            let threshold =
                if name == PLATEAU { Threshold::Relative(threshold) } else { Threshold::Absolute(threshold) };
            let (patience, cooldown) = (whole(patience)?, whole(cooldown)?);
            Shape::Plateau(ReduceOnPlateau { factor, patience, threshold, cooldown, min_lr, eps })
        }
        _ => return None,
    };
    words.try_fold(Schedule::of(shape), |mut schedule, word| match word? {
        (LINEAR | THREE_PHASE, numbers) if !numbers.is_empty() => None,
        (name @ (LINEAR | THREE_PHASE), _) => {
            let Shape::OneCycle(cycle) = &mut schedule.shape else { return None };
            match name {
                LINEAR => cycle.annealing = Annealing::Linear,
                _ => cycle.three_phase = true,
            }
            Some(schedule)
        }
        ("by_step", numbers) if numbers.is_empty() => Some(schedule.by_step()),
        ("warm_up", numbers) => match *numbers.as_slice() {
            [epochs] => Some(schedule.warm_up(whole(epochs)?)),
            [epochs, start_factor] => Some(schedule.warm_up_from(start_factor, whole(epochs)?)),
            _ => None,
        },
        _ => None,
    })
}

/// A name and its numbers: `step(30,0.1)`, or `cosine`.
fn call(word: &str) -> Option<(&str, Vec<f64>)> {
    let Some((name, rest)) = word.split_once('(') else { return Some((word, Vec::new())) };
    let numbers = rest.strip_suffix(')')?.split(',').map(|number| number.parse().ok());
    Some((name, numbers.collect::<Option<_>>()?))
}

#[allow(clippy::cast_sign_loss, reason = "a number that is its own absolute value has no sign")]
fn whole(number: f64) -> Option<usize> {
    (number.fract() == 0.0 && number.is_sign_positive() && number <= f64::from(u32::MAX)).then_some(number as usize)
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.to_string()
    }
}

impl TryFrom<String> for Schedule {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}
