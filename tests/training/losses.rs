//! Losses of a search: by name and as an axis, weighted, the user's own, and those that do not go with the data.

use dfdx::{
    shapes::{Axis, Rank1},
    tensor_ops::{MeanTo, SumTo},
};
use dropgrid::prelude::*;

/// Trains as a program.
#[searchable]
struct Program<const OUT: usize> {
    hidden: (Linear<2, 8>, Tanh),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<8, OUT>,
}

/// The same with a layer that only dfdx knows: trains on the tape.
#[searchable]
struct Taped<const OUT: usize> {
    hidden: (Linear<2, 8>, Sin),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<8, OUT>,
}

fn features() -> Vec<[f32; 2]> {
    (0..40).map(|at| [(at * 7 % 40) as f32 / 20.0 - 1.0, (at * 23 % 40) as f32 / 20.0 - 1.0]).collect()
}

fn classes() -> Dataset<Classes<3>> {
    let labels = features().iter().map(|[a, b]| usize::from(a > b) + usize::from(a + b > 0.8)).collect::<Vec<_>>();
    Dataset::new(features(), Classes::new(labels).expect("labels")).expect("data")
}

fn binary() -> Dataset<Binary> {
    Dataset::new(features(), Binary::new(features().iter().map(|[a, b]| a * b > 0.2)).expect("labels")).expect("data")
}

fn flags() -> Dataset<MultiLabel<3>> {
    let flags = features().into_iter().map(|[a, b]| [a > b, a > 0.5, b < 0.2]);
    Dataset::new(features(), MultiLabel::new(flags).expect("flags")).expect("data")
}

fn values() -> Dataset<Regression<3>> {
    let values = features().into_iter().map(|[a, b]| [a * b, a - b, 3.0 * a].map(f64::from));
    Dataset::new(features(), Regression::new(values).expect("numbers")).expect("data")
}

/// What the network of the model gives for the 40 rows after it was trained on all rows of `data`.
macro_rules! trained {
    ($model:ty, $data:expr, $recipe:expr) => {
        trained!($model, $data, $recipe, |search| search)
    };
    ($model:ty, $data:expr, $recipe:expr, |$search:ident| $more:expr) => {{
        let data = $data;
        let all: Vec<usize> = (0..data.len()).collect();
        let recipe = $recipe.epochs(30).batch_size(1000).shuffle(false);
        let $search = <$model>::search(Grid).cv(SplitList::new([(all.clone(), all)])).train(recipe).progress(false);
        let report = $more.fit(&data).expect("a report");
        let features = Features::from_rows(features()).expect("features");
        let predictions = report.fitted().predictions(&features).expect("rows fit");
        // All of it, whatever the target.
        let text = format!("{predictions:?}");
        let numbers = text.split(['[', ']', ',', ' ']).filter_map(|word| word.parse::<f64>().ok());
        numbers.collect::<Vec<f64>>()
    }};
}

#[track_caller]
fn assert_close(a: &[f64], b: &[f64]) {
    assert!(a.len() >= 40 && a.len() == b.len(), "{} {}", a.len(), b.len());
    // Thirty steps of single precision whose sums have another order.
    let far = a.iter().zip(b).find(|(a, b)| a.is_nan() || b.is_nan() || (*a - *b).abs() > 2e-5);
    assert_eq!(far, None);
}

/// The rows by number, each so many times.
fn repeated(counts: &[usize]) -> Vec<usize> {
    counts.iter().enumerate().flat_map(|(row, &count)| std::iter::repeat_n(row, count)).collect()
}

#[test]
fn a_weight_is_a_row_so_many_times() {
    let counts: Vec<usize> = (0..40).map(|row| row * 5 % 4).collect();
    let weights: Vec<f64> = counts.iter().map(|&count| 2.5 * count as f64).collect();
    macro_rules! check {
        ($($data:expr, $out:literal, $recipe:expr;)+) => {$(
            let weighted = $data.with_weights(weights.clone()).expect("weights");
            let rows = $data.select(&repeated(&counts)).expect("rows");
            let recipe: Train = $recipe;
            let by_weight = recipe.clone().sample_weights(true);
            let plain = trained!(Program<$out>, $data, recipe.clone());
            let found = trained!(Program<$out>, weighted.clone(), by_weight.clone());
            assert_close(&found, &trained!(Program<$out>, rows.clone(), recipe.clone()));
            assert!(found.iter().zip(&plain).any(|(a, b)| (a - b).abs() > 1e-3), "weights change nothing");
            assert_close(&trained!(Taped<$out>, weighted, by_weight), &trained!(Taped<$out>, rows, recipe));
        )+};
    }
    let sgd = || Train::sgd(0.2).momentum(0.5);
    check! {
        classes(), 3, sgd();
        classes(), 3, sgd().label_smoothing(0.1).class_weight(ClassWeight::Balanced);
        binary(), 1, sgd().class_weight([1.0, 3.0]);
        flags(), 3, sgd().loss(Loss::Focal).pos_weight(PosWeight::Balanced);
        values(), 3, sgd();
        values(), 3, sgd().loss(Loss::Huber).huber_delta(0.5);
    }
}

