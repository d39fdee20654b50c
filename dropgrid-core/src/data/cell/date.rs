//! Dates and times.

/// The order of day and month in dates such as 03/04/2021, which nothing in the text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateOrder {
    /// 31/12/2021, 31.12.2021.
    DayFirst,
    /// 12/31/2021.
    MonthFirst,
}

/// The seconds since 1970-01-01T00:00:00 of a date, or of a date and time: [ISO 8601](https://www.rfc-editor.org/rfc/rfc3339)
/// with `-`, `/` or `.` in the date, and a `T` or a blank before the time. Where `order` is given, the year may come last.
/// A time without an offset is taken as UTC.
pub(super) fn seconds(cell: &str, order: Option<DateOrder>) -> Option<f64> {
    let end = cell.find(['T', ' ']).unwrap_or(cell.len());
    let (date, time) = cell.split_at(end);
    let days = days(date, order)?;
    let time = if time.is_empty() { 0.0 } else { time_of_day(time[1..].trim_start())? };
    Some(days as f64 * 86_400.0 + time)
}

/// The days since 1970-01-01.
fn days(date: &str, order: Option<DateOrder>) -> Option<i64> {
    let mark = date.chars().find(|letter| !letter.is_ascii_digit()).filter(|mark| matches!(mark, '-' | '/' | '.'))?;
    let mut parts = date.split(mark);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match order {
        _ if first.len() == 4 => (first, second, third),
        Some(DateOrder::DayFirst) => (third, second, first),
        Some(DateOrder::MonthFirst) => (third, first, second),
        None => return None,
    };
    if year.len() != 4 {
        return None;
    }
    civil(digits(year)?, digits(month)?, digits(day)?)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar, by
/// [Hinnant's algorithm](https://howardhinnant.github.io/date_algorithms.html#days_from_civil).
fn civil(year: i64, month: i64, day: i64) -> Option<i64> {
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

/// The seconds since midnight in UTC: `5:06`, `05:06:07.25`, `05:06:07Z`, `05:06+02:00`, `5:06 PM`.
fn time_of_day(time: &str) -> Option<f64> {
    let end = time.find(|letter: char| !matches!(letter, '0'..='9' | ':' | '.')).unwrap_or(time.len());
    let (clock, suffix) = time.split_at(end);
    let mut parts = clock.split(':');
    let (hours, minutes) = (digits(parts.next()?)?, digits(parts.next()?)?);
    let seconds = match parts.next() {
        None => 0.0,
        Some(seconds) => {
            digits(seconds.split('.').next()?)?;
            seconds.parse::<f64>().ok()?
        }
    };
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds >= 60.0 {
        return None;
    }
    let clock = |hours: i64| (hours * 3600 + minutes * 60) as f64 + seconds;
    match suffix.trim().to_ascii_uppercase().as_str() {
        "" | "Z" | "UTC" => Some(clock(hours)),
        "AM" if (1..=12).contains(&hours) => Some(clock(hours % 12)),
        "PM" if (1..=12).contains(&hours) => Some(clock(hours % 12 + 12)),
        offset => Some(clock(hours) - seconds_of_offset(offset)?),
    }
}

/// The seconds by which a clock is ahead of UTC: `+02:00`, `-0330`, `+02`.
fn seconds_of_offset(offset: &str) -> Option<f64> {
    let sign = if offset.starts_with('-') { -1.0 } else { 1.0 };
    let rest = offset.strip_prefix(['+', '-'])?.replace(':', "");
    let (hours, minutes) = match rest.len() {
        2 => (digits(&rest)?, 0),
        4 => (digits(&rest[..2])?, digits(&rest[2..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| sign * (hours * 3600 + minutes * 60) as f64)
}

/// A number of one to four digits.
fn digits(text: &str) -> Option<i64> {
    let is_short = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{DateOrder::*, *};

    #[test]
    fn dates_are_seconds_since_1970() {
        for (cell, expected) in [
            ("1970-01-01", Some(0.0)),
            ("2021-03-04", Some(1_614_816_000.0)),
            ("2021/3/4", Some(1_614_816_000.0)),
            ("2021-03-04 05:06", Some(1_614_834_360.0)),
            ("2021-03-04T05:06:07.25Z", Some(1_614_834_367.25)),
            ("2021-03-04 05:06:07+02:00", Some(1_614_827_167.0)),
            ("2021-03-04 5:06 PM", Some(1_614_877_560.0)),
            ("1969-12-31 23:59:59", Some(-1.0)),
            ("2000-02-29", Some(951_782_400.0)),
            ("1900-02-29", None),
            ("2021-13-01", None),
            ("2021-04-31", None),
            ("04/03/2021", None),
            ("2021-03-04 25:00", None),
            ("2021-03-04 13:00 PM", None),
            ("2021-03", None),
            ("2021", None),
            ("21-03-04", None),
            ("2021-03-04 noon", None),
            ("2021-03-04 é", None),
            ("é-1-1", None),
        ] {
            assert_eq!(seconds(cell, None), expected, "{cell}");
        }
        for (cell, order, expected) in [
            ("04/03/2021", DayFirst, Some(1_614_816_000.0)),
            ("03/04/2021", MonthFirst, Some(1_614_816_000.0)),
            ("4.3.2021 05:06", DayFirst, Some(1_614_834_360.0)),
            ("2021-03-04", DayFirst, Some(1_614_816_000.0)),
            ("31/12/2021", MonthFirst, None),
            ("04/03/21", DayFirst, None),
        ] {
            assert_eq!(seconds(cell, Some(order)), expected, "{cell} {order:?}");
        }
    }
}
