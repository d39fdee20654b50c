use dropgrid::prelude::*;

const LIMIT: usize = 1;

#[searchable]
struct AsksAField<#[when(dropout > 0.1)] #[grid(4, 8)] const WIDTH: usize> {
    hidden: Linear<4, WIDTH>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<WIDTH, 3>,
}

#[searchable]
struct AsksALaterOne<#[when(DEPTH > 1)] #[grid(4, 8)] const WIDTH: usize, #[grid(1, 2)] const DEPTH: usize> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    output: Linear<4, 3>,
}

#[searchable]
struct AsksAConstant<#[grid(1, 2)] const DEPTH: usize, #[when(DEPTH > LIMIT)] #[grid(4, 8)] const WIDTH: usize> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    output: Linear<4, 3>,
}

#[searchable]
struct AsksNamedWidths<#[grid(LIMIT, 2)] const DEPTH: usize, #[when(DEPTH > 1)] #[grid(4, 8)] const WIDTH: usize> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    output: Linear<4, 3>,
}

#[searchable]
struct BelowZero<#[grid(1, 2)] const DEPTH: usize, #[when(DEPTH - 2 > 0)] #[grid(4, 8)] const WIDTH: usize> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    output: Linear<4, 3>,
}

#[searchable]
struct Misspelt<#[grid(ReLU, Tanh)] Act, #[when(act == MisspeltAct::Tahn)] #[grid(4, 8)] const WIDTH: usize> {
    hidden: (Linear<4, WIDTH>, Act),
    output: Linear<WIDTH, 3>,
}

#[searchable]
struct NotSearched<#[grid(1, 2)] const DEPTH: usize, #[when(DEPTH > 1)] const WIDTH: usize> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    output: Linear<4, 3>,
}

#[searchable]
struct TiedTo<#[grid(1, 2)] const DEPTH: usize, #[when(DEPTH > 1)] #[grid(4, 8)] const WIDTH: usize> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    #[set(p = WIDTH as f64 / 100.0)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

fn main() {}
