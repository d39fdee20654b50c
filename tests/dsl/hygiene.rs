//! Models in unusual places and with unusual names.

use dfdx::tensor::AsArray;
use dropgrid::{Result, prelude::*};

/// A model that is generic in its data: the number of features and classes is the user's.
#[searchable]
struct Generic<const IN: usize, #[grid(4, 8)] const HIDDEN: usize, const OUT: usize> {
    hidden: (Linear<IN, HIDDEN>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, OUT>,
}

#[test]
fn a_generic_model_is_searched_at_any_size() -> Result<()> {
    let rows: Vec<[f32; 3]> = (0..20).map(|row| [row as f32, (row % 2) as f32, 1.0]).collect();
    let data = Dataset::new(&rows, Classes::<2>::new((0..20).map(|row| row % 2).collect::<Vec<_>>())?)?;
    let report = Generic::<3, 2>::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).fit(&data)?;
    assert_eq!(report.results().candidates().len(), 4);
    let network: GenericNet<5, 4, 7> = Generic::<5, 7>::builder().hidden::<4>().dropout(0.1).build(0)?;
    assert_eq!(network.output.bias.array().len(), 7);
    Ok(())
}

/// Fields named like methods, keywords and parts of what is generated.
#[searchable]
struct Names {
    #[grid(0.1)]
    model: Dropout,
    #[grid(0.1)]
    check: Dropout,
    #[grid(0.1)]
    len: Dropout,
    #[grid(0.1, 0.2)]
    r#type: Dropout,
    #[grid(0.1)]
    at: Dropout,
    #[grid(0.1)]
    positions: Dropout,
    #[grid(0.1)]
    rng: Dropout,
    #[grid(0.1)]
    axis: Dropout,
    #[grid(0.1)]
    weights: Dropout,
    #[grid(0.1)]
    space: Dropout,
    #[grid(0.1)]
    declared: Dropout,
    input: Linear<2, 2>,
}

#[test]
fn names_do_not_collide() -> Result<()> {
    let space = Names::space();
    assert_eq!(FiniteSpace::len(&space), 2);
    let params = space.nth(1).expect("the second of two");
    assert_eq!(params.r#type, 0.2);
    assert!(params.to_string().contains("type: 0.2"), "{params}");
    assert_eq!(serde_json::to_value(&params).expect("json")["type"], 0.2);
    assert_eq!(space.index_of(&params), Some(1));
    let builder = Names::builder().model(0.1).check(0.1).len(0.1).r#type(0.3).at(0.1).positions(0.1).rng(0.1);
    let network = builder.axis(0.1).weights(0.1).space(0.1).declared(0.1).build(0)?;
    assert_eq!(network.r#type.p, 0.3);
    Ok(())
}

mod two {
    use super::*;

    #[searchable]
    pub(crate) struct First {
        output: Linear<2, 2>,
        #[train]
        #[grid(1e-3)]
        lr: f64,
    }

    #[searchable]
    pub(super) struct Second<#[grid(2, 3)] const N: usize> {
        pub output: Linear<2, N>,
        pub last: Linear<N, 2>,
    }

    #[cfg(any())]
    #[searchable]
    struct Absent {
        output: DoesNotExist,
    }

    #[searchable]
    #[cfg(any())]
    #[allow(dead_code)]
    struct AbsentToo {
        output: Linear<2, 2>,
    }
}

#[test]
fn two_models_live_in_one_module() {
    assert_eq!(two::First::space().len(), 1);
    assert_eq!(two::Second::space().len(), 2);
    assert_eq!(two::SecondParams { n: 3 }.to_string(), "SecondParams { n: 3 }");
}

#[test]
fn a_model_lives_in_a_function() -> Result<()> {
    const FEATURES: usize = 3;
    #[searchable]
    struct Local<#[grid(FEATURES, FEATURES + 1)] const N: usize> {
        hidden: Linear<FEATURES, N>,
        output: Linear<N, 2>,
    }
    assert_eq!(Local::space().iter().map(|params| params.n).collect::<Vec<_>>(), [3, 4]);
    let network = Local::builder().n::<3>().build(0)?;
    assert_eq!(network.hidden.bias.array().len(), 3);
    Ok(())
}

/// Derives stay on the named struct.
#[searchable]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[must_use]
struct Derived {
    /// This doc goes to the network's field.
    output: Linear<2, 2>,
}

#[test]
fn derives_stay_on_the_named_struct() {
    assert_eq!(Derived, <Derived as Default>::default());
    assert_eq!(format!("{Derived:?}"), "Derived");
}