/// Batches in turn are the larger batch, whatever their rows count: a batch of rows without weight adds nothing.
#[test]
fn accumulated_batches_count_by_their_weights() {
    let weights: Vec<f64> = (0..40).map(|row| if row < 10 { 0.0 } else { f64::from(row % 4) }).collect();
    let data = || classes().with_weights(weights.clone()).expect("weights");
    let recipe = || Train::sgd(0.2).sample_weights(true);
    let whole = trained!(Program<3>, data(), recipe());
    let all: Vec<usize> = (0..40).collect();
    let recipe = recipe().epochs(30).batch_size(10).accumulate(4).shuffle(false);
    let search = Program::<3>::search(Grid).cv(SplitList::new([(all.clone(), all)])).train(recipe).progress(false);
    let report = search.fit(&data()).expect("a report");
    let predictions = report.fitted().predict_proba(&Features::from_rows(features()).expect("features"));
    assert_close(&whole, predictions.expect("rows fit").as_flattened());
}

#[searchable]
struct Searched {
    output: Linear<2, 3>,
    #[train]
    #[grid(Loss::mse(), Loss::huber())]
    loss: Loss,
    #[train]
    #[when(loss.is_huber())]
    #[grid(0.5, 2.0)]
    huber_delta: f64,
    #[train]
    #[grid(false, true)]
    sample_weights: bool,
}

#[searchable]
struct SearchedLabels {
    output: Linear<2, 3>,
    #[train]
    #[grid(0.0, 0.1)]
    label_smoothing: f64,
    #[train]
    #[grid(ClassWeight::Uniform, ClassWeight::Balanced, ClassWeight::from([1.0, 2.0, 3.0]))]
    class_weight: ClassWeight,
}

#[searchable]
struct SearchedFlags {
    output: Linear<2, 3>,
    #[train]
    #[log_uniform(0.5..8.0)]
    pos_weight: f64,
    #[train]
    #[uniform(0.0..4.0)]
    focal_gamma: f64,
}

#[test]
fn losses_and_their_settings_are_searched() {
    let data = values().with_weights((0..40).map(|row| f64::from(1 + row % 3)).collect::<Vec<_>>()).expect("weights");
    let report = Searched::search(Grid).cv(KFold::new(2)).train(Train::adam(0.05)).progress(false).fit(&data);
    let report = report.expect("a report");
    let candidates = report.results().candidates();
    assert_eq!(candidates.len(), (1 + 2) * 2);
    // Each of them trains otherwise.
    let mut scores: Vec<String> = candidates.iter().map(|candidate| format!("{:?}", candidate.mean(0))).collect();
    scores.sort();
    scores.dedup();
    assert_eq!(scores.len(), 6, "{report}");
    let params = SearchedParams { loss: Loss::Huber, huber_delta: Some(0.5), sample_weights: true };
    let recipe = <Searched as Model>::recipe(&params, Train::adam(0.05));
    assert_eq!(recipe, Train::adam(0.05).loss(Loss::Huber).huber_delta(0.5).sample_weights(true));

    assert_eq!(SearchedLabels::space().len(), 6);
    let report = SearchedLabels::search(Grid).cv(KFold::new(2)).progress(false).fit(&classes()).expect("a report");
    assert_eq!(report.results().candidates().len(), 6);
    let recipe = Train::adam(0.05).loss(Loss::Focal);
    let report = SearchedFlags::search(Random::new(3)).cv(KFold::new(2)).train(recipe).progress(false).fit(&flags());
    assert_eq!(report.expect("a report").results().candidates().len(), 3);
}

#[test]
fn what_does_not_go_with_the_data_is_refused_before_training() {
    macro_rules! refused {
        ($($out:literal, $data:expr, $recipe:expr => $message:literal;)+) => {$(
            let error = Program::<$out>::search(Grid).train($recipe).progress(false).fit(&$data).expect_err("refused");
            assert_eq!(error.to_string(), $message);
        )+};
    }
    let recipe = Train::default;
    refused! {
        3, classes(), recipe().loss(Loss::Mse)
            => "loss is mse, but the targets are Classes<3>: expected cross_entropy or focal";
        1, binary(), recipe().loss(Loss::CrossEntropy)
            => "loss is cross_entropy, but the targets are Binary: expected binary_cross_entropy or focal";
        3, values(), recipe().loss(Loss::CrossEntropy)
            => "loss is cross_entropy, but the targets are Regression<3>: expected mse or mae or huber or smooth_l1";
        3, values(), recipe().label_smoothing(0.1)
            => "label_smoothing is 0.1, but the targets are Regression<3>: expected 0, since there are no labels";
        3, flags(), recipe().class_weight(ClassWeight::Balanced)
            => "class_weight is balanced, but the targets are MultiLabel<3>: expected uniform, since a row is not of one class";
        3, classes(), recipe().class_weight([1.0, 2.0])
            => "class_weight is [1.0, 2.0], but the targets are Classes<3>: expected a weight for each of the 3 classes";
        3, classes(), recipe().class_weight([1.0, -2.0, 1.0])
            => "class_weight is [1.0, -2.0, 1.0], expected finite numbers of at least 0, not all of them 0";
        3, classes(), recipe().pos_weight(2.0)
            => "pos_weight is 2, but the targets are Classes<3>: expected 1, since an output is not a yes or no";
        3, flags(), recipe().pos_weight([1.0, 2.0])
            => "pos_weight is [1.0, 2.0], but the targets are MultiLabel<3>: expected 3 weights";
        3, flags(), recipe().pos_weight(0.0) => "pos_weight is 0, expected a positive, finite number";
        3, values(), recipe().huber_delta(0.0) => "huber_delta is 0, expected a positive, finite number";
        3, classes(), recipe().focal_gamma(-1.0) => "focal_gamma is -1, expected a finite number of at least 0";
        3, classes(), recipe().label_smoothing(1.0) => "label_smoothing is 1, expected a number in [0, 1)";
        3, classes(), recipe().sample_weights(true)
            => "sample_weights is true, but the data has no weights: give it some by `Dataset::with_weights`";
    }
    // An axis, too.
    let error = Searched::search(Grid).progress(false).fit(&classes()).expect_err("refused");
    assert_eq!(error.to_string(), "loss is mse, but the targets are Classes<3>: expected cross_entropy or focal");
}

