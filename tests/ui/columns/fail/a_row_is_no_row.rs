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
    #[row(skip, rename = "x")]
    age: f32,
    #[row(name = "y")]
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
    #[category(rename = "Male")]
    Female,
    Male,
}

fn main() {}
