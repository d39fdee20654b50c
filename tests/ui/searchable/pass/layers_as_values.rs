use dropgrid::prelude::*;

#[searchable]
struct Mlp<#[grid(ReLU, Tanh)] SecondAct> {
    hidden: Linear<4, 8>,
    second_act: SecondAct,
    output: Linear<8, 3>,
}

fn main() {}
