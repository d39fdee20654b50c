//! Searches that have not come to a good end are shown as well, and the page says so.

use dropgrid_view::{Domain, SearchView, State, Status, page, plots};

use crate::{demo, strange};

#[test]
fn a_search_that_has_not_begun() {
    let empty = page(&SearchView::default());
    assert!(empty.contains("No candidate has been tried yet.") && empty.contains("There are none yet."));
    assert!(plots(&SearchView::default()).is_empty());
    let named = strange::empty();
    assert!(plots(&named).is_empty() && page(&named).contains("There are none yet."));
}

#[test]
fn a_search_under_way() {
    let text = page(&strange::running());
    assert!(text.contains("The search is running: 41 of 300 fits are done."));
    assert!(text.contains(">unfinished, 2 of 5 folds<") && text.contains("41 of 300"));
}

#[test]
fn a_search_whose_fits_all_failed() {
    let view = strange::failed();
    let text = page(&view);
    assert!(text.contains("Every fit failed, so there is no best candidate."));
    assert_eq!(text.matches(">failed<").count(), 18);
    assert!(plots(&view).is_empty());
}

#[test]
fn reasons_of_states_open_without_a_pointer() {
    let view = demo::search(42);
    let text = page(&view);
    let pruned = view.candidates.iter().filter(|candidate| candidate.state == State::Pruned).count();
    let opened = "<td class=\"state pruned\"><details><summary>pruned, 5 of 20 epochs</summary>after ";
    assert_eq!((text.matches(opened).count(), pruned > 5), (pruned, true));
    let failed =
        "<td class=\"state failed\"><details><summary>failed</summary>the loss became NaN in epoch 3</details></td>";
    assert_eq!(text.matches(failed).count(), 1);
    assert!(!text.contains("title=\""));
    // A state without a reason opens nothing.
    assert!(page(&strange::running()).contains("<td class=\"state unfinished\">unfinished, 2 of 5 folds</td>"));
}

#[test]
fn a_search_under_constraints_says_who_keeps_to_them() {
    let mut view = strange::constrained(40);
    let text = page(&view);
    assert!(text.contains(
        "Wanted: log_loss &lt; 0.1 and recall &gt;= 0.9. 20 of 40 candidates have that; the others rank behind them."
    ));
    assert!(text.contains(">violation</button>") && text.contains("data-v=\"0.031\">0.031</td>"));
    assert!(text.contains("Hollow dots had no whole training, or miss a constraint."));
    for candidate in &mut view.candidates {
        candidate.violations = vec![Some(0.25), Some(0.0)];
    }
    assert!(page(&view).contains("No candidate that competes has that; the best misses it least, by 0.25."));
    let plain = page(&demo::search(40));
    assert!(!plain.contains("Wanted:") && !plain.contains(">violation<") && plain.contains("had no whole training.<"));
}

#[test]
fn any_two_of_many_hyperparameters_have_a_map() {
    let view = strange::many_axes();
    let maps: Vec<String> = plots(&view).into_iter().map(|plot| plot.name).collect();
    let maps: Vec<&String> = maps.iter().filter(|name| name.contains("-and-")).collect();
    // Thirteen vary, of which twelve have maps: those that matter most first.
    assert_eq!(maps.len(), 12 * 11 / 2);
    assert!(maps[..15].iter().any(|name| *name == "score-by-dropout-and-lr"), "{maps:?}");
    let text = page(&view);
    assert!(text.contains("<details><summary>51 more pairs</summary>"));
    assert!(text.len() < 1_200_000, "{}", text.len());
}

#[test]
fn a_gap_is_of_candidates_that_have_the_number_and_has_a_sign() {
    let mut view = demo::search(60);
    let caption =
        |view: &SearchView| plots(view).into_iter().find(|plot| plot.name == "train-test-gap").map(|plot| plot.caption);
    let before = caption(&view).expect("a gap");
    // Those without a dropout rate are far off, and in none of the means.
    let mut without = view.candidates[..20].to_vec();
    for candidate in &mut without {
        candidate.params[2] = serde_json::Value::Null;
        candidate.summaries[0].train_mean = Some(50.0);
    }
    view.candidates.extend(without);
    assert_eq!(caption(&view).as_ref(), Some(&before));
    // Where less is better, a training score above the test score is a lead of the test score.
    view.metrics[0].maximize = false;
    assert!(!before.contains(": −") && caption(&view).is_some_and(|caption| caption.contains(": −")));
    // Names are no numbers to go from the least to the largest.
    view.axes.truncate(2);
    view.axes[0].name = "act2".to_owned();
    view.axes[0].domain = Domain::levels(["a".into(), "b".into()]);
    assert_eq!(caption(&view), None);
}

