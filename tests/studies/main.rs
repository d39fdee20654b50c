//! Searches with a study: killed, interrupted, shared and continued.

mod budgets;
mod checkpoints;
#[path = "../support/child.rs"]
mod child;
mod claims;
mod cluster;
mod continuation;
#[path = "../support/corners.rs"]
mod corners;
#[path = "../support/counting.rs"]
mod counting;
mod faults;
mod limits;
#[path = "../support/own_layer.rs"]
mod own_layer;
mod processes;
mod study;

use std::path::Path;

use dropgrid::study::{Checkpoint, Records, State, States, StudyFile};

/// Fits kept in a file; none where it is only being made.
fn kept(study: &Path) -> usize {
    StudyFile::open(study).map_or(0, |study| study.fits())
}

/// The state of a fold's training with the most epochs.
fn longest_state(store: &mut impl States, fold: u32) -> Option<State> {
    let names = store.states().expect("read").into_iter().map(|info| info.name).filter(|name| name.fold == fold);
    let name = names.max_by_key(|name| name.epochs)?;
    store.state_reader().and_then(|mut read| read(&name.trajectory, fold, name.epochs)).expect("read")
}

/// Saves a state.
fn save(store: &mut impl Records, state: &State) {
    store.add(&[], &[&Checkpoint { state: state.clone(), fits: Vec::new() }], &[]).expect("written");
}
