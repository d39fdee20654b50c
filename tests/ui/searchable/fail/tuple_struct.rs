use dropgrid::prelude::*;

#[searchable]
struct Mlp(Linear<2, 3>);

fn main() {}
