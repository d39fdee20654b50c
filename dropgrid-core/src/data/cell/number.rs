//! Numbers, in the ways in which people write them.

use super::CellFormat;

/// Digits that a double holds, whatever they are.
const EXACT_DIGITS: usize = 15;

/// A number as Rust, C and Python write it: `12`, `-0.5`, `.5`, `+3`, `1E5`, `inf`, `nan`.
pub(super) fn plain(cell: &str) -> Option<f64> {
    let bytes = cell.as_bytes();
    let first = *bytes.first()?;
    if bytes.len() <= EXACT_DIGITS && bytes.iter().all(u8::is_ascii_digit) {
        let whole = bytes.iter().fold(0_u64, |whole, digit| whole * 10 + u64::from(digit - b'0'));
        return Some(whole as f64);
    }
    if !matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.' | b'i' | b'I' | b'n' | b'N') {
        return None;
    }
    cell.parse().ok()
}

/// A number with a decimal comma, with thousands apart, as a percentage or with a unit, as `format` says.
pub(super) fn formatted(format: &CellFormat, cell: &str) -> Option<f64> {
    match negative(cell).filter(|_| format.accounting) {
        Some(magnitude) if magnitude.starts_with(['-', '+']) => None,
        Some(magnitude) => signed(format, magnitude).map(|number| -number),
        None => signed(format, cell),
    }
}

/// The magnitude of a negative number as accounts write it, `(12.50)` or `12.50-`.
pub(in crate::data) fn negative(cell: &str) -> Option<&str> {
    let between = || cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    cell.strip_suffix(['-', '\u{2212}']).or_else(between).map(str::trim).filter(|magnitude| !magnitude.is_empty())
}

/// A number with its sign in front, if it has one.
fn signed(format: &CellFormat, cell: &str) -> Option<f64> {
    let mut text = cell;
    let mut sign = "";
    for unit in &format.units {
        let unsigned = text.strip_prefix(['-', '+']);
        if let Some(rest) = text.strip_prefix(unit.as_str()) {
            text = rest.trim_start();
        } else if let Some(rest) = unsigned.and_then(|text| text.strip_prefix(unit.as_str())) {
            sign = &text[..1];
            text = rest.trim_start();
        } else if let Some(rest) = text.strip_suffix(unit.as_str()) {
            text = rest.trim_end();
        }
    }
    let mut scale = 1.0;
    if format.percent
        && let Some(rest) = text.strip_suffix('%')
    {
        text = rest.trim_end();
        scale = 100.0;
    }
    let mut digits = format!("{sign}{text}");
    if let Some(mark) = format.thousands {
        digits = without_thousands(&digits, mark, if format.decimal_comma { ',' } else { '.' })?;
    }
    if format.decimal_comma {
        if digits.contains('.') {
            return None;
        }
        digits = digits.replacen(',', ".", 1);
    }
    // A percentage is divided: 7 % is the number nearest to 0.07, which 7 x 0.01 is not.
    plain(&digits).map(|number| number / scale)
}

/// The text without `mark` between its thousands: groups of three digits, before the last also of two, as in India.
fn without_thousands(text: &str, mark: char, point: char) -> Option<String> {
    let end = text.find([point, 'e', 'E']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    let mut groups = whole.split(mark).rev();
    let last = groups.next()?;
    let first = whole.split(mark).next()?.trim_start_matches(['-', '+']);
    let is_grouped = whole.contains(mark);
    let is_sound = !is_grouped || (last.len() == 3 && !first.is_empty() && first.len() <= 3);
    let middle = whole.split(mark).skip(1);
    (is_sound && middle.into_iter().all(|group| matches!(group.len(), 2 | 3)) && !rest.contains(mark))
        .then(|| whole.replace(mark, "") + rest)
}

/// True of a number that its value as a double tells from every other text for a number: `007` and identifiers of many
/// digits do not come back from it.
pub(in crate::data) fn is_exact(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell).as_bytes();
    let is_code = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    let is_long = digits.len() > EXACT_DIGITS && digits.iter().all(u8::is_ascii_digit);
    !is_code && !is_long
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (cell, number) in [("12", 12.0), ("-0.5", -0.5), (".5", 0.5), ("5.", 5.0), ("+3", 3.0), ("1E5", 1e5)] {
            assert_eq!(plain(cell), Some(number), "{cell}");
        }
        for cell in ["", "x", "1,5", "0x10", "1.0d5", "1_000", "--1", "1 2", "infinite"] {
            assert_eq!(plain(cell), None, "{cell}");
        }
        assert_eq!(plain("16777217"), Some(16_777_217.0));
        assert_eq!(plain("9007199254740993"), Some(9_007_199_254_740_992.0));
    }

    #[test]
    fn marks_and_units_are_read_as_told() {
        let thousands = CellFormat { thousands: Some(','), units: vec!["$".into(), "kg".into()], ..Default::default() };
        for (cell, number) in [
            ("$1,200", Some(1200.0)),
            ("-$1,200.5", Some(-1200.5)),
            ("$ -3", Some(-3.0)),
            ("12 kg", Some(12.0)),
            ("1,00,000", Some(100_000.0)),
            ("1,234,567.25e1", Some(12_345_672.5)),
            ("1,2", None),
            ("1,2345", None),
            (",123", None),
            ("1234,567", None),
            ("1.5,000", None),
        ] {
            assert_eq!(formatted(&thousands, cell), number, "{cell}");
        }
        let comma = CellFormat { decimal_comma: true, percent: true, ..Default::default() };
        for (cell, number) in
            [("1,5", Some(1.5)), ("7 %", Some(0.07)), ("1.5", None), ("1,2,3", None), ("3", Some(3.0))]
        {
            assert_eq!(formatted(&comma, cell), number, "{cell}");
        }
        let accounts =
            CellFormat { accounting: true, thousands: Some(','), units: vec!["$".into()], ..Default::default() };
        for (cell, number) in [
            ("(12.5)", Some(-12.5)),
            ("12.5-", Some(-12.5)),
            ("($1,200)", Some(-1200.0)),
            ("( 3 )", Some(-3.0)),
            ("-3", Some(-3.0)),
            ("3", Some(3.0)),
            ("-3-", None),
            ("(-3)", None),
            ("()", None),
            ("-", None),
            ("(3", None),
        ] {
            assert_eq!(formatted(&accounts, cell), number, "{cell}");
        }
        let german = CellFormat { decimal_comma: true, thousands: Some('.'), ..Default::default() };
        assert_eq!(formatted(&german, "1.234,5"), Some(1234.5));
        assert_eq!(formatted(&german, "1.5"), None);
    }

    #[test]
    fn codes_and_long_identifiers_are_not_their_values() {
        for (cell, expected) in [
            ("007", false),
            ("0", true),
            ("0.5", true),
            ("-01", false),
            ("123456789012345", true),
            ("1234567890123456", false),
        ] {
            assert_eq!(is_exact(cell), expected, "{cell}");
        }
    }
}
