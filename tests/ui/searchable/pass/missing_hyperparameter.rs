use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize> {
    hidden: Linear<2, HIDDEN>,
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
}

#[test]
fn main() {
    let _ = Mlp::builder().hidden::<8>().dropout(0.2).build(0);
}
