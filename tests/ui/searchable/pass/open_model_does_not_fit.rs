use dropgrid::prelude::*;

#[searchable]
struct First<const IN: usize> {
    hidden: Linear<IN, 8>,
    output: Linear<8, 3>,
}

#[searchable]
struct Second {
    hidden: Linear<2, 8>,
    output: Linear<8, 3>,
}

fn main() {}
