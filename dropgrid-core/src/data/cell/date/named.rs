//! Dates with the name of the month, of which day and year need no order.

use super::{
    calendar::{civil, digits, year},
    clock::time_of_day,
    words::{month, weekday},
};

/// The seconds since 1970-01-01T00:00:00 of a date whose month has its [name](super::words), whole or shortened: `4 Mar
/// 2021`, `04-Mar-21`, `04MAR2021`, `March 4, 2021`, `2021-Mar-04`, `4. März 2021`, `4 de marzo de 2021`, and with a
/// weekday before or a time behind it. A year may have two digits where it stands behind the month. A month without a
/// day is its first day: `Mar 2021`.
pub(super) fn seconds(cell: &str) -> Option<f64> {
    // Words of letters are rare in dates: most cells end here.
    cell.bytes().any(|byte| byte.is_ascii_alphabetic()).then_some(())?;
    let mut rest = cell;
    let mut first = part(&mut rest)?;
    let of_week = weekday(first);
    if of_week.is_some() {
        first = part(&mut rest)?;
    }
    let second = part(&mut rest)?;
    let (year, month, day) = match (month(first), month(second)) {
        // A month and a year, or a month, a day and a year.
        (Some(month), None) if second.len() == 4 && !is_word(first) => (digits(second)?, month, 1),
        (Some(month), None) => (four(part(&mut rest)?)?, month, short(second)?),
        (None, Some(month)) if first.len() == 4 => (digits(first)?, month, short(part(&mut rest)?)?),
        (None, Some(month)) => (year(part(&mut rest)?)?, month, short(first)?),
        _ => return None,
    };
    let days = civil(year, month, day)?;
    if of_week.is_some_and(|of_week| of_week != days.rem_euclid(7)) {
        return None;
    }
    let time = match rest.strip_prefix([' ', ':', 'T', ',']) {
        Some(time) => time_of_day(time.trim_start())?,
        None if rest.is_empty() => 0.0,
        None => return None,
    };
    Some(days as f64 * 86_400.0 + time)
}

/// Takes a number or a word off the start, and the mark behind it where another part of a date follows: `4`, `Mar`,
/// `4th`. The `of` before a part is left out.
fn part<'a>(rest: &mut &'a str) -> Option<&'a str> {
    const MARKS: [char; 5] = ['-', '/', '.', ',', ' '];
    let mut text = rest.trim_start_matches(MARKS);
    if rest.len() - text.len() > 2 {
        return None;
    }
    if let Some(after) = ["of ", "de ", "del "].iter().find_map(|of| text.strip_prefix(of)) {
        text = after;
    }
    let is_number = text.starts_with(|letter: char| letter.is_ascii_digit());
    let is_same = |letter: char| if is_number { letter.is_ascii_digit() } else { letter.is_alphabetic() };
    let (part, mut text) = text.split_at(text.find(|letter| !is_same(letter)).unwrap_or(text.len()));
    let is_day = is_number && part.len() <= 2;
    if is_day && let Some(after) = ["st", "nd", "rd", "th", "er"].iter().find_map(|suffix| text.strip_prefix(suffix)) {
        text = after;
    }
    *rest = text;
    (!part.is_empty()).then_some(part)
}

/// A day, of one or two digits.
fn short(text: &str) -> Option<i64> {
    digits(text).filter(|_| text.len() <= 2)
}

/// True of months that are words elsewhere, so that a number behind them may be no year: `set 1200`.
fn is_word(month: &str) -> bool {
    ["set", "out", "ago", "mag", "may"].iter().any(|word| word.eq_ignore_ascii_case(month))
}

/// A year of four digits.
fn four(text: &str) -> Option<i64> {
    digits(text).filter(|_| text.len() == 4)
}
