use dropgrid::prelude::*;

#[searchable]
struct Mlp {}

fn main() {}
