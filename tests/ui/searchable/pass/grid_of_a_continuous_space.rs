use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

#[test]
fn main() {
    let _ = Mlp::search(Random::new(10));
}
