use dropgrid::prelude::*;

#[searchable(tests)]
struct Mlp<const IN: usize> {
    output: Linear<IN, 3>,
}

fn main() {}
