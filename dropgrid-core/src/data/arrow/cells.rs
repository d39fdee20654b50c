//! The cells of an array.

use std::borrow::Cow;

use arrow_array::{
    Array, ArrowPrimitiveType,
    cast::AsArray,
    temporal_conversions::as_datetime,
    types::{
        Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType,
        DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType, Float16Type,
        Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
        Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
        TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, TimeUnit};

/// The content of a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell<'a> {
    Missing,
    Number(f64),
    Whole(i128),
    Text(Cow<'a, str>),
}

/// Gives the cell in a row.
pub(super) type Accessor<'a> = Box<dyn Fn(usize) -> Cell<'a> + 'a>;

/// The access to the cells of an array, of which the row must be one; `None` for an array whose cells are no plain
/// values.
pub(super) fn accessor(array: &dyn Array) -> Option<Accessor<'_>> {
    Some(match array.data_type() {
        DataType::Null => Box::new(|_| Cell::Missing),
        DataType::Boolean => {
            let values = array.as_boolean();
            present(array, |row| text(if values.value(row) { "true" } else { "false" }))
        }
        DataType::Int8 => numbers::<Int8Type>(array, |value| Cell::Whole(value.into())),
        DataType::Int16 => numbers::<Int16Type>(array, |value| Cell::Whole(value.into())),
        DataType::Int32 => numbers::<Int32Type>(array, |value| Cell::Whole(value.into())),
        DataType::Int64 => numbers::<Int64Type>(array, |value| Cell::Whole(value.into())),
        DataType::UInt8 => numbers::<UInt8Type>(array, |value| Cell::Whole(value.into())),
        DataType::UInt16 => numbers::<UInt16Type>(array, |value| Cell::Whole(value.into())),
        DataType::UInt32 => numbers::<UInt32Type>(array, |value| Cell::Whole(value.into())),
        DataType::UInt64 => numbers::<UInt64Type>(array, |value| Cell::Whole(value.into())),
        DataType::Float16 => numbers::<Float16Type>(array, |value| Cell::Number(value.into())),
        DataType::Float32 => numbers::<Float32Type>(array, |value| Cell::Number(value.into())),
        DataType::Float64 => numbers::<Float64Type>(array, Cell::Number),
        DataType::Decimal32(..) => decimals::<Decimal32Type>(array),
        DataType::Decimal64(..) => decimals::<Decimal64Type>(array),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array),
        DataType::Date32 => dates::<Date32Type>(array, ""),
        DataType::Date64 => dates::<Date64Type>(array, ""),
        DataType::Timestamp(unit, zone) => {
            let suffix = if zone.is_some() { "Z" } else { "" };
            match unit {
                TimeUnit::Second => dates::<TimestampSecondType>(array, suffix),
                TimeUnit::Millisecond => dates::<TimestampMillisecondType>(array, suffix),
                TimeUnit::Microsecond => dates::<TimestampMicrosecondType>(array, suffix),
                TimeUnit::Nanosecond => dates::<TimestampNanosecondType>(array, suffix),
            }
        }
        DataType::Time32(TimeUnit::Second) => times::<Time32SecondType>(array, TimeUnit::Second),
        DataType::Time32(_) => times::<Time32MillisecondType>(array, TimeUnit::Millisecond),
        DataType::Time64(TimeUnit::Microsecond) => times::<Time64MicrosecondType>(array, TimeUnit::Microsecond),
        DataType::Time64(_) => times::<Time64NanosecondType>(array, TimeUnit::Nanosecond),
        DataType::Duration(unit) => match unit {
            TimeUnit::Second => times::<DurationSecondType>(array, *unit),
            TimeUnit::Millisecond => times::<DurationMillisecondType>(array, *unit),
            TimeUnit::Microsecond => times::<DurationMicrosecondType>(array, *unit),
            TimeUnit::Nanosecond => times::<DurationNanosecondType>(array, *unit),
        },
        DataType::Utf8 => {
            let values = array.as_string::<i32>();
            present(array, |row| text(values.value(row)))
        }
        DataType::LargeUtf8 => {
            let values = array.as_string::<i64>();
            present(array, |row| text(values.value(row)))
        }
        DataType::Utf8View => {
            let values = array.as_string_view();
            present(array, |row| text(values.value(row)))
        }
        DataType::Dictionary(..) => entries(array)?,
        _ => return None,
    })
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

