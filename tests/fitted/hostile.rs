//! Files that somebody has changed, and whose digest says otherwise: each is a typed error or a model, never a panic.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::*;

#[searchable]
struct Scaled {
    scale: Standardize<4>,
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

#[searchable]
struct Ranged {
    scale: MinMax<4>,
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-2)]
    lr: f64,
}

/// A file in its parts.
#[derive(Clone)]
struct Parts {
    /// The header of safetensors, without that of dropgrid.
    outer: Value,
    /// That of dropgrid.
    inner: Value,
    numbers: Vec<u8>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Self {
        let (len, rest) = bytes.split_at(8);
        let len = u64::from_le_bytes(len.try_into().expect("eight bytes")) as usize;
        let (header, numbers) = rest.split_at(len);
        let outer: Value = serde_json::from_slice(header).expect("a header");
        let inner = outer["__metadata__"]["dropgrid"].as_str().expect("an entry");
        Self { inner: serde_json::from_str(inner).expect("an object"), numbers: numbers.to_vec(), outer }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut outer = self.outer.clone();
        if let Some(entry) = outer.get_mut("__metadata__").and_then(|metadata| metadata.get_mut("dropgrid")) {
            *entry = self.inner.to_string().into();
        }
        let mut header = outer.to_string().into_bytes();
        header.resize(header.len().next_multiple_of(8), b' ');
        [&(header.len() as u64).to_le_bytes()[..], &header, &self.numbers].concat()
    }

    /// The place of a tensor's numbers.
    fn place(&self, tensor: &str) -> usize {
        self.outer[tensor]["data_offsets"][0].as_u64().expect("an offset") as usize
    }
}

/// What loading gives once the digest is made anew: an error says which it should be.
fn resealed<M: Model, T>(parts: &mut Parts) -> Result<Fitted<M, T>, Error>
where
    T: dropgrid::train::TrainTarget<Output = M::Output>,
{
    match Fitted::from_bytes(&parts.bytes()) {
        Err(Error::Load(LoadError::Damaged { found, .. })) => {
            parts.inner["digest"] = found.into();
            Fitted::from_bytes(&parts.bytes())
        }
        loaded => loaded,
    }
}

fn refused<M: Model, T>(parts: &Parts, change: impl FnOnce(&mut Parts)) -> String
where
    T: dropgrid::train::TrainTarget<Output = M::Output>,
    M::Params: std::fmt::Debug,
{
    let mut parts = parts.clone();
    change(&mut parts);
    resealed::<M, T>(&mut parts).expect_err("a file that was changed").to_string()
}

#[test]
fn the_parts_of_a_file_are_the_file() {
    let mut parts = Parts::of(&fitted(0).to_bytes().unwrap());
    parts.inner["seed"] = 8.into();
    assert_eq!(resealed::<Mlp, Classes<3>>(&mut parts).expect("another seed").seed(), Some(8));
}

#[test]
fn names_are_those_of_the_classes() {
    let parts = Parts::of(&fitted(0).to_bytes().unwrap());
    let changed = |parts: &Parts, change: &dyn Fn(&mut Parts)| refused::<Mlp, Classes<3>>(parts, change);
    let refused = |names: Value| changed(&parts, &|parts| parts.inner["names"] = names.clone());
    let another = "cannot load the model: this is another model: ";
    assert_eq!(refused(json!(["left"])), format!("{another}it has 1 names, expected 3, one a class or flag"));
    assert_eq!(refused(json!(["a", "b", "a"])), format!("{another}two of its classes or flags are named `a`"));
    let many: Vec<String> = (0..10_000).map(|name| name.to_string()).collect();
    assert_eq!(refused(json!(many)), format!("{another}it has 10000 names, expected 3, one a class or flag"));
    let twice = refused(json!(["\u{1b}[31m", "\u{1b}[31m", ""]));
    assert_eq!(twice, format!("{another}two of its classes or flags are named `\\u{{1b}}[31m`"));
    for threshold in [json!(1.0), json!(-0.1), json!(1e300)] {
        let error = changed(&parts, &|parts| parts.inner["threshold"] = threshold.clone());
        assert!(error.contains("its threshold is ") && error.ends_with("expected a number in [0, 1)"), "{error}");
    }
    let scaled = json!({"transform": "standardize", "shift": [0.0, 0.0, 0.0], "scale": [1.0, 1.0, 1.0]});
    for (part, value, said) in [
        ("columns", json!(["a", "b", "c"]), "it names 3 columns, expected 4, one a number of the input"),
        ("columns", json!(["a", "b", "a", "b"]), "two of its columns are named `a`"),
        ("origins", json!([1.5]), "it has 1 origins, expected 4, one a number of the input"),
        ("origins", json!([0.0, 0.0, 0.0, 1e300]), "an origin is 1e300, expected a number within single precision"),
        ("targets", scaled, "it transforms its targets, which are no numbers"),
    ] {
        let error = changed(&parts, &|parts| parts.inner[part] = value.clone());
        assert_eq!(error, format!("{another}{said}"));
    }
    let mut parts = parts.clone();
    parts.inner["names"] = Value::Null;
    let nameless = resealed::<Mlp, Classes<3>>(&mut parts).expect("a model without names");
    assert_eq!(nameless.predict_names(&fours()).expect("numbers")[0].len(), 1);
}

