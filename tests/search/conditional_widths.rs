//! Searches of a width that exists only where its layer does: counted, proposed, reported and kept as such.

use dropgrid::{prelude::*, strategy::Strategy, study::StudyFile};

use crate::corners::corners;

/// A model of one or two blocks, whose later one has the width under the condition.
macro_rules! model {
    ($module:ident: $($condition:tt)+) => {
        mod $module {
            use dropgrid::prelude::*;

            type Block<const WIDTH: usize> = Residual<(Linear<4, WIDTH>, ReLU, Linear<WIDTH, 4>)>;

            #[searchable]
            pub(super) struct Net<
                #[grid(1, 2)] const DEPTH: usize,
                #[when($($condition)+)]
                #[grid(2, 3, 5)]
                const WIDTH: usize,
            > {
                first: (Linear<4, 4>, ReLU),
                more: Repeated<Block<WIDTH>, { DEPTH - 1 }>,
                output: Linear<4, 3>,
                #[train]
                #[grid(1e-2, 3e-2)]
                lr: f64,
            }
        }
    };
}

model!(deep: DEPTH > 1);
model!(same: DEPTH >= 2);

use deep::{Net, NetParams, NetSpace};

fn searched<S: Strategy<NetSpace>>(strategy: S, workers: usize) -> Report<Net, Classes<3>, ()> {
    let search = Net::search(strategy).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2).batch_size(10)).seed(3);
    search.workers(workers).progress(false).cross_validate(&corners(40, 1.0)).expect("a report")
}

/// Each candidate has the width exactly where it has the layer, in the report and out of it.
fn agrees<S: Strategy<NetSpace> + Clone>(strategy: &S) -> Vec<NetParams> {
    let report = searched(strategy.clone(), 1);
    assert_eq!(report.digest(), searched(strategy.clone(), 2).digest());
    let mut params: Vec<NetParams> =
        report.results().candidates().iter().map(|candidate| candidate.params().clone()).collect();
    assert!(params.iter().all(|params| params.width.is_some() == (params.depth == 2)), "{params:?}");
    params.sort_by_key(|params| Net::space().index_of(params));
    params
}

#[test]
fn every_strategy_proposes_a_width_only_where_its_layer_is() {
    let all = agrees(&Grid);
    assert_eq!(all, Net::space().iter().collect::<Vec<_>>());
    assert_eq!(all.len(), (1 + 3) * 2);
    for params in [agrees(&Random::new(12)), agrees(&Tpe::new(12).lag(0)), agrees(&Gp::new(12).lag(0))] {
        assert!(params.iter().any(|params| params.depth == 1) && params.iter().any(|params| params.depth == 2));
    }
    agrees(&Auto::new(8));
}

#[test]
fn a_report_has_no_value_where_there_is_no_layer() {
    let report = searched(Grid, 1);
    let csv = report.results().to_csv();
    let header: Vec<&str> = csv.lines().next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|one| *one == name).unwrap_or_else(|| panic!("{header:?}"));
    let (depth, width) = (column("param_depth"), column("param_width"));
    let values: Vec<(&str, &str)> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| (cells[depth], cells[width]))
        .collect();
    assert_eq!(values.len(), 8);
    assert!(values.iter().all(|(depth, width)| (*depth == "1") == width.is_empty()), "{values:?}");
}

#[test]
fn a_study_knows_the_condition() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.study");
    let data = corners(40, 1.0);
    macro_rules! kept {
        ($model:ty) => {{
            let search = <$model>::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2).batch_size(10));
            search.seed(3).progress(false).study(&path).cross_validate(&data)
        }};
    }
    let first = kept!(deep::Net).expect("a report").digest();
    let info = StudyFile::open(&path).expect("a study").info().clone();
    let networks: Vec<String> = info
        .identity
        .parts()
        .filter(|(name, _)| name.starts_with("network"))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(
        networks,
        [
            "network of depth = 1",
            "network of depth = 2, width = 2",
            "network of depth = 2, width = 3",
            "network of depth = 2, width = 5"
        ]
    );
    assert_eq!(kept!(deep::Net).expect("the same search").digest(), first);
    // Another text of the condition leaves the same candidates, whose fits are read.
    assert_eq!(kept!(same::Net).map(|report| report.digest()).map_err(|error| error.to_string()), Ok(first));
}
