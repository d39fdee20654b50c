//! The shape of a network as a hyperparameter: its depth, its blocks, and what exists only in some of them.

use dropgrid::{prelude::*, testing};

/// One to three blocks, whose dropouts have one rate.
#[searchable]
struct Deep<#[grid(1, 2, 3)] const DEPTH: usize> {
    first: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.3)]
    body: Repeated<(Linear<8, 8>, ReLU, Dropout), DEPTH>,
    output: Linear<8, 3>,
}

#[test]
fn depth_and_the_rate_inside_a_repetition_are_axes() {
    testing::check::<Deep>();
    let counts = Deep::describe().architectures.into_iter().map(|(_, count)| count).collect::<Vec<_>>();
    let outside = 4 * 8 + 8 + 8 * 3 + 3;
    assert_eq!(counts, [1, 2, 3].map(|depth| outside + depth * (8 * 8 + 8)));
    let network = Deep::builder().depth::<3>().body(0.3).build(1).expect("a network");
    assert_eq!(network.body.modules.iter().map(|(_, _, dropout)| dropout.p).collect::<Vec<_>>(), [0.3; 3]);
    assert_eq!(
        Deep::space().iter().map(|params| (params.depth, params.body)).collect::<Vec<_>>()[..3],
        [(1, 0.0), (1, 0.3), (2, 0.0)]
    );
}

type Narrow = (Linear<8, 4>, ReLU, Linear<4, 8>);
type Skip = Residual<(LayerNorm1D<8>, Linear<8, 8>, ReLU, Dropout)>;

/// A choice between sub-networks of one shape: a bottleneck, a block that is skipped, and none.
#[searchable]
struct Choice<#[grid(Narrow, Skip, Identity)] Body> {
    first: (Linear<4, 8>, ReLU),
    body: Body,
    #[grid(p: 0.1, 0.2)]
    after: Repeated<Residual<(Linear<8, 8>, Tanh, Dropout)>, 2>,
    output: Linear<8, 3>,
}

#[test]
fn a_block_is_one_of_several_sub_networks() {
    testing::check::<Choice>();
    let shown: Vec<String> = Choice::space().iter().map(|params| params.to_string()).collect();
    assert_eq!(shown.len(), 6);
    assert!(shown[0].contains("Narrow") && shown[5].contains("Identity"), "{shown:?}");
    let network = Choice::builder().body::<Skip>().after(0.2).build(1).expect("a network");
    assert!(network.after.modules.iter().all(|block| block.0.2.p == 0.2));
}

/// A second layer of its own width.
type Second<const WIDTH: usize> = (Linear<8, WIDTH>, ReLU, Linear<WIDTH, 8>, ReLU);

/// The width of the second layer exists only where the layer does: without it, the width has one value, so that no candidate is
/// trained twice.
#[searchable(forbid = matches!(body, WidthsBody::Identity) && WIDTH != 4)]
struct Widths<#[grid(4, 8, 16)] const WIDTH: usize, #[grid(Identity, Second<WIDTH>)] Body> {
    first: (Linear<4, 8>, ReLU),
    body: Body,
    output: Linear<8, 3>,
}

#[test]
fn a_width_is_searched_only_where_its_layer_is() {
    testing::check::<Widths>();
    let shown: Vec<(usize, bool)> =
        Widths::space().iter().map(|params| (params.width, params.body == WidthsBody::Second)).collect();
    assert_eq!(shown, [(4, false), (4, true), (8, true), (16, true)]);
}
