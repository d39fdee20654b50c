use dropgrid::prelude::*;

#[searchable]
fn mlp() {}

fn main() {}
