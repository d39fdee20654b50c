//! A list of searches, each with a link to its page.

use super::{PLOT_STYLE, STYLE};
use crate::{markup::Element, number::score};

/// A search in a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexEntry {
    /// The address of its page, relative to that of the list.
    pub address: String,
    /// The name of its file.
    pub name: String,
    /// The name of the model.
    pub model: String,
    /// The stage at which it is, in a few words.
    pub status: String,
    /// The numbers of finished and of planned fits.
    pub fits: (usize, Option<usize>),
    /// The deciding metric and its best score.
    pub best: Option<(String, f64)>,
    /// The time of the last change.
    pub changed: String,
}

/// A list of searches as an HTML page, which loads anew every few seconds.
pub fn index_page(title: &str, entries: &[IndexEntry]) -> String {
    let cell = |text: &str| Element::of("td", "text").text(text);
    let row = |entry: &IndexEntry| {
        let link = Element::new("a").set("href", &entry.address).text(&entry.name);
        let of = entry.fits.1.filter(|&planned| planned != entry.fits.0);
        let fits = match (entry.fits.0, of) {
            (done, Some(planned)) => format!("{done} of {planned}"),
            (0, None) => "–".to_owned(),
            (done, None) => done.to_string(),
        };
        let best = entry.best.as_ref().map(|(metric, best)| format!("{metric} {}", score(Some(*best))));
        Element::new("tr")
            .add(&Element::of("th", "text").set("scope", "row").add(&link))
            .add(&cell(&entry.model))
            .add(&Element::of("td", "words").text(&entry.status))
            .add(&Element::of("td", "number").text(&fits))
            .add(&cell(best.as_deref().unwrap_or("–")))
            .add(&cell(&entry.changed))
    };
    let column =
        |name: &str| Element::of("th", if name == "fits" { "number" } else { "text" }).set("scope", "col").text(name);
    let head = ["study", "model", "state", "fits", "best", "changed"].map(column);
    let table = Element::new("table")
        .add(&Element::new("thead").add(&Element::new("tr").extend(head)))
        .add(&Element::new("tbody").extend(entries.iter().map(row)));
    let mut main = Element::new("main").add(&Element::of("p", "kicker").text("Studies"));
    main.push(&Element::new("h1").text(title));
    if entries.is_empty() {
        main.push(&Element::of("p", "lead").text("There are no studies here yet."));
    } else {
        main.push(&Element::of("div", "scroll").set("tabindex", "0").add(&table));
    }
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    let meta = |name: &str, content: &str| Element::new("meta").set("name", name).set("content", content);
    let head = Element::new("head")
        .add(&Element::new("meta").set("charset", "utf-8"))
        .add(&Element::new("meta").set("http-equiv", "Content-Security-Policy").set("content", policy))
        .add(&Element::new("meta").set("http-equiv", "refresh").set("content", "5"))
        .add(&meta("viewport", "width=device-width, initial-scale=1"))
        .add(&meta("color-scheme", "light dark"))
        .add(&Element::new("title").text(&format!("Studies in {title}")))
        .add(&Element::new("style").trusted(PLOT_STYLE).trusted(STYLE));
    let body = Element::new("body").add(&main);
    format!("<!doctype html>\n{}\n", Element::new("html").set("lang", "en").add(&head).add(&body))
}
