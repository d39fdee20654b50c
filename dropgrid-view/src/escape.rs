//! Text that is safe to show on a terminal, whoever wrote it.
//!
//! Names, paths, hyperparameters and messages come from files, and a terminal obeys some characters in them: an escape
//! sequence moves the cursor, sets the clipboard or hides what stands before it, and a bidirectional override shows
//! letters in another order than they have ([Trojan Source](https://trojansource.codes/)). Every text of a file that
//! goes to a terminal passes through [`escaped`]. Exports that programs read keep the text as it is.

use std::{borrow::Cow, fmt::Write, path::Path};

/// The text in one line: each character that a terminal obeys or does not show is written as Rust writes it in a
/// literal, `\u{1b}` or `\n`.
///
/// These are the controls of C0 and C1, line and paragraph separators, bidirectional marks, overrides and isolates,
/// characters without width, and tags.
///
/// # Examples
/// ```
/// # use dropgrid_view::escape::escaped;
/// assert_eq!(escaped("red \u{1b}[31m\nand \u{202e}backwards"), "red \\u{1b}[31m\\nand \\u{202e}backwards");
/// assert_eq!(escaped("größe = 3 °C, 数"), "größe = 3 °C, 数");
/// ```
pub fn escaped(text: &str) -> Cow<'_, str> {
    escape(text, is_obeyed, |letter, out| out.extend(letter.escape_default()))
}

/// As [`escaped`], but with the text's line feeds, for texts of several lines.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    escape(text, |letter| letter != '\n' && is_obeyed(letter), |letter, out| out.extend(letter.escape_default()))
}

/// JSON with what a terminal obeys as `\u` escapes, which read back as the same characters. Line feeds between values
/// stay.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    // Such a character stands inside a string, since JSON has none of them outside but spaces.
    let is_inside = |letter: char| !matches!(letter, '\n' | '\r' | '\t') && is_obeyed(letter);
    escape(json, is_inside, |letter, out| {
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// A path in one line, as [`escaped`] writes it.
pub fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy()).into_owned()
}

/// Each of several texts as [`escaped`] writes it, with `between` between them.
#[doc(hidden)]
pub fn joined<S: AsRef<str>>(texts: &[S], between: &str) -> String {
    texts.iter().map(|text| escaped(text.as_ref())).collect::<Vec<_>>().join(between)
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool, write: impl Fn(char, &mut String)) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_escaped(letter) {
            write(letter, &mut out);
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// True of a character that a terminal obeys, or for which it shows nothing.
fn is_obeyed(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' // soft hyphen
            | '\u{61c}' | '\u{200b}'..='\u{200f}' // marks and spaces without width
            | '\u{2028}'..='\u{202e}' // line and paragraph separators, embeddings, overrides
            | '\u{2060}'..='\u{206f}' // joiners, invisible operators, isolates
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' // byte order mark, interlinear annotations
            | '\u{e0000}'..='\u{e007f}' // tags
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [char; 20] = [
        '\u{0}',
        '\u{7}',
        '\u{8}',
        '\t',
        '\n',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{9d}',
        '\u{200b}',
        '\u{200f}',
        '\u{2029}',
        '\u{202a}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{e0041}',
    ];

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        for letter in HOSTILE {
            let text = format!("a{letter}b");
            let shown = escaped(&text);
            assert!(!shown.contains(letter) && shown.starts_with("a\\") && shown.ends_with('b'), "{shown:?}");
            assert_eq!(escaped(&shown), shown, "once is enough");
            assert_eq!(escaped_lines(&text).contains(letter), letter == '\n', "{letter:?}");
        }
        assert_eq!(escaped("\u{1b}]0;title\u{7}"), "\\u{1b}]0;title\\u{7}");
        assert_eq!(joined(&["a\n", "b"], ", "), "a\\n, b");
        assert_eq!(shown(Path::new("a\u{1b}.study")), "a\\u{1b}.study");
    }

    #[test]
    fn every_script_stays_as_it_is() {
        for text in ["plain \\ \"quoted\"", "e\u{301}té", "हिन्दी", "ไทย", "עברית", "数値", "±0.1 °C", "🙂"]
        {
            assert!(matches!(escaped(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn json_reads_back_as_it_was() {
        for letter in HOSTILE {
            let value = serde_json::json!({ format!("n{letter}"): [format!("v{letter}"), 1.5] });
            for text in [value.to_string(), format!("{value:#}")] {
                let safe = escaped_json(&text);
                assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).expect("JSON"), value);
                assert!(!safe.chars().any(|letter| letter != '\n' && is_obeyed(letter)), "{safe:?}");
            }
        }
    }
}
