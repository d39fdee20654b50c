use dropgrid::prelude::*;

#[searchable]
struct Field {
    scale: Standardize<2>,
    output: Linear<2, 3>,
}

#[searchable]
struct InATuple<const IN: usize> {
    #[allow(dead_code)]
    hidden: (MinMax<IN>, Linear<IN, 4>, ReLU),
    output: Linear<4, 3>,
}

#[searchable]
struct DeepInTuples {
    hidden: ((Standardize<2>, Linear<2, 4>), ReLU),
    output: Linear<4, 3>,
}

#[searchable(input = 64)]
struct InputIsStated {
    #[set(low = -1.0)]
    scale: MinMax<64>,
    output: Linear<64, 3>,
}

#[test]
fn main() {
    Field::builder().build(0).expect("a network");
    InATuple::<2>::builder().build(0).expect("a network");
    DeepInTuples::builder().build(0).expect("a network");
    assert_eq!(InputIsStated::builder().build(0).expect("a network").scale.low, -1.0);
}
