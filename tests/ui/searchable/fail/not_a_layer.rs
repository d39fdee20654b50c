use dropgrid::prelude::*;

struct Name;

#[searchable]
struct Mlp {
    name: Name,
    output: Linear<2, 3>,
}

fn main() {}
