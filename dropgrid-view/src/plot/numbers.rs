//! The numbers of a picture as a table, for those who do not see it.

use crate::markup::Element;

/// A table whose first column names the rows.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Numbers {
    pub(super) fn new(head: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { head: head.iter().map(|&text| text.to_owned()).collect(), rows }
    }

    /// The table under this caption.
    pub(crate) fn element(&self, caption: &str) -> Element {
        let heading = |text: &String, scope: &str| Element::new("th").set("scope", scope).text(text);
        let row = |cells: &Vec<String>| {
            let (first, others) = cells.split_first().map_or((None, &[][..]), |(first, others)| (Some(first), others));
            let first = first.map(|first| heading(first, "row"));
            Element::new("tr").extend(first).extend(others.iter().map(|text| Element::new("td").text(text)))
        };
        let head = Element::new("tr").extend(self.head.iter().map(|text| heading(text, "col")));
        Element::new("table")
            .add(&Element::new("caption").text(caption))
            .add(&Element::new("thead").add(&head))
            .add(&Element::new("tbody").extend(self.rows.iter().map(row)))
    }
}
