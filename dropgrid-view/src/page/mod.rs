//! The report of a search as one HTML page, without a request to anywhere.

mod about;
mod data;
mod head;
mod index;
mod missing;
mod sections;
mod table;

pub use index::{IndexEntry, index_page};

use crate::{SearchView, markup::Element, plot::plots};

const PLOT_STYLE: &str = include_str!("../plot/plot.css");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = concat!(include_str!("ranges.js"), include_str!("script.js"));

/// The rows of the table of candidates; of more candidates the best ones are shown.
const ROWS: usize = 500;

/// The page of a search as one HTML document: it needs no other file, asks no network, and reads without scripts. They
/// add sorting, filters and a choice along the axes.
///
/// The size has a bound: of many candidates the table has the best 500, and plots have an even share of the others.
pub fn page(view: &SearchView) -> String {
    document(view, None)
}

/// The way by which a page learns of changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// An address, relative to the page, which answers with the version of the search.
    pub address: String,
    /// The version that the page shows. The page loads anew once the address answers with another one.
    pub version: String,
}

/// The page of a search that goes on, which loads anew when the search has news.
pub fn live_page(view: &SearchView, live: &Live) -> String {
    document(view, Some(live))
}

fn document(view: &SearchView, live: Option<&Live>) -> String {
    let plots = plots(view);
    let mut main = Element::new("main").add(&head::head(view));
    main.push(&sections::contents(view, &plots));
    main.push(&table::section(view, ROWS));
    let main = main.extend(sections::sections(view, &plots)).add(&about::section(view));
    let skip = Element::of("a", "skip").set("href", "#candidates").text("Skip to the candidates");
    let tip = Element::new("div").set("id", "tip").set("role", "status").set("hidden", "");
    let mut body = Element::new("body");
    if let Some(live) = live {
        body = body.set("data-live", &live.address).set("data-version", &live.version);
    }
    let body = body.add(&skip).add(&main).add(&tip).add(&data::script(view, &main));
    let body = body.add(&Element::new("script").trusted(SCRIPT));
    let title = if view.title.is_empty() { "Search" } else { &view.title };
    let connect = if live.is_some() { "connect-src 'self'; " } else { "" };
    let policy = format!(
        "default-src 'none'; {connect}style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    );
    let meta = |name: &str, content: &str| Element::new("meta").set("name", name).set("content", content);
    let head = Element::new("head")
        .add(&Element::new("meta").set("charset", "utf-8"))
        .add(&Element::new("meta").set("http-equiv", "Content-Security-Policy").set("content", policy))
        .add(&meta("viewport", "width=device-width, initial-scale=1"))
        .add(&meta("color-scheme", "light dark"))
        .add(&meta("generator", "dropgrid"))
        .add(&Element::new("title").text(&format!("{title}: report of a search")))
        .add(&Element::new("style").trusted(PLOT_STYLE).trusted(STYLE));
    format!("<!doctype html>\n{}\n", Element::new("html").set("lang", "en").add(&head).add(&body))
}
