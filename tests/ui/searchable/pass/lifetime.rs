use dropgrid::prelude::*;

#[searchable]
struct Mlp<const IN: usize> {
    output: Linear<IN, 3>,
}

fn main() {}
