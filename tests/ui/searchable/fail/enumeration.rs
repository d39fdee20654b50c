use dropgrid::prelude::*;

#[searchable]
enum Mlp {
    Output(Linear<2, 3>),
}

fn main() {}
