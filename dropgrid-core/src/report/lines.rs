//! Lines as wide as the terminal.

use std::{
    env,
    io::{self, IsTerminal},
};

/// The width of a table where neither a terminal nor `COLUMNS` limits it, as in a log.
#[doc(hidden)]
pub const UNKNOWN_WIDTH: usize = 120;

/// The number of characters of a line: the environment variable `COLUMNS`, else the width of the terminal. `None` where
/// there is neither. Python's
/// [`shutil.get_terminal_size`](https://docs.python.org/3/library/shutil.html#shutil.get_terminal_size) asks in the
/// same order.
#[doc(hidden)]
pub fn line_width() -> Option<usize> {
    let said = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// True where the standard output is a terminal that shows bold letters and nobody asked for none, see
/// [NO_COLOR](https://no-color.org).
pub(super) fn shows_bold() -> bool {
    let value = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    io::stdout().is_terminal() && allows_bold(&value) && obeys_escapes()
}

fn allows_bold(value: &dyn Fn(&str) -> Option<String>) -> bool {
    value("NO_COLOR").is_none() && value("TERM").is_none_or(|term| term != "dumb")
}

/// True where the terminal obeys escape sequences, as the console itself says when it is asked to. Variables do not
/// tell: a program inherits `TERM` from a shell of another system, and writes to a console that shows the sequences as
/// letters.
#[cfg(windows)]
fn obeys_escapes() -> bool {
    console::Term::stdout().features().colors_supported()
}

/// True: outside Windows, a terminal that is not dumb obeys escape sequences.
#[cfg(not(windows))]
fn obeys_escapes() -> bool {
    true
}

/// The columns of a terminal that a text in one line takes: two for the letters of East Asia and for emoji, none for
/// marks that join the letter before ([UAX #11](https://www.unicode.org/reports/tr11/)).
#[doc(hidden)]
pub fn text_width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Splits a line into pieces of at most `room` columns, at spaces where it has any.
#[doc(hidden)]
pub fn wrap(line: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let last = pieces.last().map_or(0, |piece| text_width(piece));
        if last > 0 && last + 1 + text_width(word) <= room {
            if let Some(piece) = pieces.last_mut() {
                piece.push(' ');
                piece.push_str(word);
            }
            continue;
        }
        if last == 0 {
            pieces.pop();
        }
        pieces.extend(chunks(word, room));
        if pieces.is_empty() {
            pieces.push(String::new());
        }
    }
    pieces
}

/// Splits a word into pieces of at most `room` columns, of at least one letter each.
fn chunks(word: &str, room: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for letter in word.chars() {
        match pieces.last_mut() {
            Some(piece) if text_width(piece) + letter_width(letter) <= room => piece.push(letter),
            _ => pieces.push(letter.into()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{allows_bold, text_width, wrap};

    #[test]
    fn letters_are_bold_but_where_nobody_wants_or_sees_it() {
        let with = |set: &[(&str, &str)]| {
            allows_bold(&|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(with(&[]) && with(&[("TERM", "xterm")]));
        assert!(
            !with(&[("TERM", "dumb")]) && !with(&[("NO_COLOR", "1")]) && !with(&[("TERM", "xterm"), ("NO_COLOR", "0")])
        );
    }

    #[test]
    fn lines_break_at_spaces_and_words_that_are_too_long_break_anywhere() {
        assert_eq!(wrap("as wide as the terminal", 10), ["as wide as", "the", "terminal"]);
        assert_eq!(wrap("a longword", 4), ["a", "long", "word"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("ab", 0), ["a", "b"]);
        assert_eq!(wrap("数値が長い word", 6), ["数値が", "長い", "word"]);
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!([text_width("größe"), text_width("数値"), text_width("🙂"), text_width("e\u{301}")], [5, 4, 2, 1]);
    }
}
