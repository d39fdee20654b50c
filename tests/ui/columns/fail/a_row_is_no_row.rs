use dropgrid::prelude::*;

#[derive(Row)]
struct Names {
    name: String,
    age: f32,
}

#[derive(Row)]
enum Kind {
    A,
}

#[derive(Row)]
struct Skipped {
    #[row(skip, name = "x")]
    age: f32,
    #[row(rename = "y")]
    fare: f32,
}

#[derive(Category)]
#[category(rename_all = "lower")]
enum Sex {
    Female(u8),
    Male,
}

#[derive(Category)]
enum Twice {
    #[category(name = "Male")]
    Female,
    Male,
}

fn main() {}
