#![allow(unused_imports)]

use dfdx::{
    nn::{Module, ModuleMut},
    shapes::Rank1,
    tensor::{Cpu, Trace, ZerosTensor},
};
use dropgrid::prelude::*;

// No dropout: a bare dfdx tuple of these layers would take a batch of either kind.
#[searchable]
struct Plain {
    hidden: (Linear<2, 4>, ReLU),
    output: Linear<4, 3>,
}

#[test]
fn main() -> dropgrid::Result<()> {
    let mut network = Plain::builder().build(0)?;
    let batch = Cpu::default().zeros::<Rank1<2>>();
    network.forward(batch.clone());
    network.forward_mut(batch.leaky_trace());
    Ok(())
}
