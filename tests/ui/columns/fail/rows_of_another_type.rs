use dropgrid::prelude::*;

#[derive(Row)]
struct Passenger {
    age: Option<f32>,
    fare: f32,
    sex: Sex,
}

#[derive(Category)]
enum Sex {
    Female,
    Male,
}

#[derive(Row)]
struct Flower {
    length: f32,
}

#[searchable(rows = Flower)]
struct Mlp {
    output: Linear<1, 1>,
}

#[searchable(rows = Passenger)]
struct Numbers {
    output: Linear<3, 1>,
}

fn data() -> TypedDataset<Passenger, Binary> {
    let rows = [Passenger { age: None, fare: 1.0, sex: Sex::Male }];
    TypedDataset::new(&rows, Binary::new([true]).unwrap()).unwrap()
}

fn predict(fitted: &Fitted<Mlp, Binary>) {
    let _ = fitted.predict(&[Passenger { age: None, fare: 1.0, sex: Sex::Female }]);
}

fn search() {
    let _ = Mlp::search(Grid).fit(&data());
}

fn main() {}
