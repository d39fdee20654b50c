use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[searchable]
    hidden: Linear<2, 8>,
    output: Linear<8, 3>,
}

fn main() {}
