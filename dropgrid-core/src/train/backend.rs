//! The two backends of a network's training passes. A network is compiled for one of them.

use crate::program::Program;

/// Runs training passes as a [`Program`], which the function makes of a network whose layers can be lowered.
pub(crate) struct ProgramBackend<N>(pub(crate) fn(&N) -> Program);

/// Runs training passes on dfdx's tape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TapeBackend;
