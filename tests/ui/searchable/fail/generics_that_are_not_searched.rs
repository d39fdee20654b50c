use dropgrid::prelude::*;

#[searchable]
struct Mlp<const IN: usize, const OUT: usize, #[grid(8, 16)] const HIDDEN: usize> {
    hidden: (Linear<IN, HIDDEN>, ReLU),
    output: (Linear<HIDDEN, 8>, ReLU, Linear<OUT, 3>),
}

fn main() {}
