//! What a file may not be: half written, of another model, damaged, foreign.

use dropgrid::error::{FileError, SpaceError};

use super::*;

#[test]
fn a_file_is_whole_or_what_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    fs::write(&path, "what was there").expect("a file");
    let fitted = fitted(0);
    fitted.save(&path).expect("room on the disk");
    assert_eq!(fs::read(&path).expect("a file"), fitted.to_bytes().unwrap());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
    let loaded = Fitted::<Mlp, Classes<3>>::load(&path).expect("what was written");
    assert_eq!(loaded.params(), fitted.params());

    let nowhere = folder.path().join("no/such/folder/model.safetensors");
    assert!(matches!(fitted.save(&nowhere), Err(Error::File(FileError::Write { path, .. })) if path == nowhere));
    let loaded = Fitted::<Mlp, Classes<3>>::load(&nowhere);
    assert!(matches!(loaded, Err(Error::File(FileError::Read { path, .. })) if path == nowhere));
    // A folder of that name cannot be replaced, and stays.
    let error = fitted.save(folder.path()).expect_err("no file");
    assert!(matches!(error, Error::File(FileError::NotAFile { kind: "a folder", .. })), "{error}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

/// What a link leads to is replaced, with the permissions that it has; a device and a pipe are written to.
#[test]
#[cfg(unix)]
fn a_file_is_saved_where_its_path_leads() {
    use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};

    let folder = tempfile::tempdir().expect("a folder");
    let [real, link] = ["real.safetensors", "model.safetensors"].map(|name| folder.path().join(name));
    let fitted = fitted(0);
    fs::write(&real, "what was there").expect("a file");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).expect("a file of ours");
    symlink("real.safetensors", &link).expect("a link");
    fitted.save(&link).expect("room on the disk");
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert_eq!(fs::read(&real).expect("a file"), fitted.to_bytes().unwrap());
    assert_eq!(fs::metadata(&real).expect("a file").mode() & 0o777, 0o600);

    // As a killed process of this number left it.
    let left = folder.path().join(format!(".real.safetensors.{}-0.part", std::process::id()));
    fs::write(left, "half").expect("a file");
    fitted.save(&real).expect("room on the disk");
    fitted.save("/dev/null").expect("it takes everything");
    assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    Fitted::<Mlp, Classes<3>>::load(&link).expect("what was written");
}

#[test]
fn another_model_is_refused_with_what_differs() {
    let fitted = fitted(0);
    let bytes = fitted.to_bytes().unwrap();
    let error = Fitted::<other::Mlp, Classes<3>>::from_bytes(&bytes).expect_err("other layers").to_string();
    let words = "cannot load the model: this is another model: the list of layers is `hidden`, `norm`, `dropout`, `output`, \
                 expected `hidden`, `output`";
    assert_eq!(error, words);

    let error = Fitted::<Small, Binary>::from_bytes(&bytes).expect_err("another struct").to_string();
    assert!(error.contains("the model is `Mlp`, expected `Small`"), "{error}");
    assert!(error.contains("the target is classes, expected binary"), "{error}");
    assert!(error.contains("the output's shape is [3], expected [1]"), "{error}");

    let wide = MlpParams { hidden: 8, ..Mlp::space().nth(0).expect("a candidate") };
    let index = Mlp::space().index_of(&wide).expect("one of the space");
    let bytes = self::fitted(index).to_bytes().unwrap();
    let error = Fitted::<narrowed::Mlp, Classes<3>>::from_bytes(&bytes).expect_err("no such width");
    assert!(matches!(error, Error::Space(SpaceError::NotCompiled { axis: "hidden", .. })), "{error}");

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("small.safetensors");
    small().save(&path).expect("room on the disk");
    let error = Fitted::<Mlp, Classes<3>>::load(&path).expect_err("another struct");
    assert!(matches!(&error, Error::LoadFile { path: at, error: LoadError::Differs { .. } } if *at == path), "{error}");
}

