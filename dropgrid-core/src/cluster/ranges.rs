//! Lists of unit numbers as text, like `1-3,7`, the format of schedulers' `--array`.

use std::fmt::Write;

/// Returns ascending numbers as text.
pub(super) fn to_text(numbers: &[usize]) -> String {
    let mut text = String::new();
    for run in numbers.chunk_by(|a, b| a + 1 == *b) {
        if !text.is_empty() {
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = match run {
            [first, .., last] => write!(text, "{first}-{last}"),
            [only] => write!(text, "{only}"),
            [] => Ok(()),
        };
    }
    text
}

/// Parses a list of at most `most` numbers and returns them in its order; `None` if the text is not valid.
pub(super) fn from_text(text: &str, most: usize) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if last < first || last - first >= most.saturating_sub(numbers.len()) {
            return None;
        }
        numbers.extend(first..=last);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for (numbers, text) in [
            (&[][..], ""),
            (&[7], "7"),
            (&[0, 1], "0-1"),
            (&[1, 2, 3, 7], "1-3,7"),
            (&[0, 2, 4, 5, 6, 90], "0,2,4-6,90"),
        ] {
            assert_eq!(to_text(numbers), text);
            assert_eq!(from_text(text, 9).unwrap_or_default(), numbers);
        }
        for none in ["", "a", "3-1", "1,,2", "0-9", "1-3-5", "-1"] {
            assert_eq!(from_text(none, 9), None, "{none}");
        }
    }
}