/// A model without any axis has one candidate.
#[searchable]
struct Plain {
    output: Linear<2, 2>,
}

#[test]
fn a_model_without_axes_has_one_candidate() {
    assert_eq!(Plain::space().iter().collect::<Vec<_>>(), [PlainParams {}]);
    assert_eq!(Plain::space().index_of(&PlainParams {}), Some(0));
}

/// Type and const parameters called as what is generated would be.
#[searchable]
struct Letters<const S: usize, const V: usize, #[grid(2, 3)] const P0: usize, #[grid(ReLU, Tanh)] F0> {
    hidden: (Linear<S, P0>, F0),
    output: Linear<P0, V>,
}

#[searchable]
struct r#Raw<#[grid(2, 3)] const r#N: usize> {
    hidden: Linear<2, r#N>,
    output: Linear<r#N, 2>,
}

#[searchable]
#[allow(non_camel_case_types)]
struct r#struct<#[grid(2, 3)] const TYPE: usize> {
    hidden: Linear<2, TYPE>,
    output: Linear<TYPE, 2>,
}

#[test]
fn parameters_have_any_name() -> Result<()> {
    let network: LettersNet<4, 5, 3, Tanh> = Letters::<4, 5>::builder().p0::<3>().f0::<Tanh>().build(0)?;
    assert_eq!(network.output.bias.array().len(), 5);
    assert_eq!(Raw::space().iter().map(|params| params.n).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(r#struct::space().iter().map(|params| params.r#type).collect::<Vec<_>>(), [2, 3]);
    Ok(())
}

/// Layers of the user's own, called as fields are, and as layers of dfdx are.
mod layers {
    pub(crate) mod hidden {
        pub(crate) type First = dropgrid::prelude::Linear<2, 4>;
    }

    #[derive(Debug, Clone, Copy, Default)]
    pub(crate) struct Sigmoid(pub(crate) f64);

    impl dfdx::nn::ZeroSizedModule for Sigmoid {}

    impl<Rest: dropgrid::nn::InputShape> dropgrid::TakesInput<Rest> for Sigmoid {
        type Sample = Rest::Sample;
    }

    impl<T> dfdx::nn::Module<T> for Sigmoid {
        type Output = T;
        type Error = dfdx::tensor::CpuError;

        fn try_forward(&self, input: T) -> Result<T, Self::Error> {
            Ok(input)
        }
    }

    impl<T> dfdx::nn::ModuleMut<T> for Sigmoid {
        type Output = T;
        type Error = dfdx::tensor::CpuError;

        fn try_forward_mut(&mut self, input: T) -> Result<T, Self::Error> {
            Ok(input)
        }
    }

    impl dropgrid::Tunable for Sigmoid {
        const SETTING: &'static str = "steepness";

        fn tune(&mut self, value: f64) {
            self.0 = value;
        }
    }
}

use layers::hidden;

#[searchable]
struct OwnNames {
    hidden: hidden::First,
    #[grid(1.0, 2.0)]
    steep: layers::Sigmoid,
    output: Linear<4, 2>,
}

#[test]
fn layers_have_any_name() -> Result<()> {
    assert_eq!(OwnNames::builder().steep(2.0).build(0)?.steep.0, 2.0);
    Ok(())
}

/// What another macro passes on as a type stands in invisible brackets.
macro_rules! declare {
    ($name:ident, $width:ty, $layer:ty, $first:expr) => {
        #[searchable]
        struct $name {
            #[grid($first, 0.3)]
            dropout: Dropout,
            output: $layer,
            #[train]
            #[grid(1, 2)]
            epochs: $width,
        }
    };
}

declare!(Passed, usize, Linear<2, 2>, 0.1);

#[test]
fn types_come_from_other_macros() {
    let all: Vec<(f64, usize)> = Passed::space().iter().map(|params| (params.dropout, params.epochs)).collect();
    assert_eq!(all, [(0.1, 1), (0.1, 2), (0.3, 1), (0.3, 2)]);
}

/// Expectations and warnings of the struct are not those of everything that comes of it.
#[searchable]
#[expect(dead_code)]
#[deprecated = "an example"]
struct Linted {
    /// The rate.
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<2, 2>,
    /// The step, as its user calls it.
    #[allow(missing_docs)]
    #[train]
    #[grid(0.1)]
    lr: f64,
}

#[test]
#[allow(deprecated)]
fn lints_go_along() {
    assert_eq!(Linted::space().len(), 1);
}
