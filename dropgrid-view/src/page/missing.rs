//! Sentences on pictures that a reader looks for and that the search has nothing for.

use crate::{
    SearchView,
    markup::Element,
    plot::{Kind, Plot},
};

/// The sentence that stands in a section in the place of a picture.
pub(super) fn sentence(view: &SearchView, plots: &[Plot], kind: Kind) -> Option<String> {
    match kind {
        Kind::Importance if view.importance.is_none() && view.best.is_some() && !view.varying().is_empty() => {
            view.importance_missing.clone()
        }
        Kind::Learning => train_scores(view),
        Kind::Predictions if view.predictions.is_none() => view.predictions_missing.clone(),
        Kind::Predictions => {
            let has = |name: &str| plots.iter().any(|plot| plot.kind == kind && plot.name == name);
            let limits = [
                ("confusion", "A confusion matrix is drawn of at most 40 classes."),
                ("roc", "Receiver operating characteristics are drawn of at most 20 classes."),
            ];
            let missing = limits.into_iter().filter(|(name, _)| has("calibration") && !has(name));
            let sentences: Vec<&str> = missing.map(|(_, sentence)| sentence).collect();
            (!sentences.is_empty()).then(|| sentences.join(" "))
        }
        _ => None,
    }
}

/// The sentence as a paragraph, with what stands between backticks as code.
pub(super) fn paragraph(sentence: &str) -> Element {
    let parts = sentence.split('`').enumerate();
    parts.fold(Element::of("p", "note missing"), |paragraph, (at, part)| {
        if at % 2 == 1 { paragraph.add(&Element::new("code").text(part)) } else { paragraph.text(part) }
    })
}

/// Without training scores there is no gap between these and the test scores, which is what dropout is for.
fn train_scores(view: &SearchView) -> Option<String> {
    let mut rates = view.varying().into_iter().map(|axis| &view.axes[axis]);
    let rate = rates.find(|axis| axis.is_dropout_rate())?;
    let has_train = |candidate: &crate::Candidate| candidate.deciding().is_some_and(|it| it.train_mean.is_some());
    let is_missing = view.best_candidate().is_some() && !view.candidates.iter().any(has_train);
    is_missing.then(|| {
        format!(
            "There is no picture of the training score against the test score by {}: `.train_scores(true)` on the search adds it.",
            rate.name
        )
    })
}
