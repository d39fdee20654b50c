//! The receiver operating characteristics of classes.

use super::{
    Kind, Plot,
    frame::{Frame, labelled, shortened},
    numbers::Numbers,
    scale::Scale,
};
use crate::{
    Predictions, Roc,
    markup::{Element, points},
    number,
};

/// The most points of all lines together.
const MOST: usize = 1200;
/// The most classes that are drawn, which is the number of lines that can be told apart.
const LINES: usize = 10;
/// The height of a line of the legend, the width of its texts, and that of a class in wide fonts.
const LEGEND: (f64, f64, f64) = (14.0, 126.0, 66.0);
const SIZE: (f64, f64) = (360.0, 340.0);

pub(super) fn plot(predictions: &Predictions) -> Option<Plot> {
    let all: Vec<&Roc> = predictions.roc.iter().filter(|roc| roc.points.len() > 1).collect();
    let frame = Frame { right: 20.0, ..Frame::new(SIZE.0, SIZE.1) };
    let unit = Scale { low: 0.0, high: 1.0, log: false };
    let mut content = Element::new("g");
    content.push(&frame.left_axis(&unit.ticks(5), "true positives"));
    content.push(&frame.bottom_axis(&unit.ticks(5), "false positives"));
    let chance = [("x1", frame.x(0.0)), ("y1", frame.y(0.0)), ("x2", frame.x(1.0)), ("y2", frame.y(1.0))];
    content.push(&Element::of("line", "chance").place(chance));
    let drawn = drawn(&all);
    for (series, roc) in drawn.iter().enumerate().rev() {
        let class = if all.len() == 1 { "series s0".to_owned() } else { format!("series c{series}") };
        let line = corners(&roc.points, MOST / drawn.len());
        let line = points(line.map(|(x, y)| (frame.x(x.clamp(0.0, 1.0)), frame.y(y.clamp(0.0, 1.0)))));
        content.push(&Element::of("polyline", &class).set("points", line));
    }
    let caption = match all[..] {
        [] => return None,
        [roc] => {
            let place = [("x", frame.x(0.96)), ("y", frame.y(0.06))];
            let text = Element::of("text", "item").place(place).set("text-anchor", "end");
            content.push(&text.text(&format!("area {}", area(roc))));
            format!("{} The straight line is chance.", of_one(roc))
        }
        [first, ..] => {
            content.push(&legend(&frame, &drawn));
            let bins = first.bins.map(|bins| format!(", by {bins} bins of its probability")).unwrap_or_default();
            let mean = all.iter().map(|roc| roc.area).sum::<f64>() / all.len() as f64;
            let mean = area(&Roc { area: mean, bins: first.bins, ..Roc::default() });
            format!(
                "Each class against all others{bins}, with the area under its curve; the mean of the areas is {mean}.{} The straight \
                 line is chance.",
                others(&all, &drawn)
            )
        }
    };
    let title = "Receiver operating characteristic";
    let rows = all.iter().map(|roc| vec![roc.class.clone(), area(roc)]).collect();
    let table = Numbers::new(&["class", "area under the curve"], rows);
    Some(Plot::new(Kind::Predictions, "roc", title, caption, SIZE, content).with_table(table))
}

/// Those that are drawn: all, or those of the least areas, in the order of the classes.
fn drawn<'a>(all: &[&'a Roc]) -> Vec<&'a Roc> {
    let mut places: Vec<usize> = (0..all.len()).collect();
    places.sort_by(|&a, &b| all[a].area.total_cmp(&all[b].area));
    places.truncate(LINES);
    places.sort_unstable();
    places.into_iter().map(|at| all[at]).collect()
}

/// A sentence on the classes that are not drawn.
fn others(all: &[&Roc], drawn: &[&Roc]) -> String {
    let left = all.len() - drawn.len();
    let most = drawn.iter().max_by(|a, b| a.area.total_cmp(&b.area)).map_or(String::new(), |roc| area(roc));
    match left {
        0 => String::new(),
        1 => format!(" The class with the largest area is not drawn; the others have up to {most}."),
        left => format!(" The {left} classes with the largest areas are not drawn; the others have up to {most}."),
    }
}

/// What the points and the area of a single curve are.
fn of_one(roc: &Roc) -> String {
    let area = area(roc);
    match roc.bins {
        None => format!("Each point is a threshold; the area under the curve is {area}."),
        Some(bins) => format!(
            "Each point is a bound of {bins} bins of the probability; the area under the curve is {area} by these bins, where rows of \
             one bin count half."
        ),
    }
}

