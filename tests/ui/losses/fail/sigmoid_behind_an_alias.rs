use dropgrid::prelude::*;

type Act = Sigmoid;
type Head = (Linear<4, 1>, Act);

#[searchable]
struct Net<const IN: usize> {
    hidden: (Linear<IN, 4>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Head,
}

fn main() -> dropgrid::Result<()> {
    let data = Dataset::new([[0.0, 1.0]], Binary::new([true])?)?;
    let _ = Net::<2>::search(Grid).fit(&data);
    Ok(())
}
