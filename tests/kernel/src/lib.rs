//! The kernels of `dropgrid-core` and their tests, built from the same files without anything else, for Miri.
//!
//! Miri needs a nightly compiler, and there dfdx's build script switches on features that no compiler of today builds.
//! The kernels do not need dfdx: what they use of the core beside themselves is the seed and one kind of failure.

#![allow(dead_code, unused_imports, unreachable_pub, missing_docs, reason = "parts of another crate")]

#[path = "../../../dropgrid-core/src/kernel/mod.rs"]
mod kernel;
#[path = "../../../dropgrid-core/src/seed.rs"]
pub mod seed;

mod error {
    #[derive(Debug)]
    pub(crate) enum Failure {
        Device { message: String },
    }
}
