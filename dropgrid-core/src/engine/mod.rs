//! Who runs the jobs: threads of this process.

mod threads;

pub(crate) use threads::{Hands, LONG, catch, lead, run};
