use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<2, 8>, Residual<Linear<8, 8>>),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

fn main() {}
