use dropgrid::prelude::*;

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
enum Padding {
    Zero,
    Mirror,
}

#[searchable]
struct Mlp {
    hidden: (Linear<2, 8>, ReLU),
    #[set(p = if matches!(padding, Padding::Zero) { 0.1 } else { 0.2 })]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[param]
    #[grid(Padding::Zero, Padding::Mirror)]
    padding: Padding,
}

fn main() {
    let params = MlpParams { padding: Padding::Mirror };
    println!("{params}");
}
