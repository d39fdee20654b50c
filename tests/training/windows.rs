//! Windows of a time series: no fold trains on a step that it scores, and a recurrent network learns from them.

use std::sync::{Arc, Mutex};

use dropgrid::{
    hook::FitInfo,
    prelude::*,
    seed::Seed,
    split::{Folds, Rows, Split, Splitter},
};

/// A series of 120 steps of two channels, and whether the first channel rises.
fn series() -> Dataset<Regression<1>> {
    let step = |at: usize| [(at as f32 * 0.5).sin(), (at as f32 * 0.11).cos()];
    let targets = Regression::new((0..120).map(|at| [f64::from(step(at)[0])])).expect("targets");
    Dataset::new((0..120).map(step), targets).expect("data")
}

#[searchable(input = Rank2<8, 2>)]
struct Forecast {
    #[grid(0.0)]
    memory: Lstm<2, 8, 2>,
    output: Linear<8, 1>,
}

/// A grid of one candidate that learns little, on folds of a splitter.
fn search<S: Splitter + 'static>(
    splitter: S,
    data: &Dataset<Regression<1>>,
    recipe: Train,
) -> dropgrid::Result<dropgrid::report::Report<Forecast, Regression<1>>> {
    let search = Forecast::search(Grid).cv(splitter).scoring(MeanSquaredError).train(recipe.batch_size(16));
    search.seed(3).progress(false).fit(data)
}

#[test]
fn a_window_has_the_steps_before_its_target() {
    let steps = series();
    let data = Windows::new(8).horizon(3).stride(2).of(&steps).expect("windows");
    assert_eq!((data.len(), data.features().width()), (55, 16));
    for (at, target) in data.targets().values().iter().enumerate() {
        let first = 2 * at;
        assert_eq!(data.features().row(at), &steps.features().values()[2 * first..2 * (first + 8)]);
        assert_eq!(*target, steps.targets().values()[first + 7 + 3]);
    }
    // Two series, one after the other: no window reaches from one to the other.
    let two = steps.with_groups((0..120).map(|at| at / 70)).expect("groups");
    let data = Windows::new(8).horizon(3).of(&two).expect("windows");
    assert_eq!(data.len(), (70 - 10) + (50 - 10));
    let groups = data.groups().expect("groups");
    assert_eq!(groups.iter().filter(|group| **group == 0).count(), 60);
    for (lags, stride) in [(0, 1), (8, 0), (120, 1)] {
        assert!(Windows::new(lags).stride(stride).of(&self::series()).is_err(), "{lags} {stride}");
    }
}

/// Scores windows in the middle of a series, of which the neighbours on both sides share steps with them.
#[derive(Debug)]
struct Middle;

impl Splitter for Middle {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> dropgrid::Result<Folds> {
        let (test, train): (Vec<usize>, Vec<usize>) = (0..rows.len).partition(|row| (60..72).contains(row));
        Ok(Folds { splits: vec![Split::new(train, test)], warnings: Vec::new() })
    }
}

/// Steps that a fold scores are nowhere in the steps that it trains on: the features of the scored part are replaced by
/// others, and the training of the fold does not notice.
#[test]
fn no_fold_trains_on_a_step_that_it_scores() {
    let clean = series();
    // The targets and features of steps 60 to 79 become others.
    let is_scored = |at: usize| (60..80).contains(&at);
    let values = clean.features().values().chunks(2).enumerate();
    let rows: Vec<[f32; 2]> =
        values.map(|(at, row)| if is_scored(at) { [50.0, -50.0] } else { [row[0], row[1]] }).collect();
    let targets = clean.targets().values().iter().enumerate();
    let targets: Vec<[f64; 1]> = targets.map(|(at, value)| [if is_scored(at) { 70.0 } else { *value }]).collect();
    let dirty = Dataset::new(rows, Regression::new(targets).expect("targets")).expect("data");

    let windows = |data: &Dataset<Regression<1>>| Windows::new(8).of(data).expect("windows");
    let trained = |data: &Dataset<Regression<1>>| {
        let search = Forecast::search(Grid).cv(Middle).scoring(MeanSquaredError).train_scores(true);
        let report = search.train(Train::adam(1e-2).epochs(3).batch_size(16)).seed(3).progress(false);
        let report = report.cross_validate(&windows(data)).expect("a report");
        let record = report.results().candidates()[0].records()[0].clone();
        (record.train_scores.expect("scores")[0], record.outcome.expect("scores")[0])
    };
    let (clean, dirty) = (trained(&clean), trained(&dirty));
    assert_eq!(clean.0.to_bits(), dirty.0.to_bits(), "scored steps changed a training");
    assert!(dirty.1 > 100.0 * clean.1, "the scored steps are others: {clean:?} {dirty:?}");
}

#[test]
fn splits_of_windows_share_no_step() {
    let data = Windows::new(8).horizon(2).of(&series()).expect("windows");
    let (train, test) = TrainTestSplit::new().no_shuffle().split(&data).expect("a split");
    // The last training window ends before the first test window begins.
    let last = train.features().row(train.len() - 1);
    let steps = series();
    let begins = |row: &[f32]| steps.features().values().chunks(2).position(|step| *step == row[..2]).expect("a step");
    assert_eq!(begins(test.features().row(0)) - begins(last), 10);
    // Shuffled, every window has a scored neighbour.
    let error = TrainTestSplit::new().test_size(0.5).split(&data).expect_err("nothing is left").to_string();
    assert!(error.contains("shares steps with a scored one"), "{error}");
    let recipe = Train::adam(1e-2).epochs(2);
    let error = search(KFold::new(2).shuffle(), &data, recipe.clone()).expect_err("nothing is left").to_string();
    assert!(error.contains("shares steps with a scored one"), "{error}");
    // Validation rows are apart from the rows that are trained on, too.
    let stopping = recipe.early_stopping(EarlyStopping::patience(2)).validation_fraction(0.3);
    search(TimeSeriesSplit::new(2).gap(1), &data, stopping).expect("a report");
}

