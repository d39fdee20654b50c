//! The pictures of the page under their headings.

use super::missing;
use crate::{
    SearchView,
    markup::Element,
    number::counted,
    plot::{Kind, Plot, first_panels},
};

/// A section of the page.
struct Section {
    kind: Kind,
    id: &'static str,
    heading: &'static str,
    /// A sentence on how to read all of its panels.
    intro: &'static str,
}

const fn section(kind: Kind, id: &'static str, heading: &'static str, intro: &'static str) -> Section {
    Section { kind, id, heading, intro }
}

/// The sections in their order.
const SECTIONS: [Section; 9] = [
    section(
        Kind::Axes,
        "hyperparameters",
        "Score by hyperparameter",
        "Each dot is a candidate, the line joins their means.",
    ),
    section(Kind::Together, "together", "All hyperparameters at once", ""),
    section(
        Kind::Pairs,
        "pairs",
        "Two at a time",
        "The mean score of the complete candidates of each two values. The stronger the colour, the better.",
    ),
    section(Kind::Importance, "importance", "What matters", ""),
    section(Kind::Fronts, "trade-offs", "Trade-offs", ""),
    section(Kind::Learning, "learning", "Learning", ""),
    section(Kind::Budgets, "budgets", "Budgets", ""),
    section(Kind::Folds, "folds", "Folds and time", ""),
    section(Kind::Predictions, "predictions", "Predictions of the best", ""),
];

fn of(plots: &[Plot], kind: Kind) -> impl Iterator<Item = &Plot> {
    plots.iter().filter(move |plot| plot.kind == kind)
}

/// Links to the sections that the page has.
pub(super) fn contents(view: &SearchView, plots: &[Plot]) -> Element {
    let link = |id: &str, text: &str| Element::new("a").set("href", format!("#{id}")).text(text);
    let mut nav = Element::new("nav").set("aria-label", "Sections");
    if !view.candidates.is_empty() {
        nav.push(&link("candidates", "Candidates"));
    }
    for Section { kind, id, heading, .. } in SECTIONS {
        if of(plots, kind).next().is_some() || missing::sentence(view, plots, kind).is_some() {
            nav.push(&link(id, heading));
        }
    }
    nav.add(&link("about", "How it was made"))
}

pub(super) fn sections(view: &SearchView, plots: &[Plot]) -> Vec<Element> {
    let section = |Section { kind, id, heading, intro }| {
        let grid = |plots: &mut dyn Iterator<Item = &Plot>| Element::of("div", "grid").extend(plots.map(figure));
        let first = if kind == Kind::Pairs { first_panels() } else { usize::MAX };
        let mut section = Element::new("section").set("id", id).add(&Element::new("h2").text(heading));
        // A remark is the same for all panels of a section.
        let remark = of(plots, kind).map(|plot| plot.remark.as_str()).find(|remark| !remark.is_empty());
        if !intro.is_empty() {
            let text = [intro, remark.unwrap_or_default()].join(" ");
            section.push(&Element::of("p", "intro").text(text.trim()));
        }
        let sentence = missing::sentence(view, plots, kind);
        if of(plots, kind).next().is_some() {
            section.push(&grid(&mut of(plots, kind).take(first)));
        } else {
            sentence.as_ref()?;
        }
        section = section.extend(sentence.map(|sentence| missing::paragraph(&sentence)));
        let more = of(plots, kind).skip(first).count();
        if more > 0 {
            let summary = Element::new("summary").text(&counted(more, "more pair", "more pairs"));
            section.push(&Element::new("details").add(&summary).add(&grid(&mut of(plots, kind).skip(first))));
        }
        Some(section)
    };
    SECTIONS.into_iter().filter_map(section).collect()
}

fn figure(plot: &Plot) -> Element {
    let class = if plot.is_wide() { "wide" } else { "small" };
    let canvas = Element::of("div", "canvas").add(&plot.inline());
    let mut caption = Element::new("figcaption").add(&Element::new("h3").text(&plot.title));
    // The caption of a panel is the introduction of its section, and is in the picture for those who do not see it.
    if !matches!(plot.kind, Kind::Axes | Kind::Pairs) {
        caption.push(&Element::of("p", "caption").text(&plot.caption));
    }
    let figure = Element::of("figure", class).set("id", format!("plot-{}", plot.name)).add(&caption).add(&canvas);
    figure.extend(plot.table.as_ref().map(|table| Element::of("div", "hidden").add(&table.element(&plot.title))))
}
