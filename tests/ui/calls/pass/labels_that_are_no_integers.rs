use dropgrid::prelude::*;

fn labels(integers: Vec<u8>, truths: Vec<bool>) -> dropgrid::Result<()> {
    Classes::<3>::new(integers)?;
    Binary::new(truths)?;
    Ok(())
}

fn main() {}
