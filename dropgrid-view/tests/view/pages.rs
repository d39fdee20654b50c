//! The structure and the size of pages.

use dropgrid_view::{Live, live_page, page, plots};

use crate::demo;

/// The number of times that a text stands in another one.
fn count(page: &str, text: &str) -> usize {
    page.matches(text).count()
}

#[test]
fn a_page_has_every_candidate_and_every_picture() {
    let view = demo::search(100);
    let page = page(&view);
    assert_eq!(count(&page, "<tr data-c="), 100);
    let names: Vec<String> = plots(&view).into_iter().map(|plot| plot.name).collect();
    let expected = [
        "parallel-coordinates",
        "score-by-hidden",
        "score-by-act",
        "score-by-dropout",
        "score-by-lr",
        "score-by-hidden-and-act",
        "score-by-hidden-and-dropout",
        "score-by-hidden-and-lr",
        "score-by-act-and-dropout",
        "score-by-act-and-lr",
        "score-by-dropout-and-lr",
        "importance",
        "differences",
        "front-log_loss",
        "curve-training-loss",
        "curve-monitored",
        "train-test-gap",
        "budgets",
        "given-up",
        "fold-scores",
        "score-by-time",
        "confusion",
        "roc",
        "calibration",
        "predicted-by-true",
        "residuals",
    ];
    assert_eq!(names, expected);
    for name in names {
        assert_eq!(count(&page, &format!("id=\"plot-{name}\"")), 1, "{name}");
    }
    for text in [&view.certainty[0], &view.warnings[0], "Functional analysis of variance", "pub struct Mlp&lt;#[grid"] {
        assert!(page.contains(text), "{text}");
    }
    // The one that does not vary is said once.
    assert!(page.contains("In every candidate: batch_size = 32."));
    // Paper has as many rows as the style leaves, and the page says so.
    assert!(page.contains("On paper there are the first 36.") && page.contains("tbody tr:nth-child(n+37 of"));
    assert!(!dropgrid_view::page(&demo::search(36)).contains("On paper"));
}

#[test]
fn elements_are_closed_and_every_reference_has_its_element() {
    let page = page(&demo::search(30));
    for tag in ["section", "figure", "svg", "table", "tr", "td", "dl", "main", "script", "style", "g", "text"] {
        let opened = count(&page, &format!("<{tag} ")) + count(&page, &format!("<{tag}>"));
        assert_eq!(opened, count(&page, &format!("</{tag}>")), "{tag}");
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), ids.len(), "an id stands twice");
    let references = page.split(" aria-labelledby=\"").skip(1).chain(page.split(" href=\"#").skip(1));
    for reference in references.filter_map(|rest| rest.split('"').next()).flat_map(str::split_whitespace) {
        assert!(sorted.binary_search(&reference).is_ok(), "{reference}");
    }
}

#[test]
fn a_page_asks_for_nothing_elsewhere() {
    let page = page(&demo::search(30));
    for text in ["http:", "https:", "src=", "url(", "@import", "<link", "fetch("] {
        // The name of SVG in the script, and the question of a live page.
        let expected = usize::from(text == "http:" || text == "fetch(");
        assert_eq!(count(&page, text), expected, "{text}");
    }
    assert!(page.contains("default-src &#39;none&#39;; style-src"));
    assert!(!page.contains("connect-src"));
    let live = Live { address: "version".to_owned(), version: "7".to_owned() };
    let page = live_page(&demo::search(3), &live);
    assert!(page.contains("connect-src &#39;self&#39;") && page.contains("data-live=\"version\" data-version=\"7\""));
}

/// The filter and the ranges of the script know a candidate by its entry in the data, and not by the lines that are drawn.
#[test]
fn every_mark_of_a_large_page_has_its_numbers() {
    for candidates in [100, 3000] {
        let page = page(&demo::search(candidates));
        let data = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("data");
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        assert_eq!(data["metrics"], serde_json::json!(["accuracy", "log_loss"]));
        let mut marks = page.split(" data-c=\"").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(marks.all(|mark| {
            let fields = &data["candidates"][mark];
            let heights = fields[7].as_array().expect("heights");
            // Four hyperparameters vary; the last axis is the score, which a failed candidate does not have.
            heights.len() == 5 && heights[..4].iter().all(serde_json::Value::is_number) && fields[5].is_string()
        }));
    }
}

#[test]
fn sizes_are_bounded() {
    let size = |count: usize| page(&demo::search(count)).len();
    let (small, large) = (size(100), size(100_000));
    assert!(small < 350_000, "{small}");
    assert!(large < 1_300_000, "{large}");
    let view = demo::search(5000);
    let page = page(&view);
    assert_eq!(count(&page, "<tr data-c="), 500);
    assert!(page.contains("The best 500 are shown. 4500 candidates follow, with scores from"));
    let drawn = plots(&view).into_iter().find(|plot| plot.name == "score-by-lr").expect("a plot").svg();
    assert!(count(&drawn, "<circle") <= 800 && drawn.contains("candidates are drawn"));
}

#[test]
fn the_same_view_gives_the_same_bytes_also_when_read_back() {
    let view = demo::search(40);
    let json = serde_json::to_string(&view).expect("JSON");
    let read: dropgrid_view::SearchView = serde_json::from_str(&json).expect("a view");
    assert_eq!(read, view);
    assert!(page(&read) == page(&view));
}

#[test]
fn the_filter_names_what_the_page_has() {
    let placeholder = |view: &dropgrid_view::SearchView| {
        let page = page(view);
        // The label is the same for every search.
        assert!(page.contains("such as std&lt;0.05 rank&lt;=10;"));
        page.split("placeholder=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    let mut view = demo::search(30);
    assert_eq!(placeholder(&view).as_deref(), Some("hidden&lt;=128"));
    view.axes[0].name = "hidden units".to_owned();
    assert_eq!(placeholder(&view).as_deref(), Some("&quot;hidden units&lt;=128&quot;"));
    // Of one candidate nothing varies.
    assert_eq!(placeholder(&demo::search(1)).as_deref(), Some("rank&lt;=10"));
}