/// The cells that are not null.
fn present<'a>(array: &'a dyn Array, cell: impl Fn(usize) -> Cell<'a> + 'a) -> Accessor<'a> {
    Box::new(move |row| if array.is_null(row) { Cell::Missing } else { cell(row) })
}

/// Numbers of a fixed width.
fn numbers<T: ArrowPrimitiveType>(array: &dyn Array, cell: fn(T::Native) -> Cell<'static>) -> Accessor<'_> {
    let values = array.as_primitive::<T>();
    present(array, move |row| cell(values.value(row)))
}

/// Decimal numbers: those of few digits as numbers, which give their digits back.
fn decimals<T: DecimalType>(array: &dyn Array) -> Accessor<'_> {
    let values = array.as_primitive::<T>();
    present(array, |row| {
        let digits = values.value_as_string(row);
        let shortest = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
        match (shortest.parse(), shortest.parse()) {
            (Ok(whole), _) => Cell::Whole(whole),
            (_, Ok(number)) => Cell::Number(number),
            _ => Cell::Text(Cow::Owned(digits)),
        }
    })
}

/// Dates, and dates with their times before `suffix`, as ISO 8601 writes them. One beyond the calendar is its number.
fn dates<'a, T: ArrowPrimitiveType<Native: Into<i64>>>(array: &'a dyn Array, suffix: &'static str) -> Accessor<'a> {
    let is_date = matches!(array.data_type(), DataType::Date32 | DataType::Date64);
    let values = array.as_primitive::<T>();
    present(array, move |row| {
        let value: i64 = values.value(row).into();
        let text = as_datetime::<T>(value).map(|time| {
            let time = time.to_string();
            match time.strip_suffix(" 00:00:00").filter(|_| is_date) {
                Some(date) => date.to_owned(),
                None => time + suffix,
            }
        });
        Cell::Text(Cow::Owned(text.unwrap_or_else(|| value.to_string())))
    })
}

/// Times of day and spans of time, as pandas writes them: `05:06:07.25`, `-1 days +23:00:00`.
fn times<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &dyn Array, unit: TimeUnit) -> Accessor<'_> {
    let is_span = matches!(array.data_type(), DataType::Duration(_));
    let (a_second, digits) = match unit {
        TimeUnit::Second => (1, 0),
        TimeUnit::Millisecond => (1_000, 3),
        TimeUnit::Microsecond => (1_000_000, 6),
        TimeUnit::Nanosecond => (1_000_000_000, 9),
    };
    let values = array.as_primitive::<T>();
    present(array, move |row| {
        let value: i64 = values.value(row).into();
        let (seconds, part) = (value.div_euclid(a_second), value.rem_euclid(a_second));
        let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        let clock = if part == 0 { clock } else { format!("{clock}.{part:0digits$}") };
        let sign = if days < 0 { "+" } else { "" };
        Cell::Text(Cow::Owned(if is_span { format!("{days} days {sign}{clock}") } else { clock }))
    })
}

/// The entries of a dictionary.
fn entries(array: &dyn Array) -> Option<Accessor<'_>> {
    let dictionary = array.as_any_dictionary_opt()?;
    let entry = accessor(dictionary.values().as_ref())?;
    if dictionary.values().is_empty() {
        return Some(Box::new(|_| Cell::Missing));
    }
    let keys = dictionary.normalized_keys();
    Some(present(array, move |row| entry(keys[row])))
}
