//! Tables, splitters and metrics: the numbers of pandas and scikit-learn, what holds of all, and what is refused.

mod metrics;
mod metrics_errors;
mod metrics_golden;
mod metrics_invariants;
mod splitters_errors;
mod splitters_golden;
mod splitters_invariants;
mod tables;
mod walk_forward_golden;
