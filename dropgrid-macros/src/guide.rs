//! Pages of the guide as documentation of items: a link from page to page becomes one from item to item.

/// The text of the page at a path from the folder of pages. A link to another page leads to its module in
/// `crate::guide`. A picture is its caption, since rustdoc copies none.
pub(crate) fn page(path: &str, text: &str) -> String {
    // The pages of the reference link to each other by their names alone.
    let folder = if path.starts_with("../../") { "reference/" } else { "" };
    let mut is_code = false;
    let lines = text.lines().map(|line| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence { line.to_owned() } else { prose(line, folder) }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// A line of prose.
fn prose(line: &str, folder: &str) -> String {
    if let Some((caption, target)) = line.strip_prefix("![").and_then(|picture| picture.split_once("]("))
        && !target.contains("://")
    {
        return format!("_{caption}_");
    }
    let (mut linked, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else { break };
        linked.push_str(before);
        linked.push_str("](");
        linked.push_str(&item(target, folder).unwrap_or_else(|| target.to_owned()));
        linked.push(')');
        rest = after;
    }
    linked + rest
}

/// The path of the item that a link to a page leads to.
fn item(target: &str, folder: &str) -> Option<String> {
    let (page, heading) = target.split_at(target.find('#').unwrap_or(target.len()));
    let name = page.strip_suffix(".md").filter(|page| !page.contains("://"))?;
    let path = format!("{folder}{name}").replace('/', "::").replace('-', "_");
    // The page of the macro has the name of a keyword.
    let end = if path.ends_with("::macro") { "_" } else { "" };
    Some(format!("crate::guide::{path}{end}{heading}"))
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn links_between_pages_lead_from_item_to_item() {
        let text = "[a](own-layers.md), [b](reference/own-layer.md#the-struct) and [c](#here).\n";
        let wanted =
            "[a](crate::guide::own_layers), [b](crate::guide::reference::own_layer#the-struct) and [c](#here).\n";
        assert_eq!(page("data.md", text), wanted);
        let wanted = "[a](crate::guide::reference::scikit_learn)\n";
        assert_eq!(page("../../data.md", "[a](scikit-learn.md)\n"), wanted);
        assert_eq!(page("data.md", "[a](reference/macro.md#b)\n"), "[a](crate::guide::reference::macro_#b)\n");
    }

    #[test]
    fn nothing_else_changes() {
        let text = "```text\n[a](b.md)\n![c](d.png)\n```\n[e](https://f.org/g.md), `a[b](c)` (h.md) and [i](j\n";
        assert_eq!(page("data.md", text), text);
        assert_eq!(page("data.md", "![Two plots](pictures/plots.png)\n"), "_Two plots_\n");
    }
}
