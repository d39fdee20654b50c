use dropgrid::prelude::*;

#[searchable]
struct Net<#[grid(4, 8)] const UNITS: usize, #[grid(Tanh, Sigmoid)] Act> {
    hidden: (Linear<2, UNITS>, ReLU),
    output: Linear<UNITS, 2>,
    act: Act,
}

fn main() -> dropgrid::Result<()> {
    let data = Dataset::new([[0.0, 1.0]], MultiLabel::new([[true, false]])?)?;
    let _ = Net::search(Grid).fit(&data);
    Ok(())
}
