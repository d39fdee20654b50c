//! Searches: their settings, their choice and their report.

mod ask_tell;
mod builder;
#[path = "../support/child.rs"]
mod child;
mod conditional_widths;
mod constraints;
#[path = "../support/corners.rs"]
mod corners;
mod curves;
mod data;
mod every_training;
#[path = "../support/faulty.rs"]
mod faulty;
mod guide;
mod hooks;
#[path = "../support/one_by_one.rs"]
mod one_by_one;
#[path = "../support/own_layer.rs"]
mod own_layer;
mod pictures;
mod prefix;
mod retries;
mod rules;
mod searches;
mod stopping;
mod strategies;
mod targets;
mod tensorboard;
mod threads;
mod undefined;
mod validation;
mod warm_start;
