use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 8>,
    output: Linear<8, 3>,
}
