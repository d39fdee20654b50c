//! A study's file as a picture needs it.

use dropgrid_view::{Fits, Front, SearchView, State, Status};

use super::front::view as front;
use crate::{
    error::Result,
    report::{Objective, ParetoRanking, Results, SearchPace, provenance::fact},
    study::{Fault, SearchEnd, StudyFile},
};

/// The faults that are named one by one.
const NAMED: usize = 3;

/// The search that a study's file has, with the faults of what could not be read.
pub fn view_of_study(file: &StudyFile, faults: &[Fault]) -> SearchView {
    let results = Results::of_study(file);
    let mut view = results.view_of_scores();
    let info = file.info();
    if info.metadata.is_none() {
        view.fits = Fits { done: file.fits(), failed: file.failed(), ..view.fits };
    }
    view.fits.planned = info.metadata.as_ref().and_then(|metadata| metadata.fits);
    view.fits.running = info.running.fits;
    view.pace = Some(SearchPace::of_study(file).to_string()).filter(|pace| !pace.is_empty());
    let is_running = info.running.processes > 0;
    view.status = match (faults, is_running) {
        ([], true) => Status::Running,
        ([], false) => ended(&view),
        (faults, _) => Status::Damaged(words(faults)),
    };
    if let Some(metadata) = &info.metadata {
        view.warnings.splice(0..0, metadata.warnings.iter().cloned());
    }
    // While a search goes on, what the file has is the end of the one before.
    let end = info.metadata.as_ref().and_then(|metadata| metadata.end.as_ref()).filter(|_| !is_running);
    match (&view.status, end) {
        (Status::Stopped(_), Some(SearchEnd { stopped: Some(why), planned, .. })) => {
            view.status = Status::Stopped(why.clone());
            view.fits.planned = *planned;
        }
        (Status::Done, Some(SearchEnd { stopped: None, .. })) => view.fits.planned = None,
        _ => view.facts.retain(|fact| fact.name != "digest"),
    }
    let end = end.filter(|_| matches!(view.status, Status::Done | Status::Stopped(_)));
    view.certainty =
        results.certainty(end.and_then(|end| end.correction.clone()), end.and_then(|end| end.choice.clone()));
    if let Some(end) = end {
        view.seconds = Some(end.seconds);
        view.warnings.extend(end.warnings.iter().cloned());
        let chosen = end.chosen.as_ref().and_then(|(epochs, name)| {
            file.candidates().iter().position(|it| (it.epochs, &it.name) == (*epochs, name))
        });
        if let Some(chosen) = chosen.filter(|&at| !results.candidates()[at].mean(0).is_nan()) {
            view.best = Some(chosen);
            results.add_predictions(&mut view);
        }
    }
    if view.status != Status::Done {
        // What has only a part of its training, and was not given up, may still get the rest.
        view.candidates.iter_mut().filter(|it| it.state == State::Pruned && it.reason.is_none()).for_each(|it| {
            it.state = State::Unfinished;
        });
    }
    view
}

/// The candidates of a study by several objectives, for [`SearchView::front`]: metrics, times, and the number of
/// parameters.
///
/// # Errors
/// Those of [`Report::pareto`](crate::report::Report::pareto).
pub fn front_of_study(file: &StudyFile, objectives: impl IntoIterator<Item = Objective>) -> Result<Front> {
    let results = Results::of_study(file);
    let objectives = objectives.into_iter().collect();
    let ranking = ParetoRanking::new(&results, objectives, &mut |at| results.candidates()[at].parameters())?;
    Ok(front(&ranking, results.candidates().len()))
}

/// The status of a search at which nobody works.
fn ended(view: &SearchView) -> Status {
    match view.fits.planned {
        Some(planned) if view.fits.done < planned => {
            Status::Stopped(format!("{} of {planned} fits are done, and no process works on it", view.fits.done))
        }
        Some(_) => Status::Done,
        // A strategy that decides on the way how many fits there are, as a race, has a word on every candidate at its
        // end.
        None => match view.candidates.iter().filter(|candidate| candidate.state == State::Unfinished).count() {
            0 => Status::Done,
            open => Status::Stopped(format!("{open} candidates are not done, and no process works on it")),
        },
    }
}

/// The first faults in words, and the number of the others.
fn words(faults: &[Fault]) -> String {
    let mut words: Vec<String> = faults.iter().take(NAMED).map(ToString::to_string).collect();
    if faults.len() > NAMED {
        words.push(format!("and {} more", faults.len() - NAMED));
    }
    words.join("; ")
}

/// The facts about the search that a study's file has: names and texts. Where the search wrote none, those of its
/// identity.
pub(in crate::report) fn facts(file: &StudyFile) -> Vec<dropgrid_view::Fact> {
    let metadata = file.info().metadata.as_ref();
    let mut facts: Vec<dropgrid_view::Fact> = Vec::new();
    facts.extend(metadata.and_then(|of| of.end.as_ref()).map(|end| fact("digest", &*end.digest)));
    let written = metadata.map_or(&[][..], |metadata| &metadata.facts);
    // A search that is told its scores writes only where it ran.
    if written.len() <= 1 {
        for (part, text) in file.info().identity.parts() {
            match part {
                // Said elsewhere on the page.
                "metrics" | "folds" => {}
                "space" => facts.push(fact("hyperparameters", text.replace("; ", "\n"))),
                part => facts.push(fact(part, text.replace("; ", "\n"))),
            }
        }
    }
    facts.extend_from_slice(written);
    facts
}