#[test]
fn a_fold_without_weight_is_a_failed_fit() {
    let weights: Vec<f64> = (0..40).map(|row| f64::from(u8::from(row < 20))).collect();
    let data = classes().with_weights(weights).expect("weights");
    let (first, second): (Vec<usize>, Vec<usize>) = ((0..20).collect(), (20..40).collect());
    let report = Program::<3>::search(Grid)
        .cv(SplitList::new([(second, first.clone()), (first.clone(), first)]))
        .train(Train::default().sample_weights(true))
        .progress(false)
        .fit(&data);
    let message = report.expect_err("no candidate has all folds").to_string();
    assert!(message.ends_with("1 x all 20 weights are 0"), "{message}");
}

fn squares() -> CustomLoss<Regression<3>> {
    CustomLoss::new("squares", |output, truth| (output - truth).square().mean())
}

#[test]
fn a_closure_trains_as_the_loss_that_it_is() {
    let adam = || Train::adam(0.05);
    let by_closure = trained!(Program<3>, values(), adam(), |search| search.loss(squares()));
    assert_close(&by_closure, &trained!(Program<3>, values(), adam()));
    let by_closure = trained!(Taped<3>, values(), adam(), |search| search.loss(squares()));
    assert_close(&by_closure, &trained!(Taped<3>, values(), adam()));
    // Before the recipe or after it.
    let entropy = || {
        CustomLoss::<Classes<3>>::new("entropy", |output, truth| {
            (output.log_softmax::<Axis<1>>() * truth).sum::<Rank1<3>, _>().sum() / -40.0
        })
    };
    let search = Program::<3>::search(Grid).loss(entropy()).scoring(LogLoss).cv(KFold::new(2));
    let by_closure = search.train(adam()).progress(false).fit(&classes()).expect("a report");
    let built_in = Program::<3>::search(Grid).scoring(LogLoss).cv(KFold::new(2)).train(adam()).progress(false);
    let built_in = built_in.fit(&classes()).expect("a report");
    // Twenty rows in place of the forty that it divides by: Adam does not mind the scale.
    assert!((by_closure.best_score() - built_in.best_score()).abs() < 1e-4, "{by_closure} {built_in}");
}

#[test]
fn a_closure_stands_alone_and_has_a_name() {
    let search = |recipe: Train| Program::<3>::search(Grid).loss(squares()).train(recipe).progress(false);
    for (recipe, message) in [
        (Train::default().loss(Loss::Mae), "loss is mae, expected nothing, since the search has a loss of its own"),
        (
            Train::default().sample_weights(true),
            "sample_weights is true, expected nothing, since the search has a loss of its own",
        ),
    ] {
        assert_eq!(search(recipe).fit(&values()).expect_err("refused").to_string(), message);
    }

    let folder = std::env::temp_dir().join(format!("dropgrid-losses-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("closure.study");
    let search = || search(Train::default().epochs(1)).cv(KFold::new(2)).study(&path);
    let digest = search().fit(&values()).expect("a report").digest();
    assert_eq!(search().fit(&values()).expect("a report").digest(), digest);
    let other = CustomLoss::<Regression<3>>::new("cubes", |output, truth| (output - truth).abs().powi(3).mean());
    let message = search().loss(other).fit(&values()).expect_err("another loss").to_string();
    assert!(
        message.contains("own_loss: Some(\"squares\")") && message.contains("own_loss: Some(\"cubes\")"),
        "{message}"
    );
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_closure_that_gives_no_number_fails_the_fit() {
    let odd = CustomLoss::<Regression<3>>::new("odd", |output, truth| ((output - truth).mean() * 0.0).ln().sqrt());
    let search = Program::<3>::search(Grid).loss(odd).cv(KFold::new(2)).progress(false);
    let message = search.fit(&values()).expect_err("no candidate").to_string();
    assert!(message.contains("2 x diverged: the training loss was NaN in epoch 1, batch 1"), "{message}");
}
