use dropgrid::prelude::*;

#[searchable(inptu = 2)]
struct Mlp {
    #[grid()]
    dropout: Dropout,
    output: Linear<2, 3>,
    #[train]
    #[grid(0.1, 0.1)]
    lr: f64,
    #[train]
    epochs: usize,
}

fn main() {}
