//! A study knows the network that the compiler built, and not how it is written.

use super::*;

/// What is kept of a search: the digest, and the time of each fit, which a fit that is run again does not repeat.
type AnyReport = (String, Vec<Duration>);

/// A search of a model in a study, of two epochs.
macro_rules! search {
    ($model:ty, $study:expr) => {{
        let search = <$model>::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2).batch_size(10));
        search.seed(3).study($study).cross_validate(&corners(60)).map(|report| -> AnyReport {
            let records = report.results().candidates().iter().flat_map(|candidate| candidate.records());
            (report.digest(), records.map(|record| record.fit_time).collect())
        })
    }};
}

/// A model whose text is the same, between constants and aliases that are not.
macro_rules! model {
    ($module:ident: $($item:item)+) => {
        #[allow(clippy::redundant_field_names, reason = "lints see what is expanded in the call of another macro")]
        mod $module {
            use dropgrid::prelude::*;

            $($item)+

            #[searchable]
            pub(super) struct Net {
                hidden: (Linear<4, WIDTH>, Act),
                body: Repeated<Residual<Linear<WIDTH, WIDTH>>, TIMES>,
                #[grid(0.1, 0.2)]
                dropout: Dropout,
                #[grid(momentum: 0.1)]
                norm: BatchNorm1D<WIDTH>,
                #[set(p = dropout / SHARE)]
                late: Dropout,
                last: Dropout,
                output: Linear<WIDTH, 3>,
            }
        }
    };
}

model!(known: const WIDTH: usize = 4; const TIMES: usize = 1; const SHARE: f64 = 2.0; type Act = ReLU;);
model!(wide: const WIDTH: usize = 128; const TIMES: usize = 1; const SHARE: f64 = 2.0; type Act = ReLU;);
model!(deep: const WIDTH: usize = 4; const TIMES: usize = 2; const SHARE: f64 = 2.0; type Act = ReLU;);
model!(tanh: const WIDTH: usize = 4; const TIMES: usize = 1; const SHARE: f64 = 2.0; type Act = Tanh;);
model!(shared: const WIDTH: usize = 4; const TIMES: usize = 1; const SHARE: f64 = 4.0; type Act = ReLU;);

/// The network of `known`, elsewhere and in other words.
mod elsewhere {
    pub(super) mod deeper {
        use dropgrid::prelude::*;

        type First = (Linear<4, { 2 * 2 }>, ReLU);
        type Body = Repeated<Residual<Linear<4, 4>>, 1>;
        const HALF: f64 = 0.5;

        #[searchable]
        pub struct Net {
            hidden: First,
            body: Body,
            #[grid(0.1, 0.2)]
            dropout: dropgrid::nn::Dropout,
            #[grid(momentum: 0.1)]
            norm: BatchNorm1D<4>,
            #[set(p = HALF * dropout)]
            late: Dropout,
            last: Dropout,
            output: Linear<4, 3>,
        }
    }
}

/// The error of a search that a study refuses, of which it keeps every byte.
macro_rules! refused {
    ($model:ty, $folder:expr, $path:expr) => {{
        let mut texts = Vec::new();
        for study in [Study::at(&$path), Study::at(&$path).extend().retry_failed()] {
            let before = contents($folder.path());
            let error = search!($model, study).expect_err("another network");
            assert!(matches!(error, Error::Study(StudyError::Differs { can_extend: false, .. })), "{error}");
            assert!(contents($folder.path()) == before, "{error}");
            texts.push(error.to_string().split(" is the study of another search: ").last().expect("a text").to_owned());
        }
        assert_eq!(texts[0], texts[1]);
        texts.remove(0)
    }};
}

const ANOTHER: &str = "; give this search another file";

