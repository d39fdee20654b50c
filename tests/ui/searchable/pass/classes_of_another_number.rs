use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    output: Linear<2, 3>,
}

#[test]
fn main() {
    let labels = Classes::<3>::new([0, 1]).unwrap();
    let data = Dataset::new([[0.0, 1.0], [1.0, 0.0]], labels).unwrap();
    let _ = Mlp::search(Grid).fit(&data);
}
