//! A text in place of all that a terminal shows.

use std::{env, io};

use console::Term;
use dropgrid_core::escape::escaped_lines;

/// A terminal whose cursor goes where it is told: by escape sequences, or by the calls that every console of Windows
/// obeys.
#[derive(Debug)]
pub(crate) struct Screen {
    term: Term,
}

impl Screen {
    /// The terminal of the standard output. `None` where it is none, or one that has no cursor to move.
    pub(crate) fn of_stdout() -> Option<Self> {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        // A console takes calls and letters in turn; a terminal takes all of a text at once, and does not flicker.
        let term = if cfg!(windows) { Term::stdout() } else { Term::buffered_stdout() };
        (term.is_term() && !is_dumb).then_some(Self { term })
    }

    /// Shows a text, and nothing of what was there.
    pub(crate) fn show(&self, text: &str) -> io::Result<()> {
        self.term.move_cursor_to(0, 0)?;
        for line in escaped_lines(text).lines() {
            self.term.clear_line()?;
            self.term.write_line(line)?;
        }
        self.term.clear_to_end_of_screen()?;
        self.term.flush()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{io::Read, os::unix::net::UnixStream};

    use super::*;

    #[test]
    fn a_text_takes_the_place_of_the_one_before() {
        let (mut seen, written) = UnixStream::pair().expect("a pair");
        let term = Term::read_write_pair(written.try_clone().expect("a copy"), written);
        // What a name holds moves no cursor.
        Screen { term }.show("3 of 9 fits\nna\u{1b}[2Jme\n").expect("shown");
        let mut text = String::new();
        seen.read_to_string(&mut text).expect("the end");
        let clear = "\r\u{1b}[2K";
        assert_eq!(text, format!("\u{1b}[1;1H{clear}3 of 9 fits\n{clear}na\\u{{1b}}[2Jme\n\r\u{1b}[0J"));
    }
}
