//! Elements of HTML and SVG, with every text and every attribute escaped.

use std::fmt::{self, Display, Write};

use crate::escape::{escaped_json, escaped_lines};

/// Elements of SVG without content, which are closed in themselves.
const EMPTY: [&str; 6] = ["circle", "line", "path", "rect", "polyline", "polygon"];
/// Elements of HTML that have no end.
const VOID: [&str; 3] = ["input", "meta", "br"];

/// An element with its attributes and its content.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    tag: &'static str,
    attributes: String,
    content: String,
}

impl Element {
    pub(crate) fn new(tag: &'static str) -> Self {
        Self { tag, attributes: String::new(), content: String::new() }
    }

    /// An element of a class.
    pub(crate) fn of(tag: &'static str, class: &str) -> Self {
        Self::new(tag).set("class", class)
    }

    pub(crate) fn set(mut self, name: &str, value: impl Display) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.attributes, " {name}=\"{}\"", markup(&value.to_string()));
        self
    }

    /// Sets coordinates, rounded to a tenth of a pixel.
    pub(crate) fn place<const N: usize>(mut self, coordinates: [(&str, f64); N]) -> Self {
        for (name, at) in coordinates {
            let _ = write!(self.attributes, " {name}=\"{}\"", pixel(at));
        }
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.content.push_str(&markup(text));
        self
    }

    pub(crate) fn add(mut self, element: &Self) -> Self {
        self.push(element);
        self
    }

    pub(crate) fn push(&mut self, element: &Self) {
        let _ = write!(self.content, "{element}");
    }

    pub(crate) fn extend(mut self, elements: impl IntoIterator<Item = Self>) -> Self {
        elements.into_iter().for_each(|element| self.push(&element));
        self
    }

    /// Adds markup as it is: it comes from this crate alone, never from a search.
    pub(crate) fn trusted(mut self, markup: &str) -> Self {
        self.content.push_str(markup);
        self
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tag, attributes, content } = self;
        match content.is_empty() {
            true if EMPTY.contains(tag) => write!(f, "<{tag}{attributes}/>"),
            true if VOID.contains(tag) => write!(f, "<{tag}{attributes}>"),
            _ => write!(f, "<{tag}{attributes}>{content}</{tag}>"),
        }
    }
}

/// Text for a place between tags, or for an attribute in double quotes. What a screen does not show is written out, as
/// `\u{202e}`.
pub(crate) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in escaped_lines(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Neither is a character of XML.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

/// JSON for a `script` element, which no text in it can end.
pub(crate) fn script_json(json: &serde_json::Value) -> String {
    escaped_json(&json.to_string()).replace('<', "\\u003c")
}

/// A coordinate, rounded to a tenth of a pixel.
pub(crate) fn pixel(at: f64) -> String {
    let rounded = (at * 10.0).round() / 10.0;
    if rounded == 0.0 || !rounded.is_finite() { "0".to_owned() } else { format!("{rounded}") }
}

/// The points of a line as an attribute.
pub(crate) fn points(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    points.into_iter().map(|(x, y)| format!("{},{}", pixel(x), pixel(y))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_place() {
        let hostile = "</title><script>alert('x')</script>\" onload=\"y\u{202e}\u{1b}\u{ffff}";
        let element = Element::of("text", hostile).text(hostile).to_string();
        assert_eq!(element.matches('<').count(), 2, "{element}");
        assert_eq!(element.matches('"').count(), 2, "{element}");
        assert!(!element.contains(['\u{202e}', '\u{1b}', '\u{ffff}']), "{element}");
        let json = script_json(&serde_json::json!({ hostile: [hostile] }));
        assert!(!json.contains('<'), "{json}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json).expect("JSON"),
            serde_json::json!({ hostile: [hostile] })
        );
    }

    #[test]
    fn elements_are_closed_as_html_and_svg_have_them() {
        assert_eq!(Element::new("circle").place([("r", 2.04)]).to_string(), "<circle r=\"2\"/>");
        assert_eq!(Element::new("td").to_string(), "<td></td>");
        assert_eq!(Element::new("input").to_string(), "<input>");
        assert_eq!(points([(0.04, -0.04), (1.25, f64::NAN)]), "0,0 1.3,0");
    }
}
