use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: u32, #[grid(0.1, 0.2)] Act> {
    hidden: (Linear<2, 8>, Act),
}

fn main() {}
