//! Searches with a study: killed, interrupted, shared and continued.

mod checkpoints;
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