/// A model whose text is the same, between an alias and constants that are not.
macro_rules! model {
    ($module:ident: $($item:item)+) => {
        #[allow(clippy::redundant_field_names, reason = "lints see what is expanded in the call of another macro")]
        mod $module {
            use dropgrid::prelude::*;

            $($item)+

            #[searchable]
            pub(super) struct Net {
                hidden: (Linear<4, WIDTH>, Act),
                #[grid(0.1)]
                dropout: Dropout,
                #[set(p = dropout / SHARE)]
                late: Dropout,
                output: Linear<WIDTH, 3>,
            }
        }
    };
}

model!(known: const WIDTH: usize = 4; const SHARE: f64 = 2.0; type Act = ReLU;);
model!(tanh: const WIDTH: usize = 4; const SHARE: f64 = 2.0; type Act = Tanh;);
model!(wide: const WIDTH: usize = 8; const SHARE: f64 = 2.0; type Act = ReLU;);
model!(shared: const WIDTH: usize = 4; const SHARE: f64 = 4.0; type Act = ReLU;);
model!(elsewhere: const WIDTH: usize = 2 + 2; const SHARE: f64 = 1.0 / 0.5; type Act = dropgrid::prelude::ReLU;);

#[test]
fn another_network_behind_an_alias_is_refused() {
    let search = known::Net::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2));
    let fitted = search.fit(&named()).expect("a report").into_fitted();
    let bytes = fitted.to_bytes().expect("finite numbers");
    let refused = |error: Error| {
        let text = error.to_string();
        text.strip_prefix("cannot load the model: this is another model: ").expect("another model").to_owned()
    };
    let error = Fitted::<tanh::Net, Classes<3>>::from_bytes(&bytes).expect_err("another activation");
    assert_eq!(refused(error), "the layer `hidden` is `(Linear<4, 4>, ReLU)`, expected `(Linear<4, 4>, Tanh)`");
    let error = Fitted::<wide::Net, Classes<3>>::from_bytes(&bytes).expect_err("another width");
    let words = "the layer `hidden` is `(Linear<4, 4>, ReLU)`, expected `(Linear<4, 8>, ReLU)`; \
                 the layer `output` is `Linear<4, 3>`, expected `Linear<8, 3>`";
    assert_eq!(refused(error), words);
    let error = Fitted::<shared::Net, Classes<3>>::from_bytes(&bytes).expect_err("another rate");
    assert_eq!(refused(error), "the p of the layer `late` is 0.05, expected 0.025");
    let again = Fitted::<elsewhere::Net, Classes<3>>::from_bytes(&bytes).expect("the same network in other words");
    assert_eq!(again.predict_proba(&points4()).unwrap(), fitted.predict_proba(&points4()).unwrap());
    assert_eq!(again.to_bytes().expect("finite numbers"), bytes);
}

/// Rows of four features.
fn points4() -> Features {
    named().features().clone()
}