/// Rows of the input of `Mlp`.
fn fours() -> Features {
    Features::from_rows((0..6).map(|at| [at as f32, 1.0, -1.0, 0.5])).expect("rows")
}

#[test]
fn hyperparameters_are_those_of_a_candidate() {
    let parts = Parts::of(&fitted(0).to_bytes().unwrap());
    let refused =
        |name: &str, value: Value| refused::<Mlp, Classes<3>>(&parts, |parts| parts.inner["params"][name] = value);
    assert_eq!(refused("dropout", json!(5.0)), "dropout: rate 5 is outside [0, 1)");
    assert_eq!(refused("dropout", json!(-0.1)), "dropout: rate -0.1 is outside [0, 1)");
    assert_eq!(refused("norm", json!(7)), "norm: momentum 7 is outside [0, 1]");
    assert_eq!(refused("lr", json!(-1)), "lr is -1, expected a positive, finite number");
    assert_eq!(refused("momentum", json!(1.5)), "momentum is 1.5, expected a number in [0, 1)");
    assert_eq!(
        refused("hidden", json!(1_u64 << 40)),
        "`hidden` = 1099511627776 was not compiled; the struct's #[grid] lists [4, 8]"
    );
    for (name, value) in [("lr", Value::Null), ("act", json!("Gone")), ("lr", json!("1")), ("unknown", json!(1))] {
        let error = refused(name, value);
        assert!(error.contains("are none of `Mlp` that a file gives back"), "{error}");
    }
}

#[test]
fn statistics_are_those_of_some_data() {
    fn set(parts: &mut Parts, tensor: &str, value: f32) {
        let at = parts.place(tensor) + 4;
        parts.numbers[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    let parts = Parts::of(&fitted(0).to_bytes().unwrap());
    let start = "cannot load the model: the tensors are not those of the network: ";
    let error = refused::<Mlp, Classes<3>>(&parts, |parts| set(parts, "norm.running_var", -1.0));
    assert_eq!(error, format!("{start}number 1 of `norm.running_var` is -1, expected a number from 0"));
    let error = refused::<Mlp, Classes<3>>(&parts, |parts| set(parts, "norm.running_mean", f32::NAN));
    assert_eq!(error, format!("{start}number 1 of `norm.running_mean` is NaN"));

    let scaled =
        Scaled::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).fit(&named()).expect("a report");
    let parts = Parts::of(&scaled.fitted().to_bytes().unwrap());
    for value in [0.0, -2.0] {
        let error = refused::<Scaled, Classes<3>>(&parts, |parts| set(parts, "scale.scale", value));
        assert_eq!(error, format!("{start}number 1 of `scale.scale` is {value}, expected a number above 0"));
    }
    let ranged =
        Ranged::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).fit(&named()).expect("a report");
    let parts = Parts::of(&ranged.fitted().to_bytes().unwrap());
    let error = refused::<Ranged, Classes<3>>(&parts, |parts| set(parts, "scale.range", 0.0));
    assert_eq!(error, format!("{start}number 1 of `scale.range` is 0, expected a number above 0"));
}

