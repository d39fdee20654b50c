//! Pictures that a reader looks for and that the search has nothing for, and numbers for those who see none.

use dropgrid_view::{SearchView, page};

use crate::{demo, strange};

/// The sentences that stand in the place of a picture.
fn sentences(view: &SearchView) -> Vec<String> {
    let page = page(view);
    let sentences = page.split("<p class=\"note missing\">").skip(1);
    sentences.filter_map(|rest| rest.split("</p>").next()).map(str::to_owned).collect()
}

#[test]
fn a_gap_without_training_scores_says_who_adds_it() {
    let mut view = demo::search(30);
    assert_eq!(sentences(&view), [""; 0]);
    view.candidates.iter_mut().flat_map(|it| &mut it.summaries).for_each(|summary| summary.train_mean = None);
    let wanted = "There is no picture of the training score against the test score by dropout: \
                  <code>.train_scores(true)</code> on the search adds it.";
    assert_eq!(sentences(&view), [wanted]);
    // Its section has a heading and a link also where there are no curves.
    view.candidates.iter_mut().for_each(|candidate| candidate.curves.clear());
    assert_eq!(sentences(&view), [wanted]);
    let text = page(&view);
    assert!(text.contains("<a href=\"#learning\">Learning</a>") && text.contains("<section id=\"learning\"><h2>"));
    assert!(!text.contains("plot-train-test-gap"));
    // Without a dropout rate that varies nobody looks for it.
    view.axes[2].name = "momentum".to_owned();
    assert_eq!(sentences(&view), [""; 0]);
}

#[test]
fn reasons_stand_in_the_place_of_importance_and_predictions() {
    let mut view = demo::search(30);
    view.importance_missing = Some("too <few>".to_owned());
    view.predictions_missing = Some("not `kept`".to_owned());
    assert_eq!(sentences(&view), [""; 0]);
    (view.importance, view.predictions) = (None, None);
    assert_eq!(sentences(&view), ["too &lt;few&gt;", "not <code>kept</code>"]);
    let text = page(&view);
    assert!(
        text.contains(
            "<section id=\"predictions\"><h2>Predictions of the best</h2><p class=\"note missing\">not <code>"
        )
    );
    // The differences are still there.
    assert!(text.contains("<a href=\"#importance\">") && text.contains("id=\"plot-differences\""));
    // A search without a best candidate says so in its head.
    view.best = None;
    assert_eq!(sentences(&view), ["not <code>kept</code>"]);
    let mut view = strange::many_classes();
    assert_eq!(sentences(&view), [""; 0]);
    view.predictions.as_mut().expect("predictions").roc.clear();
    assert_eq!(sentences(&view), ["Receiver operating characteristics are drawn of at most 20 classes."]);
    view.predictions.as_mut().expect("predictions").confusion = None;
    let both = "A confusion matrix is drawn of at most 40 classes. Receiver operating characteristics are drawn of at most 20 classes.";
    assert_eq!(sentences(&view), [both]);
}

#[test]
fn a_large_search_compares_no_two_candidates() {
    let view = demo::search(20_001);
    assert_eq!(sentences(&view), [demo::MANY]);
    let text = page(&view);
    assert!(
        !text.contains("plot-importance")
            && !text.contains("plot-differences")
            && !text.contains("as good as the best")
    );
}

#[test]
fn numbers_of_pictures_stand_in_tables_as_well() {
    let text = page(&demo::search(30));
    let table = |name: &str| {
        let figure = text.split(&format!("id=\"plot-{name}\"")).nth(1).and_then(|rest| rest.split("</figure>").next());
        figure.and_then(|figure| figure.split("<div class=\"hidden\">").nth(1)).unwrap_or("").to_owned()
    };
    let importance = table("importance");
    assert!(importance.starts_with("<table><caption>Which hyperparameters matter</caption><thead>"), "{importance}");
    assert!(importance.contains("<th scope=\"row\">lr</th><td>52 %</td>"), "{importance}");
    assert!(importance.contains("<th scope=\"row\">dropout × lr</th><td>6 %</td>"), "{importance}");
    let differences = table("differences");
    let row = "<th scope=\"row\">dropout: 0 → 0.1</th><td>+0.0061</td><td>+0.0030</td><td>+0.0092</td><td>20</td>";
    assert!(differences.contains(row), "{differences}");
    assert!(differences.contains("<th scope=\"col\">difference in accuracy</th>"), "{differences}");
    let confusion = table("confusion");
    assert_eq!(confusion.matches("<td>").count(), 100);
    assert!(confusion.contains("<th scope=\"col\">predicted 0</th>"), "{confusion}");
    assert!(confusion.contains("<th scope=\"row\">true 0</th><td>172</td>"), "{confusion}");
    let roc = table("roc");
    assert_eq!(roc.matches("<td>").count(), 10);
    assert!(roc.contains("<th scope=\"col\">area under the curve</th>"), "{roc}");
    assert!(roc.contains("<th scope=\"row\">4</th><td>0.980</td>"), "{roc}");
    // The others draw what their captions say, and have none.
    assert_eq!(text.matches("<div class=\"hidden\">").count(), 4);
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let text = page(&demo::search(3));
    for label in ["std of accuracy", "std of log_loss"] {
        assert_eq!(text.matches(&format!("aria-label=\"{label}\">std</button>")).count(), 1, "{label}");
    }
}
