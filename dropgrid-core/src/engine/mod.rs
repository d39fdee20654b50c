//! The engine that runs jobs: threads of this process.

mod threads;

pub(crate) use threads::{Workers, LONG, catch, lead, run};
