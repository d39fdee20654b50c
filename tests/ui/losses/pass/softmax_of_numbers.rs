use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<2, 4>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: (Linear<4, 3>, Softmax),
}

fn main() -> dropgrid::Result<()> {
    let data = Dataset::new([[0.0, 1.0]], Regression::new([[0.2, 0.5, 0.3]])?)?;
    let _ = Mlp::search(Grid).fit(&data);
    Ok(())
}
