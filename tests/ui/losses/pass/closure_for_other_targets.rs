use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

#[test]
fn main() -> dropgrid::Result<()> {
    let data = Dataset::new([[0.0, 1.0]], Regression::new([[0.0, 1.0, 2.0]])?)?;
    let squares = CustomLoss::<Regression<3>>::new("squares", |output, truth| dfdx::losses::mse_loss(output, truth));
    let _ = Mlp::search(Grid).loss(squares).fit(&data);
    Ok(())
}