/// A file of which a part is missing.
#[test]
fn a_truncated_file_is_an_error() {
    let bytes = small().to_bytes().unwrap();
    for len in 0..bytes.len() {
        let error = Fitted::<Small, Binary>::from_bytes(&bytes[..len]).expect_err("a part is missing");
        assert!(matches!(error, Error::Load(LoadError::NotSafetensors { .. })), "{len}: {error}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(matches!(Fitted::<Small, Binary>::from_bytes(&longer), Err(Error::Load(_))));
}

/// Every bit of a file counts: whichever is another one, the file is refused.
#[test]
fn a_flipped_bit_is_an_error() {
    let bytes = small().to_bytes().unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let loaded = Fitted::<Small, Binary>::from_bytes(&flipped);
        assert!(matches!(loaded, Err(Error::Load(_))), "bit {bit}: {loaded:?}");
    }
}

#[test]
fn foreign_files_are_errors() {
    let load = |bytes: &[u8]| Fitted::<Small, Binary>::from_bytes(bytes).expect_err("no model");
    assert!(matches!(load(&[]), Error::Load(LoadError::NotSafetensors { .. })));
    assert!(matches!(
        load(b"PK\x03\x04 an archive, as torch.save writes it"),
        Error::Load(LoadError::NotSafetensors { .. })
    ));
    // A header of 2^63 bytes, and one larger than the format allows.
    for len in [1_u64 << 63, 100_000_001, u64::MAX] {
        let bytes = [&len.to_le_bytes()[..], &[b' '; 64]].concat();
        assert!(matches!(load(&bytes), Error::Load(LoadError::NotSafetensors { .. })));
    }
    // Files of other programs, and of a later release.
    let with = |header: &str| [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    assert!(matches!(load(&with("{}")), Error::Load(LoadError::Foreign { .. })));
    assert!(matches!(load(&with(r#"{"__metadata__":{"format":"pt"}}"#)), Error::Load(LoadError::Foreign { .. })));
    assert!(matches!(load(&with(r#"{"__metadata__":{"dropgrid":"{}"}}"#)), Error::Load(LoadError::Foreign { .. })));
    let later = load(&with(r#"{"__metadata__":{"dropgrid":"{\"format\":2,\"mood\":\"fine\"}"}}"#));
    assert!(matches!(later, Error::Load(LoadError::Format { found: 2, known: 1 })), "{later}");
    // Half-precision weights are another type.
    let halves = r#"{"__metadata__":{"dropgrid":"HEADER"},"w":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#;
    let text = String::from_utf8_lossy(&small().to_bytes().unwrap()).into_owned();
    let (from, to) = (text.find(r#"{\"format"#).expect("the header"), text.find(r#"}"},"#).expect("its end") + 1);
    let bytes = [with(&halves.replace("HEADER", &text[from..to])), vec![0, 60]].concat();
    let Error::Load(LoadError::Tensors { faults }) = load(&bytes) else { panic!("another type of numbers") };
    let fault = TensorFault::Dtype { name: "w".to_owned(), found: "F16".to_owned(), expected: "F32" };
    assert_eq!(faults, [fault]);
}

/// Two models of the same words, whose layers have other settings.
macro_rules! settled {
    ($($module:ident: $one:literal;)+) => {$(
        mod $module {
            use dropgrid::prelude::*;

            const ONE: f64 = $one;

            #[searchable]
            pub(super) struct Settled {
                first: Linear<2, 4>,
                #[set(slope = ONE)]
                leaky: LeakyReLU,
                #[set(momentum = ONE, epsilon = ONE / 10.0)]
                norm: BatchNorm1D<4>,
                #[set(alpha = ONE)]
                elu: ELU,
                #[set(epsilon = ONE)]
                layer: LayerNorm1D<4>,
                #[set(p = ONE)]
                dropout: Dropout,
                #[set(stddev = ONE)]
                noise: GaussianNoise,
                output: Linear<4, 1>,
            }
        }
    )+};
}

settled! {
    one: 0.5;
    two: 0.25;
}

#[test]
fn layers_with_other_settings_are_refused_by_name_and_value() {
    let targets = Binary::new((0..40).map(|at| at % 7 > at % 5)).expect("both classes");
    let data = Dataset::from_features(points(), targets).expect("data");
    let search = one::Settled::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1));
    let bytes = search.progress(false).fit(&data).expect("a report").into_fitted().to_bytes().expect("numbers");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains(r#"\"leaky.slope\":0.5"#), "{text}");
    Fitted::<one::Settled, Binary>::from_bytes(&bytes).expect("the same settings");
    let error = Fitted::<two::Settled, Binary>::from_bytes(&bytes).expect_err("other settings").to_string();
    let layers = ["leaky.slope", "norm.momentum", "elu.alpha", "layer.epsilon", "dropout.p", "noise.stddev"];
    for (layer, setting) in layers.map(|path| path.split_once('.').expect("a layer and its setting")) {
        let wanted = format!("the {setting} of the layer `{layer}` is 0.5, expected 0.25");
        assert!(error.contains(&wanted), "{wanted}\n{error}");
    }
    assert!(error.contains("the epsilon of the layer `norm` is 0.05, expected 0.025"), "{error}");
}
