//! README, the pages of the guide and those of the documentation, whose code is compiled and run as documentation tests.

/// The code of README.md, which compiles as it stands there.
#[doc = include_str!("../README.md")]
struct Readme;

/// Makes each page an item whose documentation it is, by its path from `docs/guide/src`.
macro_rules! pages {
    ($($item:ident $page:literal)+) => {$(
        #[doc = include_str!(concat!("../docs/guide/src/", $page))]
        struct $item;
    )+};
}

pages! {
    FirstSearch "first-search.md"
    TwoPhases "two-phases.md"
    FromKeras "from-keras.md"
    FromKerasTuner "from-keras-tuner.md"
    FromScikitLearn "from-scikit-learn.md"
    FromOptuna "from-optuna.md"
    FromPyTorch "from-pytorch.md"
    Data "data.md"
    Models "models.md"
    Depth "depth.md"
    Sequences "sequences.md"
    Training "training.md"
    Strategies "strategies.md"
    ReadingAReport "reading-a-report.md"
    TheWinner "the-winner.md"
    Reproducibility "reproducibility.md"
    OwnLayers "own-layers.md"
    OwnMetrics "own-metrics.md"
    OwnStrategies "own-strategies.md"
    FoldsAndMetrics "folds-and-metrics.md"
    RunErrors "run-errors.md"
    ReferenceCluster "../../cluster.md"
    ReferenceData "../../data.md"
    ReferenceModels "../../models.md"
    ReferenceObjectives "../../objectives.md"
    ReferenceOnnx "../../onnx.md"
    ReferenceOwnLayer "../../own-layer.md"
    ReferencePrediction "../../prediction.md"
    ReferenceReports "../../reports.md"
    ReferenceStrategies "../../strategies.md"
}