#[test]
fn residuals_of_one_sign_keep_the_line_of_none() {
    let mut view = demo::search(6);
    let predictions = view.predictions.as_mut().expect("predictions");
    let residuals = predictions.residuals.as_mut().expect("residuals");
    residuals.points = (0..20_u8).map(|at| (f64::from(at), f64::from(at) - 5.0 - f64::from(at % 3))).collect();
    let plot = plots(&view).into_iter().find(|plot| plot.name == "residuals").expect("a plot").svg();
    // The line is below every dot and above the edge of the picture.
    let line = plot.split("class=\"chance\"").nth(1).expect("a line");
    let number = |text: &str, name: &str| -> f64 {
        let rest = text.split(&format!(" {name}=\"")).nth(1).expect("a place");
        rest.split('"').next().and_then(|number| number.parse().ok()).expect("a number")
    };
    let lowest = plot.split("class=\"dot\"").skip(1).map(|dot| number(dot, "cy")).fold(0.0, f64::max);
    assert!(number(line, "y1") > lowest + 40.0, "{lowest}");
}

#[test]
fn pictures_of_predictions_say_of_which_rows_they_are() {
    let caption = |view: &SearchView| {
        let plot = plots(view).into_iter().find(|plot| plot.name == "predicted-by-true");
        plot.expect("a plot").caption
    };
    let mut view = strange::numbers();
    assert!(caption(&view).starts_with("Each dot is one of 199 rows, evenly from all 5000, predicted by"));
    view.predictions.as_mut().expect("predictions").rows = 199;
    assert!(caption(&view).starts_with("Each dot is a row, predicted by"));
    // Of many classes each has a row and a column, and a class that no row has divides by nothing.
    let plot = plots(&strange::many_classes()).into_iter().find(|plot| plot.name == "confusion").expect("a plot");
    let svg = plot.svg();
    assert_eq!(svg.matches("<rect class=\"cell ").count(), 400);
    assert!(!svg.contains("NaN") && svg.contains("&lt;b&gt;bold&lt;/b&gt;"));
}

#[test]
fn a_search_that_ended_early_or_is_damaged() {
    let mut view = demo::search(6);
    view.status = Status::Stopped("its time was up".to_owned());
    assert!(page(&view).contains("The search ended before it was done: its time was up."));
    assert!(page(&strange::damaged()).contains("Not all of this search can be read: 3 records"));
}

#[test]
fn numbers_that_are_none_and_values_that_are_strange_draw_nothing_wrong() {
    let mut view = demo::search(20);
    view.candidates[0].summaries[0].mean = Some(f64::NAN);
    view.candidates[1].summaries[0].mean = Some(f64::INFINITY);
    view.candidates[2].summaries[0].mean = Some(-1e300);
    view.candidates[3].params.clear();
    view.candidates[4].params[3] = serde_json::Value::Null;
    view.candidates[5].params[1] = serde_json::json!({ "nested": [1, 2] });
    view.candidates[6].summaries.clear();
    view.candidates[7].fit_seconds = Some(0.0);
    view.candidates[8].curves[0].points[0].loss = Some(f64::INFINITY);
    let text = page(&view);
    for wrong in
        ["NaN,", "inf,", "\"NaN", "\"inf", ",NaN", "x=\"-", "y=\"-", "x1=\"-", "y1=\"-", "points=\"-", "d=\"M-"]
    {
        assert!(!text.contains(wrong), "{wrong}");
    }
    // One candidate, and candidates that are all the same.
    assert!(page(&demo::search(1)).contains("<tr data-c=\"0\" class=\"best\">"));
    let mut same = demo::search(4);
    let first = same.candidates[0].params.clone();
    same.candidates.iter_mut().for_each(|candidate| candidate.params.clone_from(&first));
    assert!(!plots(&same).iter().any(|plot| plot.name.starts_with("score-by-hidden")));
}
