use dropgrid::prelude::*;

#[searchable]
struct Asks<
    #[grid(1, 2)] const DEPTH: usize,
    #[when(DEPTH > 1)]
    #[grid(4, 8)] const WIDTH: usize,
> {
    body: Repeated<(Linear<4, WIDTH>, Linear<WIDTH, 4>), DEPTH>,
    #[set(p = DEPTH as f64 / 100.0)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

#[searchable]
struct AsksALayer<
    #[grid(ReLU, Tanh)] Act,
    #[when(act == AsksALayerAct::Tanh)]
    #[grid(4, 8)] const WIDTH: usize,
> {
    hidden: (Linear<4, WIDTH>, Act),
    output: Linear<WIDTH, 3>,
}
