//! The end of the page: all that it takes to run the search again.

use crate::{SearchView, markup::Element};

pub(super) fn section(view: &SearchView) -> Element {
    let heading = Element::new("h2").text("How it was made");
    let mut section = Element::new("section").set("id", "about").add(&heading);
    if let Some(declaration) = &view.declaration {
        section.push(&Element::new("pre").set("tabindex", "0").add(&Element::new("code").text(declaration)));
    }
    let mut list = Element::of("dl", "facts");
    for fact in &view.facts {
        list.push(&Element::new("dt").text(&fact.name));
        list.push(&Element::new("dd").text(&fact.text));
    }
    if !view.facts.is_empty() {
        section.push(&list);
    }
    section
}
