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
    #[columns(sex)]
    grouped: (GroupInfrequent<{ Sex::COUNT }>, Embed<{ Sex::COUNT + 1 }, WIDTH>),
    hidden: (Linear<{ 4 + 2 * WIDTH }, { 2 * WIDTH }>, ReLU),
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
    #[row(rename = "Sepal.Length")]
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

mod elsewhere {
    use dropgrid::prelude::*;

    /// A row whose fields its own module alone sees, with names that are keywords, attributes and documentation.
    #[derive(Row, Clone, Debug, serde::Serialize)]
    #[row(rename_all = "camelCase")]
    #[non_exhaustive]
    pub(crate) struct House<Area, const ROOMS: usize = 3> {
        /// In square metres.
        pub(super) living_area: Area,
        r#type: Type,
        #[row(rename = "Year.Built")]
        #[serde(rename = "Year.Built")]
        year: Option<u16>,
        #[row(skip)]
        street: String,
    }

    #[derive(Category, Clone, Copy, Debug, serde::Serialize)]
    #[category(rename_all = "kebab-case")]
    #[serde(rename_all = "kebab-case")]
    pub(crate) enum Type {
        /// One family.
        SingleFamily,
        #[category(rename = "2fmCon")]
        #[serde(rename = "2fmCon")]
        r#Two,
    }

    pub(crate) fn houses() -> Vec<House<f32>> {
        let house = |area, r#type, year| House { living_area: area, r#type, year, street: "Elm".to_owned() };
        vec![house(85.0, Type::SingleFamily, Some(1999)), house(120.0, Type::r#Two, None)]
    }
}

#[searchable(rows = elsewhere::House<f32>)]
struct Prices {
    #[columns(living_area, year)]
    numbers: (Impute<2>, Standardize<2>),
    #[columns(r#type)]
    kind: DropIfBinary<OneHot<2>>,
    output: Linear<3, 1>,
}

#[searchable(rows = Passenger)]
struct Several<#[grid(1, 2)] const WIDTH: usize> {
    #[columns(sex, age, fare)]
    all: PerColumn<(Embed<{ Sex::COUNT }, WIDTH>, (Impute<1>, MaxAbs<1>), Standardize<1>)>,
    output: Linear<{ 2 + WIDTH }, 1>,
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
    let houses = elsewhere::houses();
    let features = Features::of(&houses).expect("features");
    assert_eq!(features.names().expect("names"), ["livingArea", "type", "Year.Built"]);
    assert_eq!(features.categories(1).expect("categories"), ["single-family", "2fmCon"]);
    assert_eq!((features.cell(0, 0), features.missing(2)), (85.0, 1));
    Prices::builder().build(0).expect("a network");
    Several::builder().width::<2>().build(0).expect("a network");
    // Serde's names are the same, of an iterator of rows as well.
    let table = Table::from_rows(houses.iter()).and_then(|table| table.without(["street"])).expect("a table");
    assert_eq!(table.columns()[0].name(), "living_area");
    Untyped::builder().build(0).expect("a network");
    assert_eq!(Bottleneck::builder().hidden::<8>().build(0).expect("a network").dropout.p, 0.125);
}
