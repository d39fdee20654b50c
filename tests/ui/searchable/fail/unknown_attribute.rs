use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    /// The step.
    #[train]
    #[serde(rename = "step")]
    #[grid(0.1, 0.2)]
    lr: f64,
}

fn main() {}
