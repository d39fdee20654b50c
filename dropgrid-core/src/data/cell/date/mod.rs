//! Dates and times.

mod calendar;
mod clock;
mod named;

use calendar::{civil, digits, year};
use clock::time_of_day;

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
/// with `-`, `/` or `.` in the date, and a `T` or a blank before the time; or with the English name of the month, see [`named`].
/// Where `order` is given, the year may come last, and have two digits. A time without an offset is taken as UTC.
pub(super) fn seconds(cell: &str, order: Option<DateOrder>) -> Option<f64> {
    if let Some(seconds) = named::seconds(cell) {
        return Some(seconds);
    }
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
    civil(self::year(year)?, digits(month)?, digits(day)?)
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
            ("4 Mar 2021", Some(1_614_816_000.0)),
            ("Mar 4, 2021", Some(1_614_816_000.0)),
            ("04-MAR-21", Some(1_614_816_000.0)),
            ("04-mar-69", Some(-26_179_200.0)),
            ("04MAR2021", Some(1_614_816_000.0)),
            ("04MAR2021:05:06:07", Some(1_614_834_367.0)),
            ("2021-Mar-04", Some(1_614_816_000.0)),
            ("March 4th, 2021 5:06 PM", Some(1_614_877_560.0)),
            ("Thu, 04 Mar 2021 05:06:07 +0200", Some(1_614_827_167.0)),
            ("Thursday, 4. March 2021", Some(1_614_816_000.0)),
            ("5 May 2021", Some(1_620_172_800.0)),
            ("Sept. 4, 2021", Some(1_630_713_600.0)),
            ("Sat, 04 Mar 2021", None),
            ("31 Feb 2021", None),
            ("4 Mar", None),
            ("Mar 2021", None),
            ("4 Mar 2021 x", None),
            ("Mar 4, 21", None),
            ("4 Mai 2021", None),
            ("4 Marx 2021", None),
            ("Mar", None),
            ("4-Mar-2021-5", None),
        ] {
            assert_eq!(seconds(cell, None), expected, "{cell}");
        }
        for (cell, order, expected) in [
            ("04/03/2021", DayFirst, Some(1_614_816_000.0)),
            ("03/04/2021", MonthFirst, Some(1_614_816_000.0)),
            ("4.3.2021 05:06", DayFirst, Some(1_614_834_360.0)),
            ("2021-03-04", DayFirst, Some(1_614_816_000.0)),
            ("31/12/2021", MonthFirst, None),
            ("04/03/21", DayFirst, Some(1_614_816_000.0)),
            ("3/4/21 5:06 PM", MonthFirst, Some(1_614_877_560.0)),
            ("31.12.69", DayFirst, Some(-86_400.0)),
            ("04/03/021", DayFirst, None),
        ] {
            assert_eq!(seconds(cell, Some(order)), expected, "{cell} {order:?}");
        }
    }
}
