use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    name: std::path::PathBuf,
    output: Linear<2, 3>,
}

fn main() {}
