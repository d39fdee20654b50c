use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn predict(fitted: &Fitted<Mlp, Classes<3>>) {
    let _ = fitted.predict(&[[1.0, 2.0]]);
}

fn main() {}
