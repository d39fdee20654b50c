use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<4, 8>,
    #[grid(ReLU, Tanh)]
    second_act: ReLU,
    output: Linear<8, 3>,
}

fn main() {}
