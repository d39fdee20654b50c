//! Networks and their training: layers, losses and settings against the numbers of others and of dfdx's tape.

mod codes;
mod columns;
#[path = "../support/corners.rs"]
mod corners;
#[path = "../support/counting.rs"]
mod counting;
mod evaluation;
mod every_layer;
mod far;
mod gated;
mod images;
mod layers;
mod losses;
mod monte_carlo;
mod network;
#[path = "../support/own_layer.rs"]
mod own_layer;
mod promises;
mod reference;
mod scalers;
mod settings;
mod targets;
mod warnings;
mod windows;
