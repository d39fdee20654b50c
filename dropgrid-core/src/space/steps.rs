//! Axes whose values are the steps of a range.

use super::{Axis, Number};

/// The most values that a range is listed as. A finer range is one to be drawn from.
const MOST_VALUES: usize = 1 << 20;

impl<T: Number> Axis<T> {
    /// `low`, `low + step`, … up to `high`, each rounded to the decimals of the three numbers, so that the third step
    /// of 0.1 is 0.3 and not 0.30000000000000004.
    ///
    /// A step that is not positive, ends that make no range, or more than 2^20 values give an empty axis, which every
    /// check refuses, saying why.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::space::Axis;
    /// assert_eq!(Axis::stepped(0.0, 0.5, 0.1).values(), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    /// assert_eq!(Axis::stepped(16, 64, 16).values(), [16, 32, 48, 64]);
    /// let error = Axis::stepped(0.0, 1.0, 1e-10).check("rate", |_| Ok(())).unwrap_err();
    /// assert!(error.to_string().starts_with("axis `rate` goes from 0.0 to 1.0 by steps of 1e-10, expected at most"));
    /// ```
    pub fn stepped(low: T, high: T, step: T) -> Self {
        let refuse = |expected| Self::refused(format!("{low:?} to {high:?} by steps of {step:?}"), expected);
        if let (Some(low), Some(high), Some(step)) = (low.to_whole(), high.to_whole(), step.to_whole()) {
            if low > high {
                return refuse(ENDS);
            }
            if step <= 0 {
                return refuse(STEP);
            }
            let last = (high - low) / step;
            if last >= MOST_VALUES as i128 {
                return refuse(FEWER);
            }
            return Self::list((0..=last).filter_map(|at| T::from_whole(low + at * step)));
        }
        let (low, high, step) = (low.to_f64(), high.to_f64(), step.to_f64());
        if !(low <= high && low.is_finite() && high.is_finite()) {
            return refuse(ENDS);
        }
        if !(step > 0.0 && step.is_finite()) {
            return refuse(STEP);
        }
        let decimals = [low, high, step].map(decimals).into_iter().max().unwrap_or(0);
        // A billionth of a step forgives the rounding of the division, not a step that falls short. The width of a
        // range may be beyond the largest number, its halves are not.
        let steps = if (high - low).is_finite() { (high - low) / step } else { (high / 2.0 - low / 2.0) / step * 2.0 };
        let last = (steps + 1e-9).floor();
        if last.is_nan() || last >= MOST_VALUES as f64 {
            return refuse(FEWER);
        }
        #[allow(clippy::cast_sign_loss, reason = "at least 0: the range is in order")]
        let last = last as usize;
        let value = |at: usize| {
            let at = at as f64;
            let exact = if (high - low).is_finite() { low + at * step } else { (low / 2.0 + at * (step / 2.0)) * 2.0 };
            T::from_f64(format!("{exact:.decimals$}").parse().unwrap_or(exact))
        };
        Self::list((0..=last).map(value))
    }

    /// `points` values from `low` to `high`, each the same multiple of the one before, rounded to 14 significant
    /// digits. Whole numbers that fall together are one value.
    ///
    /// A range that does not lie above 0, no points, or more than 2^20 of them give an empty axis, which every check
    /// refuses, saying why.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::space::Axis;
    /// assert_eq!(Axis::log_spaced(1e-4, 1e-1, 4).values(), [1e-4, 1e-3, 1e-2, 1e-1]);
    /// assert_eq!(Axis::log_spaced(1, 8, 4).values(), [1, 2, 4, 8]);
    /// ```
    pub fn log_spaced(low: T, high: T, points: usize) -> Self {
        let refuse = |expected| Self::refused(format!("{low:?} to {high:?} in {points} points"), expected);
        let (least, most) = (low, high);
        let (low, high) = (low.to_f64(), high.to_f64());
        if !(low > 0.0 && low <= high && high.is_finite()) {
            return refuse("two finite ends above 0, the low one first");
        }
        if points == 0 {
            return refuse("at least 1 point");
        }
        if points > MOST_VALUES {
            return refuse(FEWER);
        }
        let ratio = libm::log(high / low);
        let value = |at: usize| {
            let share = if points > 1 { at as f64 / (points - 1) as f64 } else { 0.0 };
            // The ratio of the ends may be beyond the largest number, their logarithms are not.
            let exact = if ratio.is_finite() {
                low * libm::exp(ratio * share)
            } else {
                libm::exp((1.0 - share) * libm::log(low) + share * libm::log(high))
            };
            let value = T::from_f64(format!("{exact:.13e}").parse().unwrap_or(exact));
            // Rounding passes the ends of whole numbers of more digits, and the end of the type of others.
            let passes = T::WHOLE || !value.to_f64().is_finite();
            if passes && value < least {
                least
            } else if passes && value > most {
                most
            } else {
                value
            }
        };
        let mut values: Vec<T> = (0..points).map(value).collect();
        values.dedup();
        Self::list(values)
    }
}

