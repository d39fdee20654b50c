//! Advice for cells that are nearly numbers.

use crate::data::cell::{CellFormat, Content, DateOrder, negative};

/// Marks between thousands, in the order in which it is tried: Switzerland writes apostrophes, France narrow no-break
/// spaces.
const MARKS: [char; 9] = [',', '.', ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’', '_'];

/// The setting by which a text is a number, or how else a number is written.
pub(super) fn setting(format: &CellFormat, text: &str) -> Option<String> {
    let changed = |change: &dyn Fn(&mut CellFormat)| {
        let mut format = format.clone();
        change(&mut format);
        format
    };
    let (comma, thousands) = (changed(&|it| it.decimal_comma = true), changed(&|it| it.thousands = Some(',')));
    if !format.decimal_comma && is_number(&comma, text) && is_number(&thousands, text) {
        return Some(
            "write `Csv::new().decimal_comma()` if the comma is the decimal point, `.thousands(',')` if it parts thousands"
                .to_owned(),
        );
    }
    if let Some(magnitude) = negative(text).filter(|_| !format.accounting) {
        if is_number(format, magnitude) {
            return Some("write `Csv::new().accounting()`, which reads (12) and 12- as -12".to_owned());
        }
        let advice = setting(format, magnitude).filter(|advice| advice.starts_with("write `Csv::new()."));
        return advice.map(|advice| advice.replacen("Csv::new()", "Csv::new().accounting()", 1));
    }
    if let Some(calls) = calls(format, text) {
        let percent = if calls == ".percent()" { ", which reads 12% as 0.12" } else { "" };
        return Some(format!("write `Csv::new(){calls}`{percent}"));
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
        && let Ok(number) = u64::from_str_radix(digits, 16)
    {
        return Some(format!("write it as {number}"));
    }
    let exponent = text.replace(['d', 'D'], "e");
    if exponent != text && is_number(format, &exponent) {
        return Some(format!("write it as {exponent}"));
    }
    let is_date = |order| changed(&|it| it.dates = Some(order)).seconds(text).is_some();
    if [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().any(is_date) {
        return Some(
            "read dates with `Csv::new().dates(DateOrder::DayFirst)`, or `MonthFirst`, and take their seconds since 1970 \
             with `Table::as_seconds`"
                .to_owned(),
        );
    }
    let unit = unit(text)?;
    let bare = text.split(unit).map(str::trim).find(|rest| !rest.is_empty())?;
    let also = if is_number(format, bare) { String::new() } else { calls(format, bare)? };
    Some(format!("write `Csv::new().units({}){also}`", literal(unit)))
}

fn is_number(format: &CellFormat, text: &str) -> bool {
    matches!(format.content(text), Content::Number(_))
}

/// The calls by which a text is a number, as few as there can be: `.decimal_comma().thousands('.')`.
fn calls(format: &CellFormat, text: &str) -> Option<String> {
    let marks = || std::iter::once(None).chain(MARKS.map(Some));
    let settings = [false, true].into_iter().flat_map(|percent| {
        [false, true].into_iter().flat_map(move |comma| marks().map(move |mark| (percent, comma, mark)))
    });
    let mut settings: Vec<_> = settings.collect();
    settings.sort_by_key(|&(percent, comma, mark)| u8::from(percent) + u8::from(comma) + u8::from(mark.is_some()));
    let found = settings.into_iter().skip(1).find(|&(percent, comma, mark)| {
        let decimal_comma = format.decimal_comma || comma;
        let changed = CellFormat {
            decimal_comma,
            thousands: mark.or(format.thousands),
            percent: format.percent || percent,
            ..format.clone()
        };
        mark != Some(if decimal_comma { ',' } else { '.' }) && is_number(&changed, text)
    });
    let (percent, comma, mark) = found?;
    let comma = if comma { ".decimal_comma()" } else { "" };
    let thousands = mark.map_or_else(String::new, |mark| format!(".thousands({mark:?})"));
    let percent = if percent { ".percent()" } else { "" };
    Some(format!("{comma}{thousands}{percent}"))
}

/// The text before or behind the number in a cell. A mark that compares is none: `<5` is not 5.
fn unit(text: &str) -> Option<&str> {
    let of_number =
        |letter: char| letter.is_ascii_digit() || matches!(letter, '+' | '-' | '\u{2212}') || MARKS.contains(&letter);
    let (start, end) = (
        text.find(of_number)?,
        text.rfind(of_number).map(|at| at + text[at..].chars().next().map_or(0, char::len_utf8))?,
    );
    let is_unit = |unit: &str| {
        !unit.contains(|letter: char| letter.is_ascii_digit() || matches!(letter, '<' | '>' | '≤' | '≥' | '~' | '='))
    };
    match (text[..start].trim(), text[end..].trim()) {
        ("", "") => None,
        ("", unit) | (unit, "") if is_unit(unit) => Some(unit),
        _ => None,
    }
}

/// The units of a column's texts, where they have several.
pub(super) fn units<'a>(format: &CellFormat, texts: impl Iterator<Item = &'a str>) -> Option<String> {
    /// Units that a message shows.
    const SHOWN: usize = 4;
    let mut units: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !is_number(format, text)) {
        let unit = unit(text).filter(|_| setting(format, text).is_some_and(|advice| advice.contains(".units(")))?;
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    if units.len() < 2 || units.len() > SHOWN {
        return None;
    }
    let names = units.iter().map(|unit| format!("`{unit}`")).collect::<Vec<_>>().join(", ");
    Some(format!(
        "the cells have several units, {names}: convert them to one in the file, or write `Csv::new().units({units:?})` \
         where they are the same"
    ))
}

/// A list of one text, as it is written in Rust.
pub(super) fn literal(text: &str) -> String {
    format!("[{text:?}]")
}
