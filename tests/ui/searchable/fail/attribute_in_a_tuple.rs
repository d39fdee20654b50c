use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU, #[grid(0.1, 0.2)] Dropout),
    output: Linear<8, 3>,
}

fn main() {
    let _ = Mlp::search(Grid).cv(KFold::new(3));
}
