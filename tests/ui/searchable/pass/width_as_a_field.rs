use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(8, 16)] const UNITS: usize> {
    hidden: Linear<2, UNITS>,
    output: Linear<UNITS, 3>,
}

fn main() {}
