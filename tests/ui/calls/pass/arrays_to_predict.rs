use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn predict(fitted: &Fitted<Mlp, Classes<3>>) {
    let _ = Features::from_rows([[1.0, 2.0]]).and_then(|features| fitted.predict(&features));
}

fn main() {}
