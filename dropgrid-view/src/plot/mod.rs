//! The plots of a search, one a file.

mod axis_scale;
mod calibration;
mod confusion;
mod curves;
mod differences;
mod folds;
mod frame;
mod fronts;
mod gap;
mod given_up;
mod importance;
mod numbers;
mod pairs;
mod parallel;
mod residuals;
mod roc;
mod rungs;
mod sample;
mod scale;
mod score_by_axis;
mod score_by_time;

pub(crate) use pairs::first_panels;
pub(crate) use parallel::Places;

use crate::{SearchView, markup::Element};
use numbers::Numbers;

/// The colours of a plot that stands alone: those of the page in daylight.
const STYLE: &str = include_str!("plot.css");

/// A plot of a search.
#[derive(Debug, Clone)]
pub struct Plot {
    /// A name for a file: lower case, digits and dashes.
    pub name: String,
    /// The heading.
    pub title: String,
    /// A sentence on how to read the plot, for people who see it and for those who do not.
    pub caption: String,
    /// The part of the caption that is not the same for all panels of a section.
    pub(crate) remark: String,
    /// The place that the plot has on a page.
    pub(crate) kind: Kind,
    /// The numbers for those who do not see the plot, where they stand nowhere else on a page.
    pub(crate) table: Option<Numbers>,
    width: f64,
    height: f64,
    content: Element,
}

/// The question that a plot answers, by which a page groups them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Axes,
    Together,
    Pairs,
    Importance,
    Fronts,
    Learning,
    Budgets,
    Folds,
    Predictions,
}

impl Plot {
    fn new(kind: Kind, name: &str, title: &str, caption: String, size: (f64, f64), content: Element) -> Self {
        let (width, height) = size;
        let remark = String::new();
        Self { name: slug(name), title: title.to_owned(), caption, remark, kind, table: None, width, height, content }
    }

    /// The plot with its numbers as a table.
    fn with_table(self, table: Numbers) -> Self {
        Self { table: Some(table), ..self }
    }

    /// The plot as an SVG document that stands alone.
    pub fn svg(&self) -> String {
        let style = Element::new("style").trusted(STYLE);
        let svg = self.element(&style).set("xmlns", "http://www.w3.org/2000/svg").set("font-family", FONT);
        svg.place([("width", self.width), ("height", self.height)]).to_string() + "\n"
    }

    /// The plot as a part of a page, which has the style.
    pub(crate) fn inline(&self) -> Element {
        let size = format!("max-width:{:.0}px", self.width * 1.12);
        self.element(&Element::new("g")).set("style", size)
    }

    /// True of a plot that needs the whole width of a page.
    pub(crate) fn is_wide(&self) -> bool {
        self.width > 500.0
    }

    fn element(&self, style: &Element) -> Element {
        let (title, caption) = (format!("{}-title", self.name), format!("{}-desc", self.name));
        Element::of("svg", "plot")
            .set("viewBox", format!("0 0 {} {}", self.width, self.height))
            .set("role", "img")
            .set("aria-labelledby", format!("{title} {caption}"))
            .add(&Element::new("title").set("id", &title).text(&self.title))
            .add(&Element::new("desc").set("id", &caption).text(&self.caption))
            .add(style)
            .add(&self.content)
    }
}

const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// All plots that the search has something for.
pub fn plots(view: &SearchView) -> Vec<Plot> {
    let mut all = Vec::new();
    all.extend(parallel::plot(view));
    all.extend(score_by_axis::plots(view));
    all.extend(pairs::plots(view));
    all.extend(importance::plot(view));
    all.extend(differences::plot(view));
    all.extend(fronts::plots(view));
    all.extend(curves::plots(view));
    all.extend(gap::plot(view));
    all.extend(rungs::plot(view));
    all.extend(given_up::plot(view));
    all.extend(folds::plot(view));
    all.extend(score_by_time::plot(view));
    if let Some(predictions) = &view.predictions {
        all.extend(confusion::plot(predictions));
        all.extend(roc::plot(predictions));
        all.extend(calibration::plot(predictions));
        all.extend(residuals::plots(predictions));
    }
    // Two axes may have names that differ in signs only.
    for at in 0..all.len() {
        let taken = all[..at].iter().filter(|plot| plot.name == all[at].name).count();
        if taken > 0 {
            all[at].name = format!("{}-{}", all[at].name, at);
        }
    }
    all
}

/// A name for a file.
fn slug(name: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter.to_ascii_lowercase() } else { '-' };
    let text: String = name.chars().take(60).map(plain).collect();
    text.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// The name of the deciding metric, as an axis has it.
fn metric_name(view: &SearchView) -> &str {
    view.metric().map_or("score", |metric| &metric.name)
}
