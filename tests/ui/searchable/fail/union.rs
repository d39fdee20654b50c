use dropgrid::prelude::*;

#[searchable]
union Mlp {
    output: u32,
}

fn main() {}
