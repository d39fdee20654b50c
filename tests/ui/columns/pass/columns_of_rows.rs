use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    pub age: Option<f32>,
    fare: f32,
    sex: Sex,
}

#[derive(Category)]
enum Sex {
    Female,
    Male,
}

#[searchable(rows = Passenger)]
struct Mlp<#[grid(1, 2)] const WIDTH: usize, #[grid(Mean, Median)] Fill> {
    #[columns(fare, age)]
    scale: (Impute<2, Fill>, Standardize<2>),
    #[columns(sex)]
    sex: OneHot<2>,
    #[columns(sex)]
    again: Embed<{ Sex::COUNT }, WIDTH>,
    hidden: (Linear<{ 4 + WIDTH }, { 2 * WIDTH }>, ReLU),
    output: Linear<{ 2 * WIDTH }, 1>,
}

#[searchable]
struct Untyped {
    #[columns("Sepal.Length", width)]
    named: Standardize<2>,
    #[columns(..)]
    rest: MinMax<3>,
    output: Linear<5, 1>,
}

#[derive(Row)]
struct Iris {
    #[row(name = "Sepal.Length")]
    sepal_length: f64,
    species: u8,
}

#[searchable(rows = Iris)]
struct Renamed {
    #[columns(sepal_length)]
    length: Standardize<1>,
    #[columns(..)]
    rest: MinMax<1>,
    output: Linear<2, 1>,
}

#[searchable(rows = Iris)]
struct Numbers {
    output: Linear<2, 1>,
}

/// Widths that are computed need no columns.
#[searchable]
struct Bottleneck<#[grid(4, 8)] const HIDDEN: usize> {
    hidden: (Linear<2, { 2 * HIDDEN }>, ReLU, Linear<{ 2 * HIDDEN }, HIDDEN>),
    #[set(p = 1.0 / HIDDEN as f64)]
    dropout: Dropout,
    output: Linear<HIDDEN, 1>,
}

#[test]
fn main() {
    let network: MlpNet<2, Median> = Mlp::builder().width::<2>().fill::<Median>().build(0).expect("a network");
    let _ = network.scale;
    Renamed::builder().build(0).expect("a network");
    Numbers::builder().build(0).expect("a network");
    let irises = [Iris { sepal_length: 5.1, species: 0 }];
    assert_eq!(Features::of(&irises).expect("features").names().expect("names"), ["Sepal.Length", "species"]);
    Untyped::builder().build(0).expect("a network");
    assert_eq!(Bottleneck::builder().hidden::<8>().build(0).expect("a network").dropout.p, 0.125);
}
