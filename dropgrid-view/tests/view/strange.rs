//! Searches that came to no good end, and searches with strange names.

use dropgrid_view::{Confusion, Domain, Fits, Predictions, Residuals, Roc, SearchView, State, Status};
use serde_json::{Value, json};

use crate::demo;

/// The search that has not begun.
pub(crate) fn empty() -> SearchView {
    SearchView { axes: demo::search(1).axes, metrics: demo::search(1).metrics, ..SearchView::default() }
}

/// A search whose fits all failed.
pub(crate) fn failed() -> SearchView {
    let mut view = demo::search(6);
    view.best = None;
    view.fits = Fits { done: 30, failed: 30, ..Fits::default() };
    view.warnings = vec!["30 of 30 fits failed: the loss became NaN in epoch 1".to_owned()];
    view.certainty.clear();
    for candidate in &mut view.candidates {
        (candidate.state, candidate.reason) = (State::Failed, Some("the loss became NaN in epoch 1".to_owned()));
        candidate.budget = None;
        candidate.curves.clear();
        candidate.rungs.clear();
        candidate
            .summaries
            .iter_mut()
            .for_each(|it| (it.mean, it.std, it.train_mean, it.scores) = (None, None, None, vec![None; 5]));
    }
    (view.importance, view.predictions, view.front) = (None, None, None);
    view.differences.clear();
    view
}

/// A search under way.
pub(crate) fn running() -> SearchView {
    let mut view = demo::search(9);
    view.status = Status::Running;
    view.fits = Fits { done: 41, planned: Some(300), running: 2, ..Fits::default() };
    for candidate in view.candidates.iter_mut().skip(4) {
        (candidate.state, candidate.reason) = (State::Unfinished, None);
        candidate.summaries[0].scores.truncate(2);
        candidate.budget = Some("2 of 5 folds".to_owned());
    }
    view.predictions = None;
    view
}

/// A search of which some records cannot be read.
pub(crate) fn damaged() -> SearchView {
    let status = Status::Damaged("3 records have other sums than their fits.".to_owned());
    SearchView { status, predictions: None, ..demo::search(24) }
}

/// A search under constraints, which the candidates of the even numbers miss.
pub(crate) fn constrained(count: usize) -> SearchView {
    let mut view = demo::search(count);
    view.constraints = vec!["log_loss < 0.1".to_owned(), "recall >= 0.9".to_owned()];
    for candidate in &mut view.candidates {
        let missed = if candidate.number.is_multiple_of(2) { 0.031 } else { 0.0 };
        candidate.violations = vec![Some(missed), Some(0.0)];
    }
    view.best = view.best.filter(|&best| view.candidates[best].is_feasible());
    view.best = view.best.or_else(|| view.candidates.iter().position(|it| it.is_feasible() && it.mean().is_some()));
    view
}

/// A search whose names are markup, quotes, long, wide, and from right to left.
pub(crate) fn named() -> SearchView {
    let mut view = demo::search(60);
    let long = "a_very_long_name_that_somebody_gave_to_a_hyperparameter_".repeat(6);
    let names = ["<script>alert(1)</script>", "🙂 \"quoted\" & 'single'", "مُعَدَّل التعلّم", &long, "批量大小"];
    for (axis, name) in view.axes.iter_mut().zip(names) {
        name.clone_into(&mut axis.name);
    }
    view.title = String::from("שלום <b>Mlp</b> 🙂");
    let choices = ["</td><script>alert(2)</script>".to_owned(), format!("{long}{long}")];
    view.axes[1].domain = Domain::levels(choices.iter().map(|text| Value::from(text.as_str())));
    for candidate in &mut view.candidates {
        candidate.params[1] = json!(choices[candidate.number % 2]);
        if candidate.state == State::Failed {
            candidate.reason = Some(names[3].to_owned());
        }
    }
    let importance = view.importance.as_mut().expect("effects");
    importance.effects[0].names = vec![names[3].to_owned()];
    importance.effects[4].names = vec![names[3].to_owned(), names[2].to_owned()];
    view
}

/// A search for twenty classes, some of them with long names and in other letters.
pub(crate) fn many_classes() -> SearchView {
    let mut view = demo::search(30);
    let names = ["Aptenodytes forsteri", "Eudyptes", "企鹅", "пингвин", "a & b", "<b>bold</b>"];
    let classes: Vec<String> =
        (0..20).map(|at| names.get(at).map_or_else(|| format!("class {at}"), |name| (*name).to_owned())).collect();
    // A row of a class that nothing has, and one that is always taken for its neighbour.
    let count = |row: usize, column: usize| match (row, column) {
        (9, 8) => 1041,
        (7 | 9, _) => 0,
        (row, column) if row == column => 80 + 13 * row as u64,
        (row, column) => ((row * 7 + column * 11) % 13 / 9) as u64 * (row as u64 % 5),
    };
    let counts = (0..20).map(|row| (0..20).map(|column| count(row, column)).collect()).collect();
    let predictions = view.predictions.as_mut().expect("predictions");
    // Curves of all classes but those that have no rows; some of them no better than chance.
    let curve = |(at, class): (usize, &String)| {
        let power = 0.01 + 0.09 * (at % 12) as f64;
        let point = |at: u32| (f64::from(at) / 50.0, (f64::from(at) / 50.0).powf(power));
        Roc { class: class.clone(), points: (0..=50).map(point).collect(), area: 1.0 / (1.0 + power), bins: None }
    };
    let has_rows = |(at, _): &(usize, &String)| !matches!(at, 7 | 9);
    predictions.roc = classes.iter().enumerate().filter(has_rows).map(curve).collect();
    predictions.confusion = Some(Confusion { classes, counts });
    predictions.residuals = None;
    view
}

/// A search for numbers, most of which are near zero and a few far away.
pub(crate) fn numbers() -> SearchView {
    let mut view = demo::search(30);
    let point = |at: u32| {
        let truth = if at.is_multiple_of(40) { 1e6 } else { f64::from(at % 17) * 1e3 };
        (truth, truth * (0.8 + f64::from(at * 7 % 11) / 25.0) - 400.0)
    };
    let residuals = Residuals { target: "price".to_owned(), points: (1..200).map(point).collect() };
    view.predictions = Some(Predictions { rows: 5000, residuals: Some(residuals), ..Predictions::default() });
    view
}

/// A search of many hyperparameters.
pub(crate) fn many_axes() -> SearchView {
    let mut view = demo::search(80);
    let extra = 9;
    for at in 0..extra {
        let mut axis = view.axes[at % 4].clone();
        axis.name = format!("{}_{at}", axis.name);
        view.axes.push(axis);
    }
    let others: Vec<Vec<Value>> = view.candidates.iter().map(|candidate| candidate.params.clone()).collect();
    for (number, candidate) in view.candidates.iter_mut().enumerate() {
        for at in 0..extra {
            candidate.params.push(others[(number * 7 + at * 13) % others.len()][at % 4].clone());
        }
    }
    view
}
