//! A study's file as a picture needs it.

use dropgrid_view::{Fits, SearchView, State, Status};

use crate::{
    report::{Results, SearchPace, provenance::fact},
    study::{Fault, StudyFile},
};

/// The faults that are named one by one.
const NAMED: usize = 3;

/// The search that a study's file has, with the faults of what could not be read.
pub fn view_of_study(file: &StudyFile, faults: &[Fault]) -> SearchView {
    let mut view = Results::of_study(file).view();
    let info = file.info();
    let planned = info.metadata.as_ref().and_then(|metadata| metadata.fits);
    view.fits = Fits { done: file.fits(), failed: file.failed(), planned, running: info.running.fits };
    view.pace = Some(SearchPace::of_study(file).to_string()).filter(|pace| !pace.is_empty());
    let is_running = info.running.processes > 0;
    view.status = match (faults, is_running) {
        ([], true) => Status::Running,
        ([], false) => ended(&view),
        (faults, _) => Status::Damaged(words(faults)),
    };
    if view.status != Status::Done {
        // The digest is of the search before.
        view.facts.retain(|fact| fact.name != "digest");
        // What has only a part of its training, and was not given up, may still get the rest.
        view.candidates.iter_mut().filter(|it| it.state == State::Pruned && it.reason.is_none()).for_each(|it| {
            it.state = State::Unfinished;
        });
    }
    view
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

/// The facts of a study's identity: names and texts.
pub(in crate::report) fn facts(file: &StudyFile) -> Vec<dropgrid_view::Fact> {
    let metadata = file.info().metadata.as_ref();
    let mut facts: Vec<dropgrid_view::Fact> = Vec::new();
    facts.extend(metadata.and_then(|of| of.digest.as_deref()).map(|digest| fact("digest", digest)));
    for (part, text) in file.info().identity.parts() {
        match part {
            // Said elsewhere on the page.
            "metrics" | "folds" => {}
            "space" => facts.push(fact("hyperparameters", text.replace("; ", "\n"))),
            part => facts.push(fact(part, text.replace("; ", "\n"))),
        }
    }
    facts.extend(metadata.and_then(|of| of.made_by.as_deref()).map(|made_by| fact("made by", made_by)));
    facts
}
