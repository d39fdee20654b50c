use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {
    let _ = Mlp::search(SuccessiveHalving::new(Random::new(16)));
}