/// Folds and the rows that they trained on.
type RowsByFold = Arc<Mutex<Vec<(Option<u32>, usize)>>>;

/// Notes the fold and the rows of each training.
#[derive(Debug, Clone, Default)]
struct TrainedRows(RowsByFold);

impl Hook for TrainedRows {
    fn fit_start(&self, fit: &FitInfo) {
        self.0.lock().expect("no panic").push((fit.fold, fit.rows));
    }
}

/// Validation windows are the last ones of a training part, whichever the folds are: windows drawn one by one would
/// take their neighbours with them.
#[test]
fn validation_windows_cost_as_many_windows_as_share_their_steps() {
    let data = Windows::new(8).horizon(2).of(&series()).expect("windows");
    assert_eq!(data.len(), 111);
    let recipe = Train::adam(1e-2).epochs(3).batch_size(16).early_stopping(EarlyStopping::patience(2));
    let (log, recipe) = (TrainedRows::default(), recipe.validation_fraction(0.25));
    let search = Forecast::search(Grid).cv(KFold::new(2)).scoring(MeanSquaredError).train(recipe).hook(log.clone());
    search.refit_epochs(RefitEpochs::StopAgain).seed(3).progress(false).fit(&data).expect("a report");
    let mut rows = log.0.lock().expect("no panic").clone();
    rows.sort_unstable();
    // A span has 10 steps, so 9 windows before a scored or a validation one share steps with it.
    let left = |part: usize| part - part.div_ceil(4) - 9;
    assert_eq!(rows, [(None, left(111)), (Some(0), left(55 - 9)), (Some(1), left(56 - 9))]);
}

#[test]
fn a_recurrent_network_forecasts() {
    let data = Windows::new(8).of(&series()).expect("windows");
    let report = search(TimeSeriesSplit::new(3), &data, Train::adam(2e-2).epochs(60)).expect("a report");
    // The variance of the series is 0.5; the first fold has twenty windows to learn from.
    assert!(report.best_score() < 0.25, "{report}");
}

/// A walk leaves out the windows that share steps with the scored ones, and a gap of as many windows has none to leave
/// out.
#[test]
fn a_walk_forward_trains_on_no_step_that_it_scores() {
    let data = Windows::new(8).horizon(2).of(&series()).expect("windows");
    let trained = |walk: WalkForward| {
        let log = TrainedRows::default();
        let search = Forecast::search(Grid).cv(walk).scoring(MeanSquaredError).hook(log.clone());
        let recipe = Train::adam(1e-2).epochs(1).batch_size(16);
        let report = search.train(recipe).seed(3).progress(false).cross_validate(&data).expect("a report");
        assert!(report.results().candidates()[0].records().iter().all(|record| record.outcome.is_ok()));
        let mut rows = log.0.lock().expect("no panic").clone();
        rows.sort_unstable();
        rows.into_iter().map(|(_, rows)| rows).collect::<Vec<_>>()
    };
    // A span has 10 steps, so 9 windows before a scored one share steps with it.
    assert_eq!(trained(WalkForward::rolling(40).horizon(10)), [40 - 9; 7]);
    let expanding: Vec<usize> = (0..7).map(|fold| 40 + 10 * fold - 9).collect();
    assert_eq!(trained(WalkForward::expanding(40).horizon(10)), expanding);
    assert_eq!(trained(WalkForward::rolling(40).horizon(10).gap(9)), [40; 6]);
}

/// Past the end of the series: the windows whose targets are not known yet are those that a longer series has.
#[test]
fn the_newest_windows_forecast_past_the_end() {
    let (steps, windows) = (series(), Windows::new(8).horizon(3).stride(4));
    let ahead = windows.ahead(steps.features()).expect("windows");
    assert_eq!((ahead.len(), ahead.width()), (3, 16));
    for at in 0..3 {
        assert_eq!(ahead.row(at), &steps.features().values()[2 * (110 + at)..2 * (118 + at)]);
    }
    let shorter = steps.select(&(0..117).collect::<Vec<_>>()).expect("steps");
    let (ahead, known) = (windows.ahead(shorter.features()), Windows::new(8).horizon(3).of(&steps).expect("windows"));
    let (ahead, first) = (ahead.expect("windows"), known.len() - 3);
    assert!((0..3).all(|at| ahead.row(at) == known.features().row(first + at)));

    let report = search(TimeSeriesSplit::new(2), &known, Train::adam(1e-2).epochs(2)).expect("a report");
    assert_eq!(report.fitted().predict(&ahead).expect("forecasts").len(), 3);

    let values: Vec<f64> = (0..9).map(f64::from).collect();
    let newest = Windows::new(3).horizon(0).univariate_ahead(&values).expect("a window");
    assert_eq!((newest.len(), newest.row(0)), (1, [6.0, 7.0, 8.0].as_slice()));
    assert_eq!(Windows::new(8).horizon(2).univariate_ahead(&values).expect("windows").len(), 2);
    for refused in [Windows::new(8).horizon(3), Windows::new(0), Windows::new(3).stride(0)] {
        assert!(refused.univariate_ahead(&values).is_err(), "{refused:?}");
    }
}
