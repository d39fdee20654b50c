//! The frame of a plot: its size, its axes, and their texts.

use super::scale::Tick;
use crate::markup::Element;

/// The width of a letter of an axis, about.
const LETTER: f64 = 6.1;

/// The width of wide fonts, as DejaVu Sans, in that of others.
const WIDER: f64 = 1.18;

/// The size of a plot and of its margins, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Frame {
    /// A frame that leaves the usual margins for the texts of axes.
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, left: 50.0, right: 14.0, top: 26.0, bottom: 42.0 }
    }

    pub(super) fn inner_width(&self) -> f64 {
        self.width - self.left - self.right
    }

    pub(super) fn inner_height(&self) -> f64 {
        self.height - self.top - self.bottom
    }

    /// The pixel of a place between 0 and 1, from the left.
    pub(super) fn x(&self, at: f64) -> f64 {
        self.left + at * self.inner_width()
    }

    /// The pixel of a place between 0 and 1, from the bottom.
    pub(super) fn y(&self, at: f64) -> f64 {
        self.height - self.bottom - at * self.inner_height()
    }

    /// The axis below: a line from the first to the last tick, texts that have room, and a name.
    pub(super) fn bottom_axis(&self, ticks: &[Tick], name: &str) -> Element {
        let base = self.y(0.0) + 5.0;
        let mut axis = Element::of("g", "axis");
        if let (Some(first), Some(last)) = (ticks.first(), ticks.last()) {
            let (from, to) = (self.x(first.at.min(last.at)), self.x(last.at.max(first.at)));
            axis.push(&Element::new("line").place([("x1", from), ("y1", base), ("x2", to), ("y2", base)]));
        }
        for tick in ticks {
            let x = self.x(tick.at);
            axis.push(&Element::new("line").place([("x1", x), ("y1", base), ("x2", x), ("y2", base + 4.0)]));
        }
        let room = self.inner_width() / ticks.len().max(1) as f64;
        let mut free = f64::NEG_INFINITY;
        for tick in ticks {
            let label = shortened(&tick.label, room.max(58.0));
            let half = width_of(&label) / 2.0;
            let x = self.x(tick.at).clamp(half.min(self.width / 2.0), (self.width - half).max(self.width / 2.0));
            if x - half < free {
                continue;
            }
            free = x + half + 5.0;
            let text = Element::new("text").place([("x", x), ("y", base + 16.0)]).set("text-anchor", "middle");
            axis.push(&labelled(text, &label, &tick.label));
        }
        let at = [("x", self.x(0.5)), ("y", base + 32.0)];
        let name_text = shortened(name, self.inner_width() + 20.0);
        let text = Element::of("text", "name").place(at).set("text-anchor", "middle");
        axis.add(&labelled(text, &name_text, name))
    }

    /// The axis at the left, with faint lines across, and its name above.
    pub(super) fn left_axis(&self, ticks: &[Tick], name: &str) -> Element {
        let mut axis = Element::of("g", "axis");
        for tick in ticks {
            let (y, end) = (self.y(tick.at), self.width - self.right);
            let across = [("x1", self.left), ("y1", y), ("x2", end), ("y2", y)];
            axis.push(&Element::of("line", "grid").place(across));
            let place = [("x", self.left - 7.0), ("y", y + 3.6)];
            let label = shortened(&tick.label, self.left - 8.0);
            let text = Element::new("text").place(place).set("text-anchor", "end");
            axis.push(&labelled(text, &label, &tick.label));
        }
        let text = Element::of("text", "name").place([("x", 2.0), ("y", self.top - 12.0)]);
        axis.add(&labelled(text, &shortened(name, self.width - 4.0), name))
    }
}

/// A text with the whole of it as a title where it is cut.
pub(super) fn labelled(text: Element, label: &str, whole: &str) -> Element {
    let text = text.text(label);
    if label == whole { text } else { text.add(&Element::new("title").text(whole)) }
}

/// The width of a text in pixels, about.
pub(super) fn width_of(text: &str) -> f64 {
    text.chars().map(letter_width).sum()
}

/// The width of a letter in pixels, about: those of East Asia and emoji are twice as wide.
fn letter_width(letter: char) -> f64 {
    let is_wide = matches!(
        letter,
        '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{ff60}'
            | '\u{1f000}'..='\u{3fffd}'
    );
    if is_wide { 2.0 * LETTER } else { LETTER }
}

/// The text, cut to a width in pixels, of at least one letter. What is cut has room in wide fonts, too.
pub(super) fn shortened(text: &str, width: f64) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let mut room = width / WIDER - LETTER;
    let fits = |letter: &char| {
        room -= letter_width(*letter);
        room >= 0.0
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_their_width() {
        assert_eq!(shortened("dropout", 43.0), "dropout");
        assert_eq!(shortened("dropout", 42.0), "drop…");
        assert_eq!(shortened("批量大小", 40.0), "批量…");
        assert_eq!(shortened("dropout", 0.0), "…");
    }
}
