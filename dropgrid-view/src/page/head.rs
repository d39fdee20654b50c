//! The head of the page: the best candidate, how sure it is, and what went wrong.

use crate::{
    Candidate, SearchView, State, Status,
    markup::Element,
    number::{brief, count, counted, deviation, score, time, value},
};

/// The warnings that are shown at once.
const WARNINGS: usize = 5;

pub(super) fn head(view: &SearchView) -> Element {
    let title = if view.title.is_empty() { "A search" } else { &view.title };
    let mut head = Element::new("header");
    head.push(&Element::of("p", "kicker").text("Hyperparameter search"));
    head.push(&Element::new("h1").text(title));
    head.push(&best(view));
    let mut head = head.extend(status(view));
    for sentence in &view.certainty {
        head.push(&Element::of("p", "certainty").text(sentence));
    }
    let mut head = head.extend(constraints(view));
    head.push(&numbers(view));
    head.extend(warnings(view))
}

/// The best score and the hyperparameters that have it, in a sentence.
fn best(view: &SearchView) -> Element {
    let lead = Element::of("p", "lead");
    let (Some(best), Some(metric)) = (view.best_candidate(), view.metric()) else {
        return lead.text(nothing(view));
    };
    let deciding = best.deciding();
    let mut lead = lead.text(&format!("Best {} ", metric.name));
    lead.push(&Element::new("strong").text(&score(best.mean())));
    if let Some(std) = deciding.and_then(|summary| summary.std) {
        lead.push(&Element::of("span", "soft").text(&format!(" ± {}", deviation(Some(std), best.mean()))));
    }
    let varying = view.varying();
    let axes: Vec<usize> = if varying.is_empty() { (0..view.axes.len()).collect() } else { varying };
    let present = axes.into_iter().filter(|&axis| best.params.get(axis).is_some_and(|value| !value.is_null()));
    for (at, axis) in present.enumerate() {
        lead = lead.text(if at == 0 { " with " } else { ", " });
        lead.push(&Element::new("code").text(&format!("{} = {}", view.axes[axis].name, value(&best.params[axis]))));
    }
    lead
}

/// The reason why there is no best candidate.
fn nothing(view: &SearchView) -> &'static str {
    match (view.candidates.len(), view.fits.done, view.fits.failed) {
        (0, ..) if matches!(view.status, Status::Damaged(_)) => "No candidate can be read.",
        (0, ..) => "No candidate has been tried yet.",
        (_, done, failed) if done > 0 && done == failed => "Every fit failed, so there is no best candidate.",
        _ => "No candidate has a score on every fold yet.",
    }
}

fn status(view: &SearchView) -> Option<Element> {
    let text = match &view.status {
        Status::Done => return None,
        Status::Running => {
            let done = match view.fits.planned {
                Some(planned) => format!("{} of {} fits are done", count(view.fits.done), count(planned)),
                None => format!("{} done", counted(view.fits.done, "fit is", "fits are")),
            };
            let pace = view.pace.as_ref().map(|pace| format!(" ({pace})")).unwrap_or_default();
            format!("The search is running: {done}{pace}.")
        }
        Status::Stopped(why) => format!("The search ended before it was done: {why}."),
        Status::Damaged(why) => format!("Not all of this search can be read: {why}"),
    };
    let class = if view.status == Status::Running { "status running" } else { "status" };
    Some(Element::of("p", class).set("role", "status").text(&text))
}

/// A sentence on the constraints and on who keeps to them.
fn constraints(view: &SearchView) -> Option<Element> {
    let (all, feasible) = (view.candidates.len(), view.candidates.iter().filter(|it| it.is_feasible()).count());
    let best = view.best_candidate().filter(|best| !best.is_feasible()).and_then(Candidate::violation);
    let who = match best {
        _ if all == 0 => String::new(),
        Some(missed) => {
            format!(" No candidate that competes has that; the best misses it least, by {}.", brief(missed))
        }
        None => format!(" {} of {} candidates have that; the others rank behind them.", count(feasible), count(all)),
    };
    let bounds = view.constraints.join(" and ");
    (!bounds.is_empty()).then(|| Element::of("p", "certainty").text(&format!("Wanted: {bounds}.{who}")))
}

/// The sizes of the search.
fn numbers(view: &SearchView) -> Element {
    let mut list = Element::of("dl", "numbers");
    let mut add = |name: &str, text: String| {
        let pair = Element::new("div").add(&Element::new("dt").text(name)).add(&Element::new("dd").text(&text));
        list.push(&pair);
    };
    let of_state = |state: State| view.candidates.iter().filter(|candidate| candidate.state == state).count();
    add("candidates", count(view.candidates.len()));
    for state in [State::Pruned, State::Unfinished] {
        if of_state(state) > 0 {
            add(state.word(), count(of_state(state)));
        }
    }
    if view.folds > 0 {
        add("folds", count(view.folds));
    }
    let planned = view.fits.planned.filter(|&planned| planned != view.fits.done);
    let of = planned.map(|planned| format!(" of {}", count(planned))).unwrap_or_default();
    add("fits", format!("{}{of}", count(view.fits.done)));
    if view.fits.failed > 0 {
        add("failed fits", count(view.fits.failed));
    }
    if let Some(seconds) = view.seconds {
        add("time", time(seconds));
    }
    list
}

fn warnings(view: &SearchView) -> Option<Element> {
    let item = |warning: &String| Element::new("li").text(warning);
    let (first, others) = view.warnings.split_at(view.warnings.len().min(WARNINGS));
    if first.is_empty() {
        return None;
    }
    let heading = Element::new("h2").text(&counted(view.warnings.len(), "warning", "warnings"));
    let mut block = Element::of("section", "warnings").add(&heading);
    block.push(&Element::new("ul").extend(first.iter().map(item)));
    if !others.is_empty() {
        let summary = Element::new("summary").text(&format!("{} more", count(others.len())));
        let list = Element::new("ul").extend(others.iter().map(item));
        block.push(&Element::new("details").add(&summary).add(&list));
    }
    Some(block)
}
