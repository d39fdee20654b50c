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

/// The width of the second layer exists only where the layer does.
#[searchable]
struct Widths<
    #[grid(Identity, Second<WIDTH>)] Body,
    #[when(body != WidthsBody::Identity)]
    #[grid(4, 8, 16)] const WIDTH: usize,
> {
    first: (Linear<4, 8>, ReLU),
    body: Body,
    output: Linear<8, 3>,
}

#[test]
fn a_width_is_searched_only_where_its_layer_is() {
    testing::check::<Widths>();
    let space = Widths::space();
    let shown: Vec<(bool, Option<usize>)> =
        space.iter().map(|params| (params.body == WidthsBody::Second, params.width)).collect();
    assert_eq!(shown, [(false, None), (true, Some(4)), (true, Some(8)), (true, Some(16))]);
    assert!(space.iter().enumerate().all(|(at, params)| space.index_of(&params) == Some(at)));
    // The architectures are those that occur, with their parameters.
    let (outside, described) = (4 * 8 + 8 + 8 * 3 + 3, Widths::describe());
    let names: Vec<&str> = described.architectures.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["body = Identity", "body = Second, width = 4", "body = Second, width = 8", "body = Second, width = 16"]
    );
    let counts: Vec<usize> = described.architectures.iter().map(|(_, count)| *count).collect();
    assert_eq!(counts, [0, 4, 8, 16].map(|width| outside + if width == 0 { 0 } else { 17 * width + 8 }));
    assert!(described.to_string().contains("width when(body != WidthsBody::Identity)\n4 candidates\n4 architectures"));
    // A builder names the network, in which an absent width is the first.
    let network: WidthsNet<Identity, 4> =
        Widths::builder().body::<Identity>().width::<4>().build(1).expect("a network");
    let _: &Linear4 = &network.first.0;
}

type Linear4 = dropgrid::nn::Linear<4, 8, f32, dropgrid::dfdx::tensor::Cpu>;

#[test]
fn a_narrower_space_leaves_out_what_does_not_exist() {
    let only_one = Widths::space().body([WidthsBody::Identity]);
    assert_eq!(only_one.iter().map(|params| params.width).collect::<Vec<_>>(), [None]);
    let wide = Widths::space().width([16]);
    assert_eq!(wide.iter().map(|params| params.width).collect::<Vec<_>>(), [None, Some(16)]);
    let refused = dropgrid::space::Space::check(&Widths::space().width([5])).expect_err("not compiled");
    assert_eq!(refused.to_string(), "`width` = 5 was not compiled; the struct's #[grid] lists [4, 8, 16]");
}

#[test]
fn a_candidate_that_contradicts_its_condition_has_no_network() {
    let params = |body, width| WidthsParams { body, width };
    assert_eq!(dropgrid::model::parameters::<Widths>(&params(WidthsBody::Identity, None)).ok(), Some(67));
    let refused = |params| dropgrid::model::parameters::<Widths>(&params).expect_err("a contradiction").to_string();
    assert_eq!(
        refused(params(WidthsBody::Identity, Some(8))),
        "`width` has a value, and its condition does not hold: leave it out"
    );
    assert_eq!(refused(params(WidthsBody::Second, None)), "`width` has no value, and its condition holds: give it one");
    let text = serde_json::to_string(&params(WidthsBody::Identity, None)).expect("JSON");
    assert_eq!(text, r#"{"body":"Identity","width":null}"#);
}

/// One to three blocks, the later of which have widths and a layer of their own; each width is compiled where it
/// occurs.
#[searchable(forbid = width2 == Some(4) && DEPTH == 3, max_architectures = 10)]
struct Tall<
    #[grid(1, 2, 3)] const DEPTH: usize,
    #[when(DEPTH > 1)]
    #[grid(4, 8)] const WIDTH2: usize,
    #[when(width2.is_some() && DEPTH * 2 >= 6)]
    #[grid(4, 6)] const WIDTH3: usize,
    #[when(matches!(width3, Some(6)))]
    #[grid(ReLU, Tanh)] Act3,
> {
    first: (Linear<4, 8>, ReLU),
    second: Repeated<(Linear<8, WIDTH2>, ReLU, Linear<WIDTH2, 8>), { if DEPTH > 1 { 1 } else { 0 } }>,
    third: Repeated<(Linear<8, WIDTH3>, Act3, Linear<WIDTH3, 8>), { DEPTH / 3 }>,
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

#[test]
fn widths_of_deeper_layers_exist_only_there() {
    testing::check::<Tall>();
    let space = Tall::space();
    let shown: Vec<_> = space.iter().map(|it| (it.depth, it.width2, it.width3, it.act3, it.dropout)).collect();
    let (relu, tanh) = (Some(TallAct3::ReLU), Some(TallAct3::Tanh));
    let architectures = [
        (1, None, None, None),
        (2, Some(4), None, None),
        (2, Some(8), None, None),
        (3, Some(8), Some(4), None),
        (3, Some(8), Some(6), relu),
        (3, Some(8), Some(6), tanh),
    ];
    let expected: Vec<_> =
        architectures.iter().flat_map(|&(a, b, c, d)| [(a, b, c, d, 0.0), (a, b, c, d, 0.3)]).collect();
    assert_eq!(shown, expected);
    assert_eq!(space.len(), 12);
    assert!(space.iter().enumerate().all(|(at, params)| space.index_of(&params) == Some(at)));
    let axes = dropgrid::space::Space::axes(&space);
    assert!(axes[..4].iter().all(|axis| axis.architecture));
    assert_eq!(axes[1].when.map(|rule| rule.text), Some("when(DEPTH > 1)"));
    // Those that a rule forbids are compiled all the same, as without conditions.
    let names: Vec<String> = Tall::describe().architectures.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 6);
    assert_eq!(names[5], "depth = 3, width2 = 8, width3 = 6, act3 = Tanh");
}
