//! Who runs the jobs: threads of this process.

mod threads;

pub(crate) use threads::{catch, run, run_in_groups};
