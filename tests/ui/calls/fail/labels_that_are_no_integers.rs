use dropgrid::prelude::*;

fn labels(floats: Vec<f32>, truths: Vec<bool>) -> dropgrid::Result<()> {
    Classes::<3>::new(floats)?;
    Binary::from_labels(truths)?;
    Ok(())
}

fn main() {}
