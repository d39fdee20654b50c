//! The part of each hyperparameter in the scores, as bars.

use super::{
    Kind, Plot,
    frame::{labelled, shortened},
    numbers::Numbers,
};
use crate::{SearchView, markup::Element};

/// The most bars.
const MOST: usize = 12;
const ROW: f64 = 24.0;
const WIDTH: f64 = 480.0;
const LEFT: f64 = 170.0;

pub(super) fn plot(view: &SearchView) -> Option<Plot> {
    let importance = view.importance.as_ref()?;
    let mut effects: Vec<_> = importance.effects.iter().filter(|effect| effect.share.is_finite()).collect();
    effects.sort_by(|a, b| b.share.total_cmp(&a.share));
    // Of those together, only what is more than the last per cent of the variance.
    effects.retain(|effect| effect.names.len() == 1 || effect.share >= 0.01);
    effects.truncate(MOST);
    if effects.is_empty() {
        return None;
    }
    let height = 10.0 + ROW * effects.len() as f64;
    let mut content = Element::new("g");
    for (at, effect) in effects.iter().enumerate() {
        let y = 6.0 + ROW * at as f64;
        let name = effect.names.join(" × ");
        let place = [("x", LEFT - 8.0), ("y", y + 14.0)];
        let text = Element::of("text", "item").place(place).set("text-anchor", "end");
        content.push(&labelled(text, &shortened(&name, LEFT - 10.0), &name));
        let length = effect.share.clamp(0.0, 1.0) * (WIDTH - LEFT - 56.0);
        let bar = [("x", LEFT), ("y", y + 3.0), ("width", length.max(1.0)), ("height", ROW - 9.0)];
        let class = if effect.names.len() == 1 { "bar" } else { "bar pair" };
        content.push(&Element::of("rect", class).place(bar));
        let place = [("x", LEFT + length + 7.0), ("y", y + 14.0)];
        content.push(&Element::of("text", "item").place(place).text(&percent(effect.share)));
    }
    let rows = effects.iter().map(|effect| vec![effect.names.join(" × "), percent(effect.share)]).collect();
    let table = Numbers::new(&["hyperparameter", "share of the variance"], rows);
    let (title, caption) = ("Which hyperparameters matter", importance.method.clone());
    let plot = Plot::new(Kind::Importance, "importance", title, caption, (WIDTH, height), content);
    Some(plot.with_table(table))
}

fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.005 { "< 1 %".to_owned() } else { format!("{:.0} %", share * 100.0) }
}
