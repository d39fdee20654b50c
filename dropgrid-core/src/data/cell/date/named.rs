//! Dates with the name of the month, of which day and year need no order.

use super::{
    calendar::{civil, digits, year},
    clock::time_of_day,
};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// From a Thursday, as 1970-01-01 was one.
const WEEKDAYS: [&str; 7] = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"];

/// The seconds since 1970-01-01T00:00:00 of a date whose month has its English name, or the first three letters of it:
/// `4 Mar 2021`, `04-Mar-21`, `04MAR2021`, `March 4, 2021`, `2021-Mar-04`, and with a weekday before or a time behind it. A
/// year may have two digits where it stands behind the month.
pub(super) fn seconds(cell: &str) -> Option<f64> {
    // Words of letters are rare in dates: most cells end here.
    cell.bytes().any(|byte| byte.is_ascii_alphabetic()).then_some(())?;
    let mut rest = cell;
    let mut first = part(&mut rest)?;
    let weekday = place(first, &WEEKDAYS);
    if weekday.is_some() {
        first = part(&mut rest)?;
    }
    let (second, third) = (part(&mut rest)?, part(&mut rest)?);
    let (year, month, day) = match (place(first, &MONTHS), place(second, &MONTHS)) {
        (Some(month), _) if third.len() == 4 => (digits(third)?, month, short(second)?),
        (None, Some(month)) if first.len() == 4 => (digits(first)?, month, short(third)?),
        (None, Some(month)) => (year(third)?, month, short(first)?),
        _ => return None,
    };
    let days = civil(year, i64::try_from(month).ok()? + 1, day)?;
    if weekday.is_some_and(|weekday| i64::try_from(weekday) != Ok(days.rem_euclid(7))) {
        return None;
    }
    let time = match rest.strip_prefix([' ', ':', 'T', ',']) {
        Some(time) => time_of_day(time.trim_start())?,
        None if rest.is_empty() => 0.0,
        None => return None,
    };
    Some(days as f64 * 86_400.0 + time)
}

/// Takes a number or a word off the start, and the mark behind it where another part of a date follows: `4`, `Mar`, `4th`.
fn part<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let mut text = rest.trim_start_matches(['-', '/', '.', ',', ' ']);
    if rest.len() - text.len() > 2 {
        return None;
    }
    let is_number = text.starts_with(|letter: char| letter.is_ascii_digit());
    let is_same = |letter: char| if is_number { letter.is_ascii_digit() } else { letter.is_ascii_alphabetic() };
    let (part, after) = text.split_at(text.find(|letter| !is_same(letter)).unwrap_or(text.len()));
    text = after;
    if is_number && let Some(after) = ["st", "nd", "rd", "th"].iter().find_map(|suffix| text.strip_prefix(suffix)) {
        text = after;
    }
    *rest = text;
    (!part.is_empty()).then_some(part)
}

/// The place of a name, written whole or by its first letters, three of them at least; `Sept` is one as well.
fn place(word: &str, names: &[&str]) -> Option<usize> {
    let is_name = |name: &&str| {
        let is_start = name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        is_start
            && (word.len() == 3
                || word.len() == name.len()
                || (word.len() == 4 && matches!(name.as_bytes()[0], b's' | b't')))
    };
    names.iter().position(is_name).filter(|_| word.len() >= 3)
}

/// A day, of one or two digits.
fn short(text: &str) -> Option<i64> {
    digits(text).filter(|_| text.len() <= 2)
}
