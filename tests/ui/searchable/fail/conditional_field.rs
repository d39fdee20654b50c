use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[cfg(test)]
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {}
