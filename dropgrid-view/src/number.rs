//! Numbers as people read them.

use serde_json::Value;

/// A hyperparameter: texts as they are, numbers with at most four significant digits where more were drawn.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => brief(float),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// A number with at most four significant digits, or as a person wrote it where it has up to eight.
pub(crate) fn brief(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return plain(number);
    }
    let round = |digits: usize| format!("{number:.digits$e}").parse::<f64>().unwrap_or(number);
    plain(if round(7) == number { number } else { round(3) })
}

/// A number in the shortest form, with a power of ten where it would have many zeros.
fn plain(number: f64) -> String {
    let size = number.abs();
    let text = if size != 0.0 && !(1e-4..1e7).contains(&size) && number.is_finite() {
        format!("{number:e}")
    } else {
        format!("{number}")
    };
    text.replace('-', "−")
}

/// A score: as many decimals as four significant digits of such scores need.
pub(crate) fn score(score: Option<f64>) -> String {
    let Some(score) = score.filter(|score| !score.is_nan()) else { return "–".to_owned() };
    let size = score.abs();
    let text = match size {
        _ if !score.is_finite() => format!("{score}"),
        1e7.. => format!("{score:.3e}"),
        1000.0.. => format!("{score:.1}"),
        100.0.. => format!("{score:.2}"),
        10.0.. => format!("{score:.3}"),
        0.001.. => format!("{score:.4}"),
        _ if size == 0.0 => "0.0000".to_owned(),
        _ => format!("{score:.2e}"),
    };
    text.replace('-', "−")
}

/// A standard deviation with the decimals of the score that it is of.
pub(crate) fn deviation(std: Option<f64>, of: Option<f64>) -> String {
    let decimals = score(of).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    match std.filter(|std| std.is_finite()) {
        Some(std) if decimals > 0 && of.is_some_and(|of| of.abs() >= 0.001) => format!("{std:.decimals$}"),
        std => score(std),
    }
}

/// The whole number below a number, 0 for those below 0 and for none.
pub(crate) fn whole(number: f64) -> usize {
    // The largest number of bins, digits and letters is far below.
    const MOST: f64 = 1e6;
    #[expect(clippy::cast_sign_loss, reason = "the number is not negative")]
    let whole = number.clamp(0.0, MOST) as usize;
    whole
}

/// A difference with its sign, to a hundredth of `range`.
pub(crate) fn signed(difference: f64, range: f64) -> String {
    let decimals = whole((2.0 - range.abs().log10().floor()).min(12.0));
    format!("{difference:+.decimals$}").replace('-', "−")
}

/// A time in the unit that suits it.
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        _ if !seconds.is_finite() => "–".to_owned(),
        ..1e-3 => format!("{:.0} µs", seconds * 1e6),
        ..0.1 => format!("{:.1} ms", seconds * 1e3),
        ..1.0 => format!("{:.0} ms", seconds * 1e3),
        ..100.0 => format!("{seconds:.2} s"),
        ..600.0 => format!("{:.1} min", seconds / 60.0),
        ..6000.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

/// A whole number with thin spaces between thousands.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_short() {
        let values = [json!(0.1), json!(0.003_821_749_26), json!(1e-7), json!(64), json!("ReLU"), json!(null)];
        let texts: Vec<String> = values.iter().map(value).collect();
        assert_eq!(texts, ["0.1", "0.003822", "1e−7", "64", "ReLU", "–"]);
        let scores = [Some(0.974_312), Some(-12.5), Some(3215.62), Some(3.2e-5), None, Some(f64::NAN), Some(0.0)];
        let texts: Vec<String> = scores.into_iter().map(score).collect();
        assert_eq!(texts, ["0.9743", "−12.500", "3215.6", "3.20e−5", "–", "–", "0.0000"]);
        assert_eq!(
            [2e-4, 0.0216, 0.4, 2.5, 150.0, 600.0, 90_000.0].map(time),
            ["200 µs", "21.6 ms", "400 ms", "2.50 s", "2.5 min", "10 min", "25.0 h"]
        );
        assert_eq!(
            [999, 1000, 12_345, 1_000_000].map(count),
            ["999", "1000", "12\u{202f}345", "1\u{202f}000\u{202f}000"]
        );
        assert_eq!(deviation(Some(0.000_833), Some(0.98)), "0.0008");
        assert_eq!(deviation(Some(2.0e-6), Some(3.0e-5)), "2.00e−6");
        assert_eq!([whole(-3.0), whole(f64::NAN), whole(2.9), whole(f64::INFINITY)], [0, 0, 2, 1_000_000]);
        assert_eq!([signed(0.0007, 0.02), signed(-0.5, 3.0), signed(12.0, 4000.0)], ["+0.0007", "−0.50", "+12"]);
        assert_eq!(counted(1, "fit", "fits"), "1 fit");
    }
}