/// A value that no training writes there.
fn odd(rng: &mut ChaCha8Rng) -> Value {
    let deep = (0..200).fold(json!(1), |deep, _| json!([deep]));
    let odd = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(5),
        json!(0.5),
        json!(1e308),
        json!(u64::MAX),
        json!(1_u64 << 62),
        json!(""),
        json!("\u{1b}]0;title\u{7}\u{202e}"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([1, 2, 3]),
        json!([u64::MAX, u64::MAX]),
        json!([0, 0]),
        json!({}),
        json!({ "a": [null] }),
        deep,
    ];
    odd[rng.random_range(0..odd.len())].clone()
}

/// Changes a value somewhere in a tree: another one in its place, one more, or one less.
fn change(value: &mut Value, rng: &mut ChaCha8Rng) {
    let goes_on = rng.random_range(0..4) > 0;
    match value {
        Value::Object(map) if goes_on && !map.is_empty() => {
            let at = rng.random_range(0..map.len());
            let name = map.keys().nth(at).expect("a name").clone();
            match rng.random_range(0..12) {
                0 => drop(map.remove(&name)),
                1 => drop(map.insert(format!("{name} "), odd(rng))),
                _ => change(map.get_mut(&name).expect("a value"), rng),
            }
        }
        Value::Array(all) if goes_on && !all.is_empty() => {
            let at = rng.random_range(0..all.len());
            match rng.random_range(0..6) {
                0 => drop(all.remove(at)),
                1 => all.push(odd(rng)),
                _ => change(&mut all[at], rng),
            }
        }
        other => *other = odd(rng),
    }
}

/// Thousands of changes to every part of a file, each with a digest that fits: some are models, which predict or say
/// why not; the others are errors.
#[test]
fn no_change_with_a_new_digest_is_a_panic() {
    let whole = fitted(1).to_bytes().unwrap();
    let parts = Parts::of(&whole);
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let (mut models, mut errors) = (0, 0);
    for round in 0..1500 {
        let mut parts = parts.clone();
        for _ in 0..rng.random_range(1..3) {
            match rng.random_range(0..4) {
                0 => change(&mut parts.inner, &mut rng),
                1 => change(&mut parts.inner["params"], &mut rng),
                2 => change(&mut parts.outer, &mut rng),
                _ => {
                    let at = rng.random_range(0..parts.numbers.len());
                    parts.numbers[at] ^= 1 << rng.random_range(0..8);
                }
            }
            if !parts.inner.is_object() {
                parts.inner = json!({});
            }
        }
        match resealed::<Mlp, Classes<3>>(&mut parts) {
            Ok(model) => {
                models += 1;
                // Numbers may overflow, which predicting says.
                drop(model.predict(&fours()));
                drop(model.predict_names(&fours()));
                assert!(model.to_bytes().is_ok(), "round {round}: what was loaded can be saved");
            }
            Err(error) => {
                errors += 1;
                let said = error.to_string();
                assert!(
                    !said.is_empty() && !said.contains(['\u{1b}', '\u{7}', '\u{202e}', '\n']),
                    "round {round}: {said:?}"
                );
            }
        }
    }
    assert!(models > 50 && errors > 750, "{models} models, {errors} errors");
    // Bytes of no structure: a length, a cut, bits anywhere.
    for round in 0..1500 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => bytes[..8].copy_from_slice(&(rng.random::<u64>() >> (round % 64)).to_le_bytes()),
            1 => bytes.truncate(rng.random_range(0..bytes.len())),
            _ => {}
        }
        if bytes.len() > 8 {
            for _ in 0..rng.random_range(1..20) {
                let at = rng.random_range(8..bytes.len());
                bytes[at] = rng.random_range(0..=255);
            }
        }
        // A byte may be drawn that was there.
        assert!(bytes == whole || Fitted::<Mlp, Classes<3>>::from_bytes(&bytes).is_err(), "round {round}");
    }
}

/// No reader takes a device for a file, of which there is no end.
#[test]
#[cfg(target_os = "linux")]
fn a_device_is_no_model() {
    let error = Fitted::<Mlp, Classes<3>>::load("/dev/zero").expect_err("no file").to_string();
    assert_eq!(error, "cannot read /dev/zero: a device stands there, expected a file");
}
