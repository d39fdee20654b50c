use dropgrid::prelude::*;

#[searchable]
struct Mlp<const INPUTS: u32, #[grid(8, 16)] const HIDDEN: usize> {
    hidden: (Linear<INPUTS, HIDDEN>, ReLU),
    output: Linear<HIDDEN, 3>,
}

fn main() {
    let _ = Mlp::<4>::search(Grid);
}
