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
/// [`shutil.get_terminal_size`](https://docs.python.org/3/library/shutil.html#shutil.get_terminal_size) asks in the same
/// order.
#[doc(hidden)]
pub fn line_width() -> Option<usize> {
    let said = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
}

/// True where the standard output is a terminal that shows bold letters and nobody asked for none, see
/// [NO_COLOR](https://no-color.org).
pub(super) fn shows_bold() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
}

/// Splits a line into pieces of at most `room` characters, at spaces where it has any.
#[doc(hidden)]
pub fn wrap(line: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let letters: Vec<char> = word.chars().collect();
        let last = pieces.last().map_or(0, |piece| piece.chars().count());
        if last > 0 && last + 1 + letters.len() <= room {
            if let Some(piece) = pieces.last_mut() {
                piece.push(' ');
                piece.push_str(word);
            }
            continue;
        }
        if last == 0 {
            pieces.pop();
        }
        pieces.extend(letters.chunks(room).map(|chunk| chunk.iter().collect::<String>()));
        if pieces.is_empty() {
            pieces.push(String::new());
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces_and_words_that_are_too_long_break_anywhere() {
        assert_eq!(wrap("as wide as the terminal", 10), ["as wide as", "the", "terminal"]);
        assert_eq!(wrap("a longword", 4), ["a", "long", "word"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("ab", 0), ["a", "b"]);
    }
}
