use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh)] Neuron> {
    hidden: (Linear<2, 8>, Neuron),
    output: Linear<8, 3>,
}

fn main() {}