const ENDS: &str = "two finite ends, the low one first";
const STEP: &str = "a finite step above 0";
const FEWER: &str = "at most 1048576 values: take larger steps or fewer points, or a range to draw from, \
                     `uniform` or `log_uniform`";

/// The digits after the point that a number is written with.
fn decimals(value: f64) -> usize {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T: Number>(axis: &Axis<T>) -> String {
        assert!(axis.values().is_empty());
        axis.check("rate", |_| Ok(())).expect_err("no values").to_string()
    }

    #[test]
    fn ranges_that_make_no_list_say_why() {
        let text = refusal(&Axis::stepped(0.0, f64::INFINITY, 1.0));
        assert_eq!(
            text,
            "axis `rate` goes from 0.0 to inf by steps of 1.0, expected two finite ends, the low one first"
        );
        let text = refusal(&Axis::stepped(3, 1, 1));
        assert_eq!(text, "axis `rate` goes from 3 to 1 by steps of 1, expected two finite ends, the low one first");
        for step in [0.0, -0.1, f64::NAN, f64::INFINITY] {
            let text = refusal(&Axis::stepped(0.0, 1.0, step));
            assert!(text.ends_with(&format!("by steps of {step:?}, expected a finite step above 0")), "{text}");
        }
        assert!(refusal(&Axis::stepped(0.0, 1.0, 1e-10)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(0.0, 1.0, 5e-324)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(-1.7e308, 1.7e308, 1.0)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(0, u64::MAX, 1)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(i64::MIN, i64::MAX, 1)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::log_spaced(1.0, 2.0, usize::MAX)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::log_spaced(1.0, 2.0, 0)).ends_with("in 0 points, expected at least 1 point"));
        assert!(refusal(&Axis::log_spaced(0.0, 2.0, 3)).contains("ends above 0"));
    }

    #[test]
    fn values_reach_the_ends_of_their_types() {
        assert_eq!(Axis::stepped(u64::MAX - 2, u64::MAX, 1).values(), [u64::MAX - 2, u64::MAX - 1, u64::MAX]);
        assert_eq!(Axis::stepped(i64::MIN, i64::MAX, i64::MAX).values(), [i64::MIN, -1, i64::MAX - 1]);
        assert_eq!(Axis::stepped(-1.5e308, 1.5e308, 1.5e308).values(), [-1.5e308, 0.0, 1.5e308]);
        assert_eq!(Axis::stepped(0.0, 1.0, 1e-6).values().len(), 1_000_001);
        let wide = Axis::log_spaced(1e-300_f64, 1e300, 3);
        assert!(wide.values().windows(2).all(|pair| pair[0] < pair[1]), "{wide:?}");
        assert!((wide.values()[1] - 1.0).abs() < 1e-10, "{wide:?}");
        let wide = Axis::log_spaced(5e-324_f64, f64::MAX, 5);
        assert!(wide.values().iter().all(|value| value.is_finite()), "{wide:?}");
        let whole = Axis::log_spaced((1 << 53) + 1, u64::MAX, 4);
        assert!(whole.values().iter().all(|&value| value > 1 << 53), "{whole:?}");
        // As data, an axis is its values.
        assert_eq!(serde_json::to_string(&Axis::stepped(1, 3, 1)).expect("JSON"), "[1,2,3]");
    }
}
