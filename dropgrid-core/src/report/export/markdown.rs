//! Columns as a table in Markdown.

use std::fmt::Write;

use super::{Column, Format, flat, number, plain, rows};
use crate::escape::escaped;

pub(in crate::report) const FORMAT: Format =
    Format { name: "md", aliases: &["markdown"], about: "A table in Markdown", is_for_people: true, text };

fn text(columns: &[(String, Column)]) -> String {
    let (rows, columns) = (rows(columns), flat(columns));
    let mut text = line(columns.iter().map(|(name, _)| literal(name)));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "|{}", " ---: |".repeat(columns.len()));
    (0..rows).fold(text, |text, row| text + &line(columns.iter().map(|(_, column)| literal(&cell(column, row)))))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn cell(column: &Column, row: usize) -> String {
    match column {
        Column::Numbers(numbers) => number(numbers[row]),
        Column::Integers(integers) => integers[row].to_string(),
        Column::Values(values) => plain(&values[row]),
        Column::Tables(_) => String::new(),
    }
}

/// The text with every character escaped that Markdown or HTML would read as markup, or that a
/// [terminal](crate::escape) would obey. A line feed is a space.
fn literal(text: &str) -> String {
    let text = text.replace("\r\n", " ").replace('\n', " ");
    let mut out = String::with_capacity(text.len());
    let text = escaped(&text);
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '[' | ']' | '~' | '$' => out.extend(['\\', letter]),
            // Within a word it is no markup, and names are full of it.
            '_' if !(before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric())) => {
                out.push_str("\\_");
            }
            letter => out.push(letter),
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<(String, Column)> {
        vec![("text".to_owned(), Column::Values(texts.iter().map(|&text| text.into()).collect()))]
    }

    #[test]
    fn markdown_shows_a_text_letter_by_letter() {
        let hostile = "a|b `c` <img src=x> & \\ *d* [e](f) _g_ log_loss $h$\ni\u{1b}[31m";
        assert_eq!(
            text(&texts(&[hostile])),
            "| text |\n| ---: |\n\
             | a\\|b \\`c\\` &lt;img src=x&gt; &amp; \\\\ \\*d\\* \\[e\\](f) \\_g\\_ log_loss \\$h\\$ i\\\\u{1b}\\[31m |\n"
        );
        assert!(text(&texts(&["-1"])).contains("| -1 |"), "no spreadsheet reads it");
    }
}
