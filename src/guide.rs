//! The guide. `mdbook build docs/guide` makes a book of the same pages.
//!
//! Here each page is a module, whose documentation it is. The code of the pages is compiled and run as documentation tests.
#![doc = ""]
#![doc = dropgrid_macros::guide_page!("SUMMARY.md")]

/// The code of README.md, which compiles as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Makes each page a module whose documentation it is, by its path from `docs/guide/src`.
macro_rules! pages {
    ($($item:ident $page:literal)+) => {$(
        #[doc = dropgrid_macros::guide_page!($page)]
        pub mod $item {
            /// The page, by which the compiler knows that the file is part of the crate.
            #[allow(dead_code, reason = "the documentation is made of it")]
            const PAGE: &str = include_str!(concat!("../docs/guide/src/", $page));
        }
    )+};
}

pages! {
    about "about.md"
    first_search "first-search.md"
    two_phases "two-phases.md"
    from_keras "from-keras.md"
    from_keras_tuner "from-keras-tuner.md"
    from_scikit_learn "from-scikit-learn.md"
    from_optuna "from-optuna.md"
    from_pytorch "from-pytorch.md"
    data "data.md"
    models "models.md"
    depth "depth.md"
    sequences "sequences.md"
    folds_and_metrics "folds-and-metrics.md"
    training "training.md"
    strategies "strategies.md"
    reading_a_report "reading-a-report.md"
    the_winner "the-winner.md"
    reproducibility "reproducibility.md"
    clusters "clusters.md"
    own_layers "own-layers.md"
    own_metrics "own-metrics.md"
    own_strategies "own-strategies.md"
    compile_errors "compile-errors.md"
    run_errors "run-errors.md"
}

/// The pages of `docs/`, one on each part.
pub mod reference {
    pages! {
        data "../../data.md"
        models "../../models.md"
        own_layer "../../own-layer.md"
        strategies "../../strategies.md"
        model_based "../../model-based.md"
        objectives "../../objectives.md"
        strategy_bench "../../strategy-bench.md"
        reports "../../reports.md"
        reproducibility "../../reproducibility.md"
        scikit_learn "../../scikit-learn.md"
        studies "../../studies.md"
        cluster "../../cluster.md"
        prediction "../../prediction.md"
        onnx "../../onnx.md"
        command "../../command.md"
        training_step "../../training-step.md"
        macro_ "../../macro.md"
        performance "../../performance.md"
    }
}
