//! Tests that the tables in the documentation of `nn` agree with the layers.

#![allow(
    clippy::unused_self,
    reason = "an inherent method takes precedence over that of a trait, and needs a receiver"
)]

use std::{collections::BTreeSet, marker::PhantomData};

use dfdx::{
    nn::{BuildModule, BuildOnDevice, tensor_collection::TensorCollection},
    shapes::Rank2,
    tensor::Cpu,
};

use crate::nn::{Lower, Settings, Step, Tunable, builder::*, layers::list::layers, settings};

/// The built type of a declared layer.
type Built<L> = <L as BuildOnDevice<Cpu, f32>>::Built;

/// A row of the table. As in [`Visit`](crate::model::Visit), inherent methods take precedence over a trait's methods.
/// They exist only for layers with the traits that they need.
struct Row<L>(PhantomData<L>);

impl<L: Lower> Row<L> {
    fn step(&self) -> &'static str {
        "program"
    }
}

impl<L: Tunable + TensorCollection<f32, Cpu, To<f32, Cpu> = L>> Row<L> {
    /// Asserts that the saved settings have the principal hyperparameter of every inner layer that has it.
    fn keeps_tuned(&self) {
        let mut layer = L::build(&Cpu::default());
        layer.tune(0.375);
        let name = L::ALIAS.unwrap_or(L::SETTING);
        let kept: Vec<f64> =
            settings(&layer).into_iter().filter(|setting| setting.name == name).map(|setting| setting.value).collect();
        let is_kept = !kept.is_empty() && kept.iter().all(|value| *value == 0.375);
        assert!(is_kept, "{} of {}: {kept:?}", L::SETTING, std::any::type_name::<L>());
    }
}

impl<L: Tunable> Row<L> {
    fn searched(&self) -> String {
        format!("{}: {}", L::SETTING, L::RANGE.text)
    }
}

impl<L: Settings + TensorCollection<f32, Cpu, To<f32, Cpu> = L>> Row<L> {
    /// Asserts that the saved settings have each setting.
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

impl<L: Settings> Row<L> {
    fn named(&self) -> String {
        L::SETTINGS.iter().map(|(name, range)| format!("`{name}`: {}", range.text)).collect::<Vec<_>>().join("; ")
    }
}

trait NoContract {
    fn keeps(&self) {}

    fn keeps_tuned(&self) {}

    fn step(&self) -> &'static str {
        "tape"
    }

    fn searched(&self) -> String {
        String::new()
    }

    fn named(&self) -> String {
        String::new()
    }
}

impl<L> NoContract for Row<L> {}

/// Formats a row: the name, the kind of training step, the principal hyperparameter and the named settings.
fn row(name: &str, step: &str, searched: &str, named: &str) -> String {
    let cell = |text: &str| if text.is_empty() { " ".to_owned() } else { format!(" {text} ") };
    format!("| `{name}` | {step} |{}|{}|", cell(searched), cell(named))
}

macro_rules! rows {
    ($($name:literal: $layer:ty, $axes:tt;)+) => {
        [$({
            let layer: Row<Built<$layer>> = Row(PhantomData);
            layer.keeps();
            layer.keeps_tuned();
            row($name, layer.step(), &layer.searched(), &layer.named())
        }),+]
    };
}

#[test]
fn the_table_agrees_with_the_layers() {
    let rows = layers!(rows);
    assert_eq!(tables()[0], rows, "the table should be:\n{}", rows.join("\n"));
}

/// Returns the rows of the two tables in the documentation of `nn`: layers and steps.
fn tables() -> [Vec<&'static str>; 2] {
    let (layers, steps) = include_str!("../mod.rs").split_once("| step |").expect("a table of steps");
    [layers, steps].map(|text| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("//! "));
        lines.filter(|line| line.starts_with("| `")).collect()
    })
}

/// Asserts that a saved model keeps each setting of a step, and returns the settings in words.
fn step_settings<S: Step + TensorCollection<f32, Cpu, To<f32, Cpu> = S>>() -> String {
    for (name, _) in S::SETTINGS {
        let mut step = S::build(&Cpu::default());
        step.set(name, 0.375);
        let kept = settings(&step).into_iter().find(|setting| setting.name.ends_with(name));
        assert_eq!(kept.map(|setting| setting.value), Some(0.375), "{name} of {}", std::any::type_name::<S>());
    }
    S::SETTINGS.iter().map(|(name, range)| format!("`{name}`: {}", range.text)).collect::<Vec<_>>().join("; ")
}

