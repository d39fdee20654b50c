use dropgrid::prelude::*;

#[searchable]
struct Bare {
    units: usize,
    hidden: Linear<2, units>,
    output: Linear<units, 3>,
}

#[searchable]
struct WithValues {
    #[grid(8, 16)]
    units: usize,
    hidden: Linear<2, units>,
    output: Linear<units, 3>,
}

fn main() {}
