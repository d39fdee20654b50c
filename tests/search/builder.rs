//! The methods that set up a search, in any order.

use std::{collections::BTreeSet, fs, time::Duration};

use dropgrid::{hook::FitInfo, limit::Stop, prelude::*, report::SearchProgress};

use crate::corners;

#[searchable]
struct Net {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

/// Calls `$call!` with the search, the words given, and every method of a search with its arguments.
macro_rules! with_every_method {
    ($call:ident!($($word:tt)*), $path:expr) => {
        $call!($($word)* [
            (space(Net::space()))
            (cv(KFold::new(3)))
            (repeats(1))
            (loss(entropy()))
            (scoring((Accuracy, LogLoss)))
            (hook(|_: &FitInfo, _: &Epoch| ()))
            (stop_when("never", |_: &[Epoch]| false))
            (mc_scoring(McDropout(2)))
            (train(Train::adam(1e-2).epochs(2).batch_size(20)))
            (seed(7))
            (workers(1))
            (progress(false))
            (average(Average::Rows))
            (train_scores(true))
            (curve_scores(true))
            (error_score(ErrorScore::Value(0.0)))
            (bbc_cv(BbcCv::new()))
            (on_progress(|_: &SearchProgress| ()))
            (refit(OneStandardError::new()))
            (refit_epochs(RefitEpochs::StopAgain))
            (study($path))
            (checkpoint_every(1))
            (keep_final_checkpoints(true))
            (time_budget(Duration::from_hours(1)))
            (max_fits(1000))
            (max_epochs(100_000))
            (until(2.0))
            (fit_time_limit(Duration::from_hours(1)))
            (retries(1))
            (stop(&Stop::new()))
            (constraint("accuracy", -1.0..))
            (warm_start(&prior()))
            (enqueue([NetParams { dropout: 0.2 }]))
        ])
    };
}

macro_rules! forwards {
    ($search:expr, [$(($method:ident $arguments:tt))*]) => { $search$(.$method $arguments)* };
}

macro_rules! backwards {
    ($search:expr, [$($methods:tt)*]) => { backwards!(@ $search, [$($methods)*]) };
    (@ $search:expr, [$method:tt $($methods:tt)*] $($done:tt)*) => { backwards!(@ $search, [$($methods)*] $method $($done)*) };
    (@ $search:expr, [] $($done:tt)*) => { forwards!($search, [$($done)*]) };
}

macro_rules! names {
    ([$(($method:ident $arguments:tt))*]) => { [$(stringify!($method)),*] };
}

/// A search that was made before.
fn prior() -> Report<Net, Classes<3>, ()> {
    let search = Net::search(Grid).cv(KFold::new(3)).scoring((Accuracy, LogLoss)).train(Train::adam(1e-2).epochs(1));
    search.progress(false).cross_validate(&corners::corners(30, 1.0)).expect("a report")
}

fn entropy() -> CustomLoss<Classes<3>> {
    use dfdx::prelude::*;

    CustomLoss::new("entropy", |output, truth| (output.log_softmax::<Axis<1>>() * truth).sum::<Rank0, _>() / -20.0)
}

/// Any two methods are called in one order here and in the other there.
#[test]
fn the_order_of_the_methods_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = corners::corners(60, 1.0);
    let forwards = with_every_method!(forwards!(Net::search(Tpe::new(2)),), folder.path().join("forwards.study"));
    let backwards = with_every_method!(backwards!(Net::search(Tpe::new(2)),), folder.path().join("backwards.study"));
    let (forwards, backwards) = (forwards.fit(&data).expect("a report"), backwards.fit(&data).expect("a report"));
    assert_eq!(forwards.digest(), backwards.digest());
    assert_eq!(forwards.best_params(), backwards.best_params());
}

#[test]
fn no_method_is_left_out() {
    let builder = concat!(env!("CARGO_MANIFEST_DIR"), "/dropgrid-core/src/search/builder");
    let mut methods = BTreeSet::new();
    for file in fs::read_dir(builder).expect("the folder") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("its text");
        let declared = text.split("\n    pub fn ").skip(1);
        methods.extend(declared.map(|rest| rest.split(['(', '<']).next().unwrap_or_default().to_owned()));
    }
    let called = with_every_method!(names!(), "").map(str::to_owned);
    assert_eq!(methods, BTreeSet::from(called));
}
