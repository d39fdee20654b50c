//! Searches with a study: killed, interrupted, shared and continued.

mod checkpoints;
#[path = "../support/child.rs"]
mod child;
mod claims;
mod continuation;
#[path = "../support/corners.rs"]
mod corners;
mod faults;
mod limits;
#[path = "../support/own_layer.rs"]
mod own_layer;
mod processes;
mod study;

use std::path::Path;

use dropgrid::study::Archive;

/// Fits kept in a file; none where it is only being made.
fn kept(study: &Path) -> usize {
    Archive::open(study).map_or(0, |study| study.fits())
}
