//! Days of the calendar.

/// The days from 1970-01-01 to a date of the Gregorian calendar, by
/// [Hinnant's algorithm](https://howardhinnant.github.io/date_algorithms.html#days_from_civil).
pub(super) fn civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// A number of one to four digits.
pub(super) fn digits(text: &str) -> Option<i64> {
    let is_short = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| text.parse().ok()).flatten()
}

/// A year, of four digits, or of two from 1969 to 2068, as the
/// [C library](https://pubs.opengroup.org/onlinepubs/9799919799/functions/strptime.html) has it.
pub(super) fn year(text: &str) -> Option<i64> {
    let year = digits(text)?;
    match text.len() {
        4 => Some(year),
        2 if year < 69 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}
