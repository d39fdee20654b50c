//! Tests that every step is exported as a file that other programs run and that gives the step's results.

use super::{golden::rows, *};
use crate::graph::{Element, Graph, case};

/// Fits a chain of steps and exports it with its results for further rows.
fn check<L: ColumnLayer<f32, Cpu> + crate::nn::LowerColumns>(name: &str, mut chain: L, fit: &[f64], further: &[f64]) {
    fit_chain(&mut chain, fit).expect("each column has a value");
    let output = chain.forward_columns(further, &Cpu::default(), dfdx::tensor::NoneTape).expect("memory");
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Double, &[L::COLUMNS]);
    let edge = chain.export_columns(&mut graph, input);
    assert!(graph.faults().is_empty(), "{name}: {:?}", graph.faults());
    assert_eq!((graph.shape(edge), graph.element(edge)), (&[L::WIDTH][..], Element::Float), "{name}");
    let wanted: Vec<f64> = output.as_vec().into_iter().map(f64::from).collect();
    case::write(&format!("step {name}"), graph, edge, further, &wanted);
}

#[test]
fn steps_for_numbers_are_exported() {
    for number in [3, 8, 21, 34, 59] {
        let (_, fit, further) = rows(number);
        macro_rules! check {
            ($($name:literal: $step:ty;)+) => {$(
                check(&format!("{} {number}", $name), built::<$step>(), &fit, &further);
            )+};
        }
        check! {
            "mean": Impute<3>;
            "median": Impute<3, Median>;
            "most frequent": Impute<3, MostFrequent>;
            "constant": Impute<3, Constant>;
            "indicator": WithIndicator<Impute<3, Median>>;
            "standardize": Standardize<3>;
            "min max": MinMax<3>;
            "max abs": MaxAbs<3>;
            "robust": RobustScale<3>;
            "power": PowerTransform<3>;
            "quantile": QuantileTransform<3>;
            "quantile of few": QuantileTransform<3, Uniform, 7>;
            "normal": QuantileTransform<3, Normal>;
            "chain": (Impute<3>, PowerTransform<3>, MinMax<3>);
        }
    }
}

#[test]
fn steps_for_categories_are_exported() {
    let fit = [0.0, 1.0, 2.0, 3.0];
    let further = [0.0, 1.0, 2.0, 3.0, -1.0, f64::NAN, 4.0, 0.5];
    macro_rules! check {
        ($($name:literal: $step:ty;)+) => {$(check($name, built::<$step>(), &fit, &further);)+};
    }
    check! {
        "one hot": OneHot<4>;
        "one hot with zeros": OneHot<4, Zeros>;
        "drop first": DropFirst<OneHot<4, Zeros>>;
        "drop if binary": DropIfBinary<OneHot<4>>;
        "ordinal": Ordinal<4>;
        "ordinal with a constant": Ordinal<4, Constant>;
        "own category": (Impute<1, OwnCategory<4>>, OneHot<5, Zeros>);
        "embed": Embed<4, 3>;
        "own category embedded": (Impute<1, OwnCategory<4>>, Embed<5, 2>);
    }
    // The categories 1 and 3 occur once.
    let often = [0.0, 0.0, 1.0, 2.0, 2.0, f64::NAN, 3.0];
    macro_rules! grouped {
        ($($name:literal: $chain:ty, $step:ident => $place:expr;)+) => {$(
            let mut $step = built::<$chain>();
            $place.set("min_frequency", 2.0);
            check($name, $step, &often, &further);
        )+};
    }
    grouped! {
        "group infrequent": (GroupInfrequent<4>, OneHot<5>), it => it.0;
        "group infrequent embedded": (GroupInfrequent<4>, Embed<5, 2>), it => it.0;
        "group infrequent behind an own category":
            (Impute<1, OwnCategory<4>>, GroupInfrequent<5>, Ordinal<6>), it => it.1;
    }
    let pairs = [0.0, 1.0, 1.0, 2.0, 0.0, 0.0, 1.0, 1.0];
    let further = [pairs.to_vec(), vec![-1.0, 2.0, 1.0, -1.0, f64::NAN, 0.0]].concat();
    let layers = built::<PerColumn<(DropIfBinary<OneHot<2, Zeros>>, (Impute<1, OwnCategory<3>>, Embed<4, 2>))>>();
    check("per column", layers, &pairs, &further);
    let chain = built::<(Impute<2, MostFrequent>, PerColumn<(Ordinal<2, Constant>, OneHot<3, Zeros>)>)>();
    check("steps before columns", chain, &pairs, &further);
}

/// A user's step without an export.
#[derive(Debug)]
struct Doubled;

impl crate::nn::Transform for Doubled {
    fn apply(&self, row: &mut Vec<f64>) {
        for cell in row {
            *cell *= 2.0;
        }
    }
}

#[test]
fn a_function_without_operators_is_refused_by_its_name() {
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Double, &[1]);
    graph.within("fare", |graph| crate::nn::Transform::export(&Doubled, graph, input));
    assert_eq!(graph.faults(), ["`fare`: implement `Transform::export` for the function `Doubled` of the step"]);
}
