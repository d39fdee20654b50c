//! Weeks, months and quarters, each as its first day.

use super::calendar::{civil, digits};

/// The days from 1970-01-01 to the first day of a period: a month `2021-03`, a quarter `2021-Q1`, `2021Q1` or `Q1
/// 2021`, a week of [ISO 8601](https://www.iso.org/iso-8601-date-and-time-format.html) `2021-W09`, which begins on a
/// Monday; or to a day of such a week, `2021-W09-4` or `2021W094`.
pub(super) fn days(cell: &str) -> Option<i64> {
    if !(6..=10).contains(&cell.len()) || !cell.is_ascii() {
        return None;
    }
    if let Some((quarter, year)) = cell.strip_prefix(['Q', 'q']).and_then(|rest| rest.split_once([' ', '-', '/'])) {
        return self::quarter(year, quarter);
    }
    let (year, rest) = cell.split_at(4);
    let is_parted = rest.starts_with('-');
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    match rest.as_bytes()[0] {
        b'W' | b'w' => week(year, &rest[1..]),
        b'Q' | b'q' => quarter(year, &rest[1..]),
        _ if is_parted && rest.len() == 2 => civil(self::year(year)?, digits(rest)?, 1),
        _ => None,
    }
}

fn year(text: &str) -> Option<i64> {
    digits(text).filter(|_| text.len() == 4)
}

fn quarter(year: &str, quarter: &str) -> Option<i64> {
    let quarter = digits(quarter).filter(|number| (1..=4).contains(number))?;
    civil(self::year(year)?, 3 * quarter - 2, 1)
}

/// Monday of a week, or the day that follows it.
fn week(year: &str, text: &str) -> Option<i64> {
    let (week, day) = match text.len() {
        2 => (text, "1"),
        3 => text.split_at(2),
        4 => text.split_once('-')?,
        _ => return None,
    };
    let (year, week, day) = (self::year(year)?, digits(week)?, digits(day)?);
    // The first week is that of January 4.
    let monday = |year: i64| {
        let fourth = civil(year, 1, 4)?;
        // 1970-01-01 was a Thursday, three days behind a Monday.
        Some(fourth - (fourth + 3).rem_euclid(7))
    };
    let first = monday(year)? + 7 * (week - 1);
    ((1..=53).contains(&week) && (1..=7).contains(&day) && first < monday(year + 1)?).then_some(first + day - 1)
}
