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
        let text = |tick: &Tick| shortened(&tick.label, room.max(58.0));
        // The pixels from which to which a text reaches, in wide fonts.
        let reach = |tick: &Tick| {
            let half = WIDER * width_of(&text(tick)) / 2.0;
            let x = self.x(tick.at).clamp(half.min(self.width / 2.0), (self.width - half).max(self.width / 2.0));
            (x - half, x + half)
        };
        for tick in with_room(ticks, reach) {
            let (from, to) = reach(tick);
            let place = [("x", f64::midpoint(from, to)), ("y", base + 16.0)];
            axis.push(&labelled(
                Element::new("text").place(place).set("text-anchor", "middle"),
                &text(tick),
                &tick.label,
            ));
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

/// The ticks whose texts do not touch: all, every second, every third, or else each that has room behind the one
/// before.
fn with_room(ticks: &[Tick], reach: impl Fn(&Tick) -> (f64, f64)) -> Vec<&Tick> {
    const APART: f64 = 4.0;
    let apart = |pair: &[&Tick]| reach(pair[0]).1 + APART <= reach(pair[1]).0;
    let evenly = (1..=3).map(|every| ticks.iter().step_by(every).collect::<Vec<_>>());
    let mut evenly = evenly.filter(|some| some.len() > 1 && some.windows(2).all(apart));
    evenly.next().unwrap_or_else(|| {
        let mut some: Vec<&Tick> = Vec::new();
        for tick in ticks {
            if some.last().is_none_or(|&last| apart(&[last, tick])) {
                some.push(tick);
            }
        }
        some
    })
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
    let cut: String = text.chars().take_while(fits).collect();
    cut.trim_end_matches([',', ' ']).to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_ticks_do_not_touch() {
        let shown = |labels: &[(&str, f64)]| -> Vec<String> {
            let ticks: Vec<Tick> = labels.iter().map(|&(label, at)| Tick { at, label: label.to_owned() }).collect();
            let axis = Frame::new(360.0, 340.0).bottom_axis(&ticks, "price").to_string();
            let texts = axis.split("text-anchor=\"middle\">").skip(1).map(|rest| rest.split('<').next().unwrap_or(""));
            texts.filter(|text| *text != "price").map(str::to_owned).collect()
        };
        let large = ["0", "200000", "400000", "600000", "800000"];
        let even = |labels: &[&'static str]| -> Vec<(&'static str, f64)> {
            labels.iter().enumerate().map(|(at, &label)| (label, at as f64 / labels.len() as f64)).collect()
        };
        assert_eq!(shown(&even(&large)), large);
        let larger = ["0", "200000", "400000", "600000", "800000", "1000000", "1200000"];
        assert_eq!(shown(&even(&larger)), ["0", "400000", "800000", "1200000"]);
        // Unevenly: those that have room.
        let ends = [("1", 0.0), ("2", 0.001), ("4", 0.003), ("8", 0.007), ("16", 0.015), ("1000", 1.0)];
        assert_eq!(shown(&ends), ["1", "1000"]);
    }

    #[test]
    fn texts_are_cut_by_their_width() {
        assert_eq!(shortened("dropout", 43.0), "dropout");
        assert_eq!(shortened("dropout", 42.0), "drop…");
        assert_eq!(shortened("批量大小", 40.0), "批量…");
        assert_eq!(shortened("dropout", 0.0), "…");
        assert_eq!(shortened("act a, dropout 0.1", 55.0), "act a…");
    }
}
