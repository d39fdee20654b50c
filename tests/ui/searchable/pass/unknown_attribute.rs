use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    /// The step.
    #[allow(missing_docs)]
    #[train]
    #[grid(0.1, 0.2)]
    lr: f64,
}

fn main() {}
