use dropgrid::prelude::*;

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
enum Strength {
    Off,
    Rate(f64),
}

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    #[set(p = match strength { Strength::Off => 0.0, Strength::Rate(rate) => rate })]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[param]
    #[grid(Strength::Off, Strength::Rate(0.1))]
    strength: Strength,
}

fn main() {}
