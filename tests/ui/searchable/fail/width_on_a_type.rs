use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: u32, #[grid(ReLU, Tanh)] T> {
    hidden: (Linear<2, 8>, T),
}

fn main() {}
