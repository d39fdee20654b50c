//! Texts of a search that want to be markup.

use dropgrid_view::{Domain, Fact, State, Status, page, plots};
use serde_json::Value;

use crate::{demo, strange};

const HOSTILE: &str =
    "</script></title><script>alert(1)</script><img src=x onerror=alert(2)>\" onload=\"alert(3)' \u{202e}\u{1b}[31m";

#[test]
fn no_text_of_a_search_becomes_markup() {
    let mut view = demo::search(12);
    let plain = page(&view);
    let hostile = || HOSTILE.to_owned();
    view.title = hostile();
    view.metrics.iter_mut().for_each(|metric| metric.name = hostile());
    view.axes.iter_mut().for_each(|axis| axis.name = hostile());
    view.axes[1].domain = Domain::levels([Value::from(HOSTILE), "Tanh".into()]);
    for candidate in &mut view.candidates {
        if candidate.number % 2 == 0 {
            candidate.params[1] = HOSTILE.into();
        }
        (candidate.state, candidate.reason, candidate.budget) = (State::Pruned, Some(hostile()), Some(hostile()));
    }
    view.status = Status::Stopped(hostile());
    view.certainty = vec![hostile()];
    view.warnings = vec![hostile(); 9];
    view.monitored = Some(hostile());
    view.declaration = Some(hostile());
    view.facts = vec![Fact { name: hostile(), text: hostile() }];
    let importance = view.importance.as_mut().expect("effects");
    importance.method = hostile();
    importance.effects.iter_mut().flat_map(|effect| &mut effect.names).for_each(|name| *name = hostile());
    view.differences.iter_mut().for_each(|it| (it.name, it.from, it.to) = (hostile(), HOSTILE.into(), HOSTILE.into()));
    let predictions = view.predictions.as_mut().expect("predictions");
    predictions.confusion.as_mut().expect("classes").classes.iter_mut().for_each(|class| *class = hostile());
    predictions.roc.iter_mut().for_each(|roc| roc.class = hostile());
    predictions.residuals.as_mut().expect("residuals").target = hostile();

    let all = page(&view);
    assert_eq!(all.matches("<script").count(), plain.matches("<script").count());
    assert_eq!(all.matches("</script").count(), plain.matches("</script").count());
    for text in ["<img", "onload=\"", "\u{202e}", "\u{1b}"] {
        assert!(!all.contains(text), "{text:?}");
    }
    for plot in plots(&view) {
        let svg = plot.svg();
        assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains("onload=\""), "{}", plot.name);
        assert!(plot.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{}", plot.name);
    }
}

#[test]
fn strange_names_are_shown_and_cut_where_there_is_no_room() {
    let text = page(&strange::named());
    let title = "<h1>שלום &lt;b&gt;Mlp&lt;/b&gt; 🙂</h1>";
    assert!(text.contains(title) && text.contains("🙂 &quot;quoted&quot; &amp; &#39;single&#39;"));
    assert!(!text.contains("<script>alert"));
    for plot in plots(&strange::named()) {
        assert!(plot.name.len() < 200 && !plot.name.is_empty(), "{}", plot.name);
    }
}