#[test]
fn another_constant_or_alias_is_another_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let first = search!(known::Net, &path).expect("a report");
    let identity = StudyFile::open(&path).expect("a study").info().identity.clone();
    assert_eq!(identity.part("model"), Some("Net"));
    assert_eq!(
        identity.part("network"),
        Some(
            "hidden: (Linear<4, 4>, ReLU); body: Repeated<Residual<Linear<4, 4>>, 1>; dropout: Dropout (p given); \
             norm: BatchNorm1D<4> (momentum given, epsilon 1e-5); late: Dropout (p given); last: Dropout (p 0.5); \
             output: Linear<4, 3>"
        )
    );

    #[cfg(target_arch = "x86_64")]
    let is_fused = is_x86_feature_detected!("fma") && is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    let is_fused = cfg!(target_arch = "aarch64");
    if cfg!(not(dropgrid_at_most = "base")) {
        let products = if is_fused { "1, fused products" } else { "1, unfused products" };
        assert_eq!(identity.part("arithmetic"), Some(products));
    }

    let wide = refused!(wide::Net, folder, path);
    let layers = |width: usize| {
        format!(
            "hidden: (Linear<4, {width}>, ReLU); body: Repeated<Residual<Linear<{width}, {width}>>, 1>; \
             norm: BatchNorm1D<{width}> (momentum given, epsilon 1e-5); output: Linear<{width}, 3>"
        )
    };
    assert_eq!(wide, format!("network was {}, is {}{ANOTHER}", layers(4), layers(128)));
    let body = |times: usize| format!("body: Repeated<Residual<Linear<4, 4>>, {times}>");
    assert_eq!(refused!(deep::Net, folder, path), format!("network was {}, is {}{ANOTHER}", body(1), body(2)));
    let act = "network was hidden: (Linear<4, 4>, ReLU), is hidden: (Linear<4, 4>, Tanh)";
    assert_eq!(refused!(tanh::Net, folder, path), format!("{act}{ANOTHER}"));
    let tied = |dropout: f64, was: f64, is: f64| {
        let candidate = format!("{{\"dropout\":{dropout},\"norm\":0.1}}");
        format!("what is tied in the candidate {candidate} was late.p = {was}, is late.p = {is}")
    };
    let both = [tied(0.1, 0.05, 0.025), tied(0.2, 0.1, 0.05)].join("; ");
    assert_eq!(refused!(shared::Net, folder, path), format!("{both}{ANOTHER}"));

    // What the compiler builds alike is the same, wherever and however it is declared.
    assert_eq!(search!(elsewhere::deeper::Net, &path).expect("the same network"), first);
    assert_eq!(search!(known::Net, &path).expect("the same network"), first);
}

/// A model with a width of its own, which is not searched.
#[searchable]
struct Open<const WIDTH: usize> {
    hidden: (Linear<4, WIDTH>, ReLU),
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<WIDTH, 3>,
}

#[test]
fn another_generic_of_the_model_is_another_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let first = search!(Open<4>, &path).expect("a report");
    let layers = |width: usize| format!("hidden: (Linear<4, {width}>, ReLU); output: Linear<{width}, 3>");
    let expected = format!("network was {}, is {}{ANOTHER}", layers(4), layers(128));
    assert_eq!(refused!(Open<128>, folder, path), expected);
    assert_eq!(search!(Open<4>, &path).expect("the same network"), first);
}

/// A searched model, with an alias in it.
macro_rules! searched {
    ($module:ident: [$($width:literal),+] $act:ident) => {
        #[allow(dead_code, reason = "what a width is, its network shows")]
        mod $module {
            use dropgrid::prelude::*;

            type Act = $act;

            #[searchable]
            pub(super) struct Net<#[grid($($width),+)] const WIDTH: usize> {
                hidden: (Linear<4, WIDTH>, Act),
                output: Linear<WIDTH, 3>,
            }
        }
    };
}

searched!(two: [4, 8] ReLU);
searched!(three: [4, 8, 16] ReLU);
searched!(three_tanh: [4, 8, 16] Tanh);
searched!(others: [16, 32] ReLU);

#[test]
fn each_architecture_is_known_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let (_, two) = search!(two::Net, &path).expect("a report");
    let error = search!(three_tanh::Net, Study::at(&path).extend()).expect_err("another network").to_string();
    let differs = |width: usize| {
        let layer = |act: &str| format!("hidden: (Linear<4, {width}>, {act})");
        format!("network of width = {width} was {}, is {}", layer("ReLU"), layer("Tanh"))
    };
    assert!(error.ends_with(&format!(": {}; {}{ANOTHER}", differs(4), differs(8))), "{error}");
    let (_, three) = search!(three::Net, Study::at(&path).extend()).expect("one more architecture");
    assert_eq!(three[..4], two);
    // Those that a search does not have are not forgotten.
    search!(others::Net, Study::at(&path).extend()).expect("other architectures");
    let error = search!(three_tanh::Net, Study::at(&path).extend()).expect_err("another network").to_string();
    assert!(error.contains(&differs(4)) && error.contains(&differs(16)), "{error}");
    assert_eq!(search!(three::Net, Study::at(&path).extend()).expect("the same architectures").1, three);
}

#[test]
fn the_names_of_classes_are_of_the_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let named = |names: [&str; 3]| {
        let data = corners(60);
        let targets = data.targets().clone().with_names(names).expect("three names");
        let data = Dataset::from_features(data.features().clone(), targets).expect("as many rows");
        Open::<4>::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1)).study(&path).cross_validate(&data)
    };
    named(["a", "b", "c"]).expect("a report");
    let error = named(["a", "c", "b"]).expect_err("other classes").to_string();
    let words = "classes was [\"a\",\"b\",\"c\"], is [\"a\",\"c\",\"b\"]; give this search another file";
    assert!(error.ends_with(words), "{error}");
}
