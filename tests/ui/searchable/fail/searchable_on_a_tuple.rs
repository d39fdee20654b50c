use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[searchable]
    block: (Linear<4, 4>, ReLU),
    output: Linear<4, 3>,
}

fn main() {}
