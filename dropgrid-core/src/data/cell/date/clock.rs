//! Times of day.

use super::calendar::digits;

/// The seconds since midnight in UTC: `5:06`, `05:06:07.25`, `05:06:07Z`, `05:06+02:00`, `5:06 PM`.
pub(super) fn time_of_day(time: &str) -> Option<f64> {
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
        "" | "Z" | "UTC" | "GMT" => Some(clock(hours)),
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
