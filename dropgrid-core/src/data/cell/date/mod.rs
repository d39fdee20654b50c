//! Dates and times.

mod calendar;
mod clock;
mod named;
mod period;
mod words;

use calendar::{civil, digits, year};
pub(in crate::data) use clock::time;
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

/// The seconds since 1970-01-01T00:00:00 of a date, or of a date and time: [ISO
/// 8601](https://www.rfc-editor.org/rfc/rfc3339) with `-`, `/`, `.` or nothing between the parts of the date, and a `T`
/// or a blank before the time; the first day of a [`period`]; or a date with the name of the month, see [`named`].
/// Where `order` is given, the year may come last, and have two digits. A time without an offset is taken as UTC.
pub(super) fn seconds(cell: &str, order: Option<DateOrder>) -> Option<f64> {
    if let Some(seconds) = named::seconds(cell) {
        return Some(seconds);
    }
    if let Some(days) = period::days(cell) {
        return Some(days as f64 * 86_400.0);
    }
    let end = cell.find(['T', ' ']).unwrap_or(cell.len());
    let (date, time) = cell.split_at(end);
    let days = days(date, order)?;
    let time = match time.get(1..) {
        None => 0.0,
        Some(time) => time_of_day(time.trim_start()).or_else(|| basic(time))?,
    };
    Some(days as f64 * 86_400.0 + time)
}

/// The seconds of a time without colons, as ISO 8601 writes it behind a date without hyphens: `050607Z`.
fn basic(time: &str) -> Option<f64> {
    let end = time.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(time.len());
    let (hours, minutes, seconds) = match end {
        4 => (time.get(..2)?, time.get(2..4)?, "00"),
        6 => (time.get(..2)?, time.get(2..4)?, time.get(4..6)?),
        _ => return None,
    };
    time_of_day(&format!("{hours}:{minutes}:{seconds}{}", &time[end..]))
}

/// The days since 1970-01-01.
fn days(date: &str, order: Option<DateOrder>) -> Option<i64> {
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return civil(digits(&date[..4])?, digits(&date[4..6])?, digits(&date[6..])?);
    }
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
            ("2021-03", Some(1_614_556_800.0)),
            ("2021-13", None),
            ("2021-3", None),
            ("2021-W09", Some(1_614_556_800.0)),
            ("2021-W09-4", Some(1_614_816_000.0)),
            ("2021W094", Some(1_614_816_000.0)),
            ("2020-W53-5", Some(1_609_459_200.0)),
            ("2021-W53", None),
            ("2021-W09-8", None),
            ("2021-Q1", Some(1_609_459_200.0)),
            ("2021Q2", Some(1_617_235_200.0)),
            ("Q3 2021", Some(1_625_097_600.0)),
            ("2021-Q5", None),
            ("20210304", Some(1_614_816_000.0)),
            ("20211304", None),
            ("20210304T050607Z", Some(1_614_834_367.0)),
            ("20210304T0506+0200", Some(1_614_827_160.0)),
            ("20210304T05060", None),
            ("2021-03-04T05:06:07+01:00[Europe/Berlin]", Some(1_614_830_767.0)),
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
            ("Mar 2021", Some(1_614_556_800.0)),
            ("March 2021", Some(1_614_556_800.0)),
            ("4th of March 2021", Some(1_614_816_000.0)),
            ("4. März 2021", Some(1_614_816_000.0)),
            ("4. Mrz. 2021 05:06", Some(1_614_834_360.0)),
            ("5. Oktober 2021", Some(1_633_392_000.0)),
            ("24. Dez. 2019", Some(1_577_145_600.0)),
            ("Donnerstag, 4. März 2021", Some(1_614_816_000.0)),
            ("4 mars 2021", Some(1_614_816_000.0)),
            ("5 février 2021", Some(1_612_483_200.0)),
            ("14 juil. 2020", Some(1_594_684_800.0)),
            ("1er août 2019", Some(1_564_617_600.0)),
            ("jeudi 4 mars 2021", Some(1_614_816_000.0)),
            ("4 de marzo de 2021", Some(1_614_816_000.0)),
            ("5 ene 2021", Some(1_609_804_800.0)),
            ("7-dic-20", Some(1_607_299_200.0)),
            ("4 maggio 2021", Some(1_620_086_400.0)),
            ("4 de março de 2021", Some(1_614_816_000.0)),
            ("4 mei 2021", Some(1_620_086_400.0)),
            ("4 Mar 2021 x", None),
            ("Mar 4, 21", None),
            ("4 Mai 2021", Some(1_620_086_400.0)),
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
