//! The table in the documentation of `nn` says what is so.

#![allow(clippy::unused_self, reason = "a method of the type goes before one of a trait, and has one")]

use std::marker::PhantomData;

use dfdx::{
    nn::{BuildModule, BuildOnDevice, builders as stock, modules, tensor_collection::TensorCollection},
    tensor::Cpu,
};

use super::*;

/// What a declared layer becomes.
type Built<L> = <L as BuildOnDevice<Cpu, f32>>::Built;

/// What the table says of a layer: as in [`Visit`](crate::model::Visit), methods of the type itself go before those of a
/// trait.
struct Ask<L>(PhantomData<L>);

impl<L: Lower> Ask<L> {
    fn way(&self) -> &'static str {
        "program"
    }
}

impl<L: Tunable + TensorCollection<f32, Cpu, To<f32, Cpu> = L>> Ask<L> {
    /// The principal hyperparameter is a setting that a fitted model keeps.
    fn keeps_tuned(&self) {
        let mut layer = L::build(&Cpu::default());
        layer.tune(0.375);
        let kept: Vec<f64> = settings(&layer).into_iter().map(|setting| setting.value).collect();
        assert_eq!(kept, [0.375], "{} of {}", L::SETTING, std::any::type_name::<L>());
    }
}

impl<L: Tunable> Ask<L> {
    fn searched(&self) -> String {
        format!("{}: {}", L::SETTING, L::RANGE.text)
    }
}

impl<L: Settings + TensorCollection<f32, Cpu, To<f32, Cpu> = L>> Ask<L> {
    /// Each setting is among those that a fitted model keeps, and the one that was set is the one that is kept.
    fn keeps(&self) {
        for (name, range) in L::SETTINGS {
            let mut layer = L::build(&Cpu::default());
            let value = if range.contains(0.375) { 0.375 } else { 1.0 };
            layer.set(name, value);
            let kept = settings(&layer).into_iter().find(|setting| setting.name == *name);
            assert_eq!(kept.map(|setting| setting.value), Some(value), "{name} of {}", std::any::type_name::<L>());
        }
    }
}

impl<L: Settings> Ask<L> {
    fn named(&self) -> String {
        L::SETTINGS.iter().map(|(name, range)| format!("`{name}`: {}", range.text)).collect::<Vec<_>>().join("; ")
    }
}

trait Otherwise {
    fn keeps(&self) {}

    fn keeps_tuned(&self) {}

    fn way(&self) -> &'static str {
        "tape"
    }

    fn searched(&self) -> String {
        String::new()
    }

    fn named(&self) -> String {
        String::new()
    }
}

impl<L> Otherwise for Ask<L> {}

fn row(name: &str, way: &str, searched: &str, named: &str) -> String {
    let cell = |text: &str| if text.is_empty() { " ".to_owned() } else { format!(" {text} ") };
    format!("| `{name}` | {way} |{}|{}|", cell(searched), cell(named))
}

macro_rules! rows {
    ($($name:literal: $layer:ty),+ $(,)?) => {
        [$({
            let ask: Ask<$layer> = Ask(PhantomData);
            ask.keeps();
            ask.keeps_tuned();
            row($name, ask.way(), &ask.searched(), &ask.named())
        }),+]
    };
}

#[test]
fn the_table_says_what_is_so() {
    let rows = rows![
        "Linear": Built<builder::Linear<2, 3>>,
        "Conv2D": Built<builder::Conv2D<2, 3, 3>>,
        "MaxPool2D": MaxPool2D<2>,
        "AvgPool2D": AvgPool2D<2>,
        "MaxPoolGlobal": MaxPoolGlobal,
        "AvgPoolGlobal": modules::AvgPoolGlobal,
        "Flatten2D": Flatten2D,
        "WeightNorm<Linear>": Built<builder::WeightNorm<builder::Linear<2, 3>>>,
        "Standardize": Built<builder::Standardize<2>>,
        "MinMax": Built<builder::MinMax<2>>,
        "Dropout": Dropout,
        "Dropout2D": Dropout2D,
        "SpatialDropout1D": SpatialDropout1D,
        "GaussianDropout": GaussianDropout,
        "AlphaDropout": AlphaDropout,
        "GaussianNoise": GaussianNoise,
        "ELU": ELU,
        "SELU": SELU,
        "SiLU": SiLU,
        "Mish": Mish,
        "LayerNorm1D": Built<stock::LayerNorm1D<2>>,
        "BatchNorm1D": Built<stock::BatchNorm1D<2>>,
        "BatchNorm2D": Built<stock::BatchNorm2D<2>>,
        "DropoutOneIn": DropoutOneIn<2>,
        "ReLU": ReLU,
        "LeakyReLU": LeakyReLU,
        "FastGeLU": modules::FastGeLU,
        "Tanh": modules::Tanh,
        "Sigmoid": modules::Sigmoid,
        "Square": modules::Square,
        "Abs": modules::Abs,
        "AccurateGeLU": AccurateGeLU,
        "PReLU": Built<builder::PReLU>,
        "PReLU1D": Built<builder::PReLU1D<2>>,
        "Identity": Identity,
        "Reshape": Reshape<dfdx::shapes::Rank2<2, 3>>,
        "Softmax": modules::Softmax,
        "LogSoftmax": modules::LogSoftmax,
        "Cos": modules::Cos,
        "Exp": modules::Exp,
        "Ln": modules::Ln,
        "Sin": modules::Sin,
        "Sqrt": modules::Sqrt,
        "UnbiasedLinear": Built<stock::UnbiasedLinear<2, 3>>,
        "Bias2D": Built<stock::Bias2D<2>>,
    ];
    let text = include_str!("mod.rs");
    let said: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("//! ")).filter(|line| line.starts_with("| `")).collect();
    for row in &rows {
        assert!(said.contains(&row.as_str()), "missing:\n{}", rows.join("\n"));
    }
    assert_eq!(said.len(), rows.len());
}