macro_rules! step_rows {
    ($($name:literal: $step:ty;)+) => { [$(($name, step_settings::<Built<$step>>())),+] };
}

#[test]
fn the_table_of_steps_has_their_names_and_settings() {
    let steps = step_rows! {
        "`Impute<N>`, `Impute<N, Median>`": Impute<2>;
        "`Impute<N, MostFrequent>`": Impute<2, MostFrequent>;
        "`Impute<N, Constant>`": Impute<2, Constant>;
        "`Impute<N, OwnCategory<C>>`": Impute<2, OwnCategory<3>>;
        "`GroupInfrequent<C>`": GroupInfrequent<3>;
        "`WithIndicator<Impute<N, ..>>`": WithIndicator<Impute<2, Constant>>;
        "`Standardize<N>`": Standardize<2>;
        "`MinMax<N>`": MinMax<2>;
        "`MaxAbs<N>`": MaxAbs<2>;
        "`RobustScale<N>`": RobustScale<2>;
        "`PowerTransform<N>`": PowerTransform<2>;
        "`QuantileTransform<N>`, `QuantileTransform<N, Normal>`": QuantileTransform<2, Normal>;
        "`OneHot<C>`": OneHot<3>;
        "`OneHot<C, Zeros>`": OneHot<3, Zeros>;
        "`DropFirst<OneHot<C, ..>>`": DropFirst<OneHot<3>>;
        "`DropIfBinary<OneHot<C, ..>>`": DropIfBinary<OneHot<3>>;
        "`Ordinal<C>`": Ordinal<3>;
        "`Ordinal<C, Constant>`": Ordinal<3, Constant>;
    };
    let mut table = tables()[1].clone();
    // An embedding is not a step: it is trained.
    let last = table.pop().expect("a row");
    assert!(last.starts_with("| `Embed<C, W>` |") && last.ends_with("| |"), "{last}");
    assert_eq!(table.len(), steps.len());
    for (line, (name, named)) in table.into_iter().zip(steps) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(cells[1], name);
        let is_wrapper = cells[4] == "those of the `Impute`" && named == "`value`: the finite numbers";
        assert!(cells[4] == named || is_wrapper, "{line}: {named}");
    }
}

macro_rules! names {
    ($($name:literal: $layer:ty, $axes:tt;)+) => { [$($name),+] };
}

/// Returns the names of the listed layers, without their parameters.
pub(super) fn listed() -> BTreeSet<&'static str> {
    layers!(names).into_iter().map(|name| name.split('<').next().unwrap_or(name)).collect()
}

/// The layers that contain layers. They are not in the list.
pub(super) const CONTAINERS: [&str; 5] = ["AddInto", "GeneralizedResidual", "Repeated", "Residual", "SplitInto"];

/// The layers that are allowed only in fields with `#[columns(..)]`.
pub(super) const COLUMN_LAYERS: [&str; 13] = [
    "DropFirst",
    "DropIfBinary",
    "Embed",
    "GroupInfrequent",
    "Impute",
    "MaxAbs",
    "OneHot",
    "Ordinal",
    "PerColumn",
    "PowerTransform",
    "QuantileTransform",
    "RobustScale",
    "WithIndicator",
];

/// The types that are parameters of these layers.
const RULES: [&str; 13] = [
    "AllStates",
    "Bidirectional",
    "Constant",
    "LastState",
    "Mean",
    "Median",
    "MostFrequent",
    "Normal",
    "OneWay",
    "OwnCategory",
    "Refusal",
    "Uniform",
    "Zeros",
];

#[test]
fn every_layer_of_the_prelude_is_listed() {
    // The prelude re-exports this module whole.
    let text = include_str!("../mod.rs").split_once("pub mod builder {").expect("the declared layers").1;
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let declared = words.filter(|word| word.starts_with(char::is_uppercase));
    let wanted: BTreeSet<&str> = listed().into_iter().chain(CONTAINERS).chain(COLUMN_LAYERS).chain(RULES).collect();
    assert_eq!(declared.collect::<BTreeSet<_>>(), wanted);
}

/// The release that a report names is the one that the workspace asks for.
#[test]
#[cfg(feature = "search")]
fn the_release_of_the_tensors_is_that_of_the_manifest() {
    let manifest = include_str!("../../../../Cargo.toml");
    let line = manifest.lines().find(|line| line.starts_with("dfdx = ")).expect("a dependency");
    let release = crate::nn::DFDX.strip_prefix("dfdx ").expect("a name and a release");
    assert!(line.contains(&format!("version = \"={release}\"")), "{line}");
}
