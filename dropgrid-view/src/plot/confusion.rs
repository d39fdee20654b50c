//! The counts of true and predicted classes.

use super::{
    Kind, Plot,
    frame::{labelled, shortened, width_of},
    numbers::Numbers,
};
use crate::{
    Confusion, Predictions,
    markup::{Element, pixel},
    number,
};

/// The most classes.
const MOST: usize = 40;
const SHADES: f64 = 8.0;
/// The most classes of a picture beside which there are others.
const FEW: usize = 12;
/// The room for names that stand upright.
const UPRIGHT: f64 = 84.0;

pub(super) fn plot(predictions: &Predictions) -> Option<Plot> {
    let confusion = predictions.confusion.as_ref().filter(|it| (1..=MOST).contains(&it.classes.len()))?;
    let count = confusion.classes.len();
    let cell = if count <= FEW { (330.0 / count as f64).min(64.0) } else { (840.0 / count as f64).clamp(18.0, 32.0) };
    // Names that are wider than a cell stand upright.
    let is_upright = confusion.classes.iter().any(|class| width_of(class) > (cell - 3.0).max(13.0));
    let (left, top) = (96.0, if is_upright { 24.0 + UPRIGHT } else { 44.0 });
    let size = (left + cell * count as f64 + 16.0, top + cell * count as f64 + 20.0);
    let mut content = Element::new("g");
    let middle = left + cell * count as f64 / 2.0;
    content.push(
        &Element::of("text", "name").place([("x", middle), ("y", 12.0)]).set("text-anchor", "middle").text("predicted"),
    );
    content.push(&Element::of("text", "name").place([("x", 2.0), ("y", top - 10.0)]).text("true class"));
    for (at, class) in confusion.classes.iter().enumerate() {
        let middle = (at as f64 + 0.5) * cell;
        let text =
            Element::of("text", "item").place([("x", left - 8.0), ("y", top + middle + 3.8)]).set("text-anchor", "end");
        content.push(&labelled(text, &shortened(class, left - 10.0), class));
        let text = Element::of("text", "item");
        if is_upright {
            let (x, y) = (pixel(left + middle + 4.0), pixel(top - 7.0));
            let text = text.set("transform", format!("translate({x} {y}) rotate(-90)"));
            content.push(&labelled(text, &shortened(class, UPRIGHT - 8.0), class));
        } else {
            let place = [("x", left + middle), ("y", top - 10.0)];
            content.push(&labelled(text.place(place).set("text-anchor", "middle"), class, class));
        }
    }
    let (mut right, mut all) = (0, 0);
    for (row, counts) in confusion.counts.iter().enumerate().take(count) {
        let total: u64 = counts.iter().sum();
        for (column, &rows) in counts.iter().enumerate().take(count) {
            (right, all) = (right + if row == column { rows } else { 0 }, all + rows);
            let share = rows as f64 / total.max(1) as f64;
            let shade = if rows == 0 {
                0
            } else {
                (0..=8).rev().find(|&it| share * SHADES >= f64::from(it)).unwrap_or(0).max(1)
            };
            let (x, y) = (left + column as f64 * cell, top + row as f64 * cell);
            let kind = if row == column { "h" } else { "e" };
            let area = [("x", x), ("y", y), ("width", cell - 1.5), ("height", cell - 1.5)];
            content.push(&Element::of("rect", &format!("cell {kind}{shade}")).place(area));
            if rows > 0 && cell >= 8.0 + 6.2 * rows.to_string().len() as f64 {
                let place = [("x", x + cell / 2.0 - 0.75), ("y", y + cell / 2.0 + 3.2)];
                let text =
                    Element::of("text", &format!("cell-text {kind}{shade}")).place(place).set("text-anchor", "middle");
                content.push(&text.text(&rows.to_string()));
            }
        }
    }
    let caption = format!(
        "{} of {} rows right, each predicted by the training that left it out. Shades are shares of a row; what is wrong is orange.",
        number::count(right as usize),
        number::count(all as usize)
    );
    let title = "Which classes are taken for which";
    Some(Plot::new(Kind::Predictions, "confusion", title, caption, size, content).with_table(table(confusion)))
}

/// A row for each true class, a column for each predicted one.
fn table(confusion: &Confusion) -> Numbers {
    let heads = confusion.classes.iter().map(|class| format!("predicted {class}"));
    let row = |(class, counts): (&String, &Vec<u64>)| {
        [format!("true {class}")].into_iter().chain(counts.iter().map(ToString::to_string)).collect()
    };
    let head = ["class".to_owned()].into_iter().chain(heads).collect();
    Numbers { head, rows: confusion.classes.iter().zip(&confusion.counts).map(row).collect() }
}
