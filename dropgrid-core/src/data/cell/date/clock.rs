//! Times of day, and spans of time.

use super::calendar::digits;

/// The seconds since midnight in UTC: `5:06`, `05:06:07.25`, `05:06:07Z`, `05:06+02:00`, `5:06 PM`, `5:06 p.m.`. The
/// name of a zone in brackets, which follows an offset, is left out: `05:06:07+01:00[Europe/Berlin]`.
pub(super) fn time_of_day(time: &str) -> Option<f64> {
    let (clock, suffix) = clock(time)?;
    let [hours, minutes] = [clock.hours, clock.minutes];
    if hours > 23 || minutes > 59 || clock.seconds >= 60.0 {
        return None;
    }
    let at = |hours: i64| (hours * 3600 + minutes * 60) as f64 + clock.seconds;
    let suffix = suffix.split_once('[').map_or(suffix, |(offset, _)| offset);
    match suffix.to_ascii_uppercase().replace(['.', ' ', '\u{a0}', '\u{202f}'], "").as_str() {
        "" | "Z" | "UTC" | "GMT" => Some(at(hours)),
        "AM" if (1..=12).contains(&hours) => Some(at(hours % 12)),
        "PM" if (1..=12).contains(&hours) => Some(at(hours % 12 + 12)),
        offset => Some(at(hours) - seconds_of_offset(offset)?),
    }
}

/// The seconds of a time of day, or of a span of time as pandas writes it: `1 days 02:03:04`, `-1 days +23:00:00`,
/// `75:06:00`. Hours beyond 23 have minutes and seconds behind them, so that they are none of `75:06`, which may be
/// minutes.
pub(in crate::data) fn time(cell: &str) -> Option<f64> {
    // Minutes have two digits: `3:2` is a result.
    let minutes = cell.split(':').nth(1)?.bytes().take_while(u8::is_ascii_digit).count();
    if minutes != 2 {
        return None;
    }
    if let Some(seconds) = time_of_day(cell) {
        return Some(seconds);
    }
    let (days, rest) = match cell.split_once(" day") {
        None => (0.0, cell),
        Some((days, rest)) => {
            let (sign, count) = days.strip_prefix('-').map_or((1.0, days), |count| (-1.0, count));
            let count = Some(count).filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()))?;
            let rest = rest.strip_prefix('s').unwrap_or(rest).trim_start_matches([',', ' ']);
            (sign * count.parse::<f64>().ok()?, rest.strip_prefix('+').unwrap_or(rest))
        }
    };
    let (clock, suffix) = clock(rest)?;
    let is_span = clock.has_seconds && clock.minutes < 60 && clock.seconds < 60.0 && suffix.is_empty();
    is_span.then(|| days * 86_400.0 + (clock.hours * 3600 + clock.minutes * 60) as f64 + clock.seconds)
}

/// The numbers between colons.
struct Clock {
    hours: i64,
    minutes: i64,
    seconds: f64,
    has_seconds: bool,
}

/// The numbers at the start of a text, and what follows them.
fn clock(time: &str) -> Option<(Clock, &str)> {
    let end = time.find(|letter: char| !matches!(letter, '0'..='9' | ':' | '.')).unwrap_or(time.len());
    let (clock, suffix) = time.split_at(end);
    let mut parts = clock.split(':');
    let (hours, minutes) = (digits(parts.next()?)?, digits(parts.next()?)?);
    let third = parts.next();
    let seconds = match third {
        None => 0.0,
        Some(seconds) => {
            digits(seconds.split('.').next()?)?;
            seconds.parse::<f64>().ok()?
        }
    };
    parts.next().is_none().then_some((Clock { hours, minutes, seconds, has_seconds: third.is_some() }, suffix))
}

/// The seconds by which a clock is ahead of UTC: `+02:00`, `-0330`, `+02`, and with a name before it, `UTC+2`.
fn seconds_of_offset(offset: &str) -> Option<f64> {
    let offset = offset.strip_prefix("UTC").or_else(|| offset.strip_prefix("GMT")).unwrap_or(offset);
    let sign = if offset.starts_with('-') { -1.0 } else { 1.0 };
    let rest = offset.strip_prefix(['+', '-'])?.replace(':', "");
    let (hours, minutes) = match rest.len() {
        1 | 2 => (digits(&rest)?, 0),
        4 => (digits(&rest[..2])?, digits(&rest[2..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| sign * (hours * 3600 + minutes * 60) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_since_midnight() {
        for (cell, expected) in [
            ("05:06", Some(18_360.0)),
            ("5:06:07.25", Some(18_367.25)),
            ("12:00 AM", Some(0.0)),
            ("12:30 p.m.", Some(45_000.0)),
            ("5:30 p. m.", Some(63_000.0)),
            ("00:00", Some(0.0)),
            ("23:59:59", Some(86_399.0)),
            ("05:06:07+01:00[Europe/Berlin]", Some(14_767.0)),
            ("05:06 UTC+2", Some(11_160.0)),
            ("1 days 02:03:04", Some(93_784.0)),
            ("0 days 00:00:01.5", Some(1.5)),
            ("-1 days +23:00:00", Some(-3_600.0)),
            ("1 day, 2:03:04", Some(93_784.0)),
            ("75:06:00", Some(270_360.0)),
            ("24:00", None),
            ("3:2", None),
            ("3:115", None),
            ("75:06", None),
            ("1:2:3:4", None),
            ("12", None),
            ("a:b", None),
            (":", None),
            ("12:60:00", None),
            ("0x1 days 02:03:04", None),
            ("13:00 PM", None),
        ] {
            assert_eq!(time(cell), expected, "{cell}");
        }
    }
}