/// Below the line of chance, where no curve should be: a piece of each line, its class and its area.
fn legend(frame: &Frame, drawn: &[&Roc]) -> Element {
    let (height, width, room) = LEGEND;
    let mut legend = Element::new("g");
    for (series, roc) in drawn.iter().enumerate() {
        let y = frame.y(0.03) - height * (drawn.len() - 1 - series) as f64;
        let (end, start) = (frame.x(0.99), frame.x(0.99) - width);
        let line = [("x1", start - 26.0), ("y1", y - 3.8), ("x2", start - 6.0), ("y2", y - 3.8)];
        legend.push(&Element::of("line", &format!("series c{series}")).place(line));
        let text = Element::of("text", "item halo").place([("x", start), ("y", y)]);
        legend.push(&labelled(text, &shortened(&roc.class, room), &roc.class));
        let text = Element::of("text", "item halo").place([("x", end), ("y", y)]).set("text-anchor", "end");
        legend.push(&text.text(&area(roc)));
    }
    legend
}

/// The points at which a curve turns, of which at most about so many are left.
fn corners(curve: &[(f64, f64)], most: usize) -> impl Iterator<Item = (f64, f64)> {
    let is_corner = |at: &usize| {
        let Some(&(before, next)) = at.checked_sub(1).and_then(|last| curve.get(last)).zip(curve.get(at + 1)).as_ref()
        else {
            return true;
        };
        let here = curve[*at];
        !(before.0 == here.0 && here.0 == next.0 || before.1 == here.1 && here.1 == next.1)
    };
    let turning: Vec<usize> = (0..curve.len()).filter(is_corner).collect();
    let (every, last) = (turning.len().div_ceil(most.max(1)).max(1), turning.len().saturating_sub(1));
    let kept = turning.into_iter().enumerate().filter(move |(at, _)| at % every == 0 || *at == last);
    kept.map(|(_, at)| curve[at]).collect::<Vec<_>>().into_iter()
}

/// The area under the curve: with three decimals where it is that of bins, whose error is in the fourth.
fn area(roc: &Roc) -> String {
    match roc.bins {
        None => number::score(Some(roc.area)),
        // No bin says that every row is right.
        Some(_) if roc.area < 1.0 && roc.area >= 0.9995 => "> 0.999".to_owned(),
        Some(_) => format!("{:.3}", roc.area),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(class: &str, area: f64, bins: Option<usize>) -> Roc {
        Roc { class: class.to_owned(), points: vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], area, bins }
    }

    fn drawn(roc: Vec<Roc>) -> Plot {
        plot(&Predictions { roc, ..Predictions::default() }).expect("a curve")
    }

    #[test]
    fn the_area_has_the_digits_that_are_known() {
        let caption = |area: f64, bins: Option<usize>| drawn(vec![curve("yes", area, bins)]).caption;
        assert!(caption(0.876_543, None).contains("is 0.8765."));
        assert!(caption(0.876_543, Some(128)).contains("a bound of 128 bins"));
        assert!(caption(0.876_543, Some(128)).contains("is 0.877 by these bins"));
        assert!(caption(0.999_7, Some(128)).contains("is > 0.999 by these bins"));
        assert!(caption(1.0, Some(128)).contains("is 1.000 by these bins"));
    }

    #[test]
    fn each_class_has_a_line_and_its_area_in_the_legend() {
        let three = drawn([("a", 0.5), ("b", 0.75), ("c", 0.997)].map(|(class, area)| curve(class, area, None)).into());
        let content = three.content.to_string();
        for (series, class) in ["a", "b", "c"].into_iter().enumerate() {
            assert_eq!(content.matches(&format!("class=\"series c{series}\"")).count(), 2, "a line and its key");
            assert!(content.contains(&format!(">{class}</text>")), "{content}");
        }
        assert!(
            content.contains(">0.7500</text>") && three.caption.contains("the mean of the areas is 0.7490."),
            "{content}"
        );
        assert!(!three.caption.contains("drawn"), "{}", three.caption);
    }

    #[test]
    fn of_many_classes_those_of_the_least_areas_are_drawn_and_the_table_has_all() {
        let classes = (0..13).map(|at| curve(&format!("class {at}"), 0.99 - f64::from(at) / 100.0, Some(128)));
        let plot = drawn(classes.collect());
        let content = plot.content.to_string();
        assert_eq!(content.matches("<polyline").count(), LINES);
        assert!(!content.contains(">class 2</text>") && content.contains(">class 3</text>"), "{content}");
        let wanted = "The 3 classes with the largest areas are not drawn; the others have up to 0.960.";
        assert!(plot.caption.contains(wanted), "{}", plot.caption);
        let table = plot.table.expect("a table");
        assert_eq!((table.rows.len(), &table.rows[0]), (13, &vec!["class 0".to_owned(), "0.990".to_owned()]));
    }

    #[test]
    fn a_line_keeps_its_corners() {
        let steps = [(0.0, 0.0), (0.0, 0.2), (0.0, 0.5), (0.3, 0.5), (0.5, 0.5), (0.6, 0.9), (1.0, 1.0)];
        let kept: Vec<_> = corners(&steps, 100).collect();
        assert_eq!(kept, [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.6, 0.9), (1.0, 1.0)]);
        let kept: Vec<_> = corners(&steps, 3).collect();
        assert_eq!(kept, [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)], "the ends stay");
    }
}
