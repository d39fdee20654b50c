//! The engine that runs jobs on threads of this process.

mod threads;

pub(crate) use threads::{LONG, Workers, catch, lead, run, run_alone};
