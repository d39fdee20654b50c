//! The order in which the gradients of a program are written.

use std::mem;

use super::Program;

/// True for each gradient that an operation adds to, since a later one has written it.
#[derive(Debug, Clone, Default)]
pub(super) struct Adds {
    pub(super) inputs: Vec<bool>,
    pub(super) parameters: bool,
}

impl Adds {
    /// Those of each operation of a program.
    pub(super) fn of(program: &Program) -> Vec<Self> {
        let (mut written, mut known) = (vec![false; program.widths.len()], Vec::new());
        written[program.output.0] = true;
        let mut adds: Vec<Self> = program
            .operations
            .iter()
            .rev()
            .map(|operation| {
                let inputs = operation.inputs().iter().map(|value| mem::replace(&mut written[value.0], true)).collect();
                let parameters = operation.weight().is_some_and(|weight| {
                    let is_known = known.contains(&weight.start);
                    known.push(weight.start);
                    is_known
                });
                Self { inputs, parameters }
            })
            .collect();
        adds.reverse();
        adds
    }
}
