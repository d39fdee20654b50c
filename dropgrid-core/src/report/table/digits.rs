//! The number of digits that tells the rows of a table apart.

use std::collections::HashSet;

use serde_json::{Number, Value};

use crate::report::export::plain;

/// Significant digits of a number in a table, where so many tell the numbers of its column apart.
const FEW: usize = 4;
/// The most significant digits of a score in a table.
const PRECISE: usize = 6;
/// A hyperparameter with so many significant digits or fewer is shown unrounded: a person wrote it.
const WRITTEN: usize = 8;
/// The most decimals of a score. A smaller score is shown with its power of ten.
const MOST: usize = 12;
/// Significant digits that tell any two doubles apart.
const ALL: usize = 17;

/// The values of one hyperparameter as text. Numbers of more than eight significant digits are rounded to four, or to
/// as many as keep distinct values distinct.
pub(super) fn of_axis(values: &[Value]) -> Vec<String> {
    let numbers: Vec<f64> = values.iter().filter(|value| value.is_f64()).filter_map(Value::as_f64).collect();
    let count = numbers.iter().map(|number| number.to_bits()).collect::<HashSet<_>>().len();
    let distinct = |digits: usize| {
        let texts: HashSet<String> = numbers.iter().map(|&number| hyperparameter(number, digits)).collect();
        texts.len() == count
    };
    let digits = (FEW..ALL).find(|&digits| distinct(digits)).unwrap_or(ALL);
    let text = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(|| plain(value), |number| hyperparameter(number, digits))
        }
        value => plain(value),
    };
    values.iter().map(text).collect()
}

/// A number rounded to so many significant digits, or unrounded where it has few.
fn hyperparameter(number: f64, digits: usize) -> String {
    let is_written = rounded(number, WRITTEN) == number;
    let shown = if is_written { number } else { rounded(number, digits) };
    Number::from_f64(shown).map_or_else(|| shown.to_string(), |number| number.to_string())
}

fn rounded(number: f64, digits: usize) -> f64 {
    format!("{number:.*e}", digits.saturating_sub(1)).parse().unwrap_or(number)
}

/// The number of decimals of one metric's scores.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimals(usize);

impl Decimals {
    /// The decimals of a column of means: those of four significant digits of the largest mean, or up to six where four
    /// do not tell different means apart.
    pub(super) fn of(means: &[f64]) -> Self {
        let finite: Vec<f64> = means.iter().copied().filter(|mean| mean.is_finite()).collect();
        let largest = finite.iter().fold(0.0, |largest: f64, mean| largest.max(mean.abs()));
        let magnitude = if largest > 0.0 { libm::log10(largest).floor() } else { -1.0 };
        let decimals = |digits: usize| {
            let needed = digits as f64 - magnitude - if magnitude < 0.0 { 1.0 } else { 0.0 };
            Self((0..MOST).find(|&decimals| decimals as f64 >= needed).unwrap_or(MOST))
        };
        let count = finite.iter().map(|mean| mean.to_bits()).collect::<HashSet<_>>().len();
        let distinct = |decimals: &Self| {
            let texts: HashSet<String> = finite.iter().map(|&mean| decimals.text(mean)).collect();
            texts.len() == count
        };
        (FEW..=PRECISE).map(decimals).find(distinct).unwrap_or_else(|| decimals(PRECISE))
    }

    /// A score with these decimals. A score that they would round to 0 has its power of ten.
    pub(super) fn text(self, score: f64) -> String {
        let text = format!("{score:.*}", self.0);
        if score != 0.0 && !text.contains(|letter: char| ('1'..='9').contains(&letter)) && score.is_finite() {
            return format!("{score:.1e}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn axis(values: &[Value]) -> Vec<String> {
        of_axis(values)
    }

    #[test]
    fn a_hyperparameter_has_the_digits_that_tell_it_from_others() {
        // What a person writes stays, whatever stands beside it.
        let written =
            [json!(0.1), json!(0.0625), json!(1e-7), json!(0.999_999_99), json!(64), json!("ReLU"), Value::Null];
        assert_eq!(axis(&written), ["0.1", "0.0625", "1e-7", "0.99999999", "64", "ReLU", "-"]);
        assert_eq!(axis(&[json!(0.1 + 0.2), json!(0.075 / 10.0)]), ["0.3", "0.0075"]);
        // What is drawn is rounded.
        assert_eq!(axis(&[json!(0.003_821_749_264_1), json!(0.012_94)]), ["0.003822", "0.01294"]);
        // To tell two that are near from each other takes more digits.
        let near = [json!(0.003_821_749_264_1), json!(0.003_821_749_264_2)];
        assert_eq!(axis(&near), ["0.0038217492641", "0.0038217492642"]);
        // Two that are equal need none.
        assert_eq!(axis(&[json!(0.003_821_749_264), json!(0.003_821_749_264)]), ["0.003822", "0.003822"]);
    }

    fn scores(means: &[f64]) -> Vec<String> {
        let decimals = Decimals::of(means);
        means.iter().map(|&mean| decimals.text(mean)).collect()
    }

    #[test]
    fn scores_have_four_digits_or_those_that_tell_them_apart() {
        assert_eq!(scores(&[0.982_741, 0.979_41]), ["0.9827", "0.9794"]);
        assert_eq!(scores(&[0.982_741, 0.982_72]), ["0.98274", "0.98272"]);
        assert_eq!(scores(&[0.982_741_1, 0.982_741_2]), ["0.982741", "0.982741"]);
        assert_eq!(scores(&[1.0, 0.979_41]), ["1.0000", "0.9794"]);
        assert_eq!(scores(&[3215.62, 12.3]), ["3215.6", "12.3"]);
        assert_eq!(scores(&[0.000_032_15]), ["0.00003215"]);
        assert_eq!(scores(&[3.0, 2.1e-9, 0.0]), ["3.0000", "2.1e-9", "0.0000"]);
        assert_eq!(scores(&[-0.25, f64::NAN]), ["-0.2500", "NaN"]);
    }
}
