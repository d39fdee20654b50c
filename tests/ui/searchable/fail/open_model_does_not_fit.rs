use dropgrid::prelude::*;

#[searchable]
struct First<const IN: usize> {
    hidden: Linear<IN, 8>,
    output: Linear<9, 3>,
}

#[searchable]
struct Second {
    hidden: Linear<2, 8>,
    output: Linear<9, 3>,
}

fn main() {}
