use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {
    let (rows, labels) = (vec![[1.0_f32, 2.0]; 4], vec![0, 1, 2, 0]);
    let _ = fit(rows, labels);
}

fn fit(rows: Vec<[f32; 2]>, labels: Vec<usize>) -> dropgrid::Result<()> {
    Mlp::search(Grid).fit(&(rows, labels))?;
    Ok(())
}
