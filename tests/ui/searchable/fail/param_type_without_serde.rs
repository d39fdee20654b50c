use dropgrid::prelude::*;

#[derive(Debug, Clone, PartialEq)]
enum Padding {
    Zero,
    Mirror,
}

#[searchable]
struct Mlp {
    hidden: (Linear<2, 8>, ReLU),
    #[set(p = if padding == Some(Padding::Zero) { 0.1 } else { late / 2.0 })]
    dropout: Dropout,
    #[grid(0.1, 0.2)]
    late: Dropout,
    output: Linear<8, 3>,
    #[param]
    #[when(late > 0.1)]
    #[grid(Padding::Zero, Padding::Mirror)]
    padding: Padding,
}

fn main() {}
