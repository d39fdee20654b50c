//! Tests of whole trainings: the training step, its noise, and checkpoints, each on both implementations of the step.

mod batch_of_one;
mod curve;
mod dropout;
mod golden;
mod networks;
mod resumed;
