//! Results as files of Arrow and Parquet, read back.

use std::{path::Path, time::Duration};

use dropgrid_core::{
    data::Table,
    error::Failure,
    metric::Direction,
    record::{Budget, Epoch, FoldInfo, Job, MetricInfo, Record, Resource},
    report::Results,
    study::{FitName, Identity, Metadata, Records, Sqlite, StoredRecord, StudyFile},
};

/// A study of three candidates on two folds: one of them failed once, and only one has a momentum.
fn results(folder: &Path) -> Results<dropgrid_core::study::ParamsJson> {
    let path = folder.join("x.study");
    let mut store = Sqlite::open(path.as_path()).expect("a study");
    store.set_identity(None, &Identity::new().with("model", "Net { .. }")).expect("written");
    let metrics = vec![MetricInfo::new("accuracy", Direction::Maximize)];
    let folds = vec![FoldInfo::new(40, 20); 2];
    store.set_metadata(&Metadata::new(metrics, folds)).expect("written");
    let record = |params: &str, fold: u32, outcome: Result<Vec<f64>, Failure>| {
        let mut record = Record::new(&Job { candidate: 0, params: (), fold, budget: Budget::Full }, outcome);
        (record.fit_time, record.score_time) = (Duration::from_millis(250), Duration::from_millis(125));
        record.curve = [1, 2].map(|number| Epoch::new(number, 0.5 / number as f64)).into_iter().collect();
        StoredRecord { name: FitName { params: params.to_owned(), fold, resource: Resource::full(2) }, record }
    };
    let failure = Failure::Diverged { epoch: 2, batch: 1, loss: f32::NAN };
    let records = [
        record(r#"{"act":"ReLU","lr":0.1,"momentum":null,"width":16}"#, 0, Ok(vec![0.5])),
        record(r#"{"act":"ReLU","lr":0.1,"momentum":null,"width":16}"#, 1, Err(failure)),
        record(r#"{"act":"Tanh, \"é\"","lr":0.2,"momentum":0.9,"width":32}"#, 0, Ok(vec![0.25])),
        record(r#"{"act":"Tanh, \"é\"","lr":0.2,"momentum":0.9,"width":32}"#, 1, Ok(vec![0.75])),
    ];
    store.add(&records, &[], &[]).expect("written");
    drop(store);
    Results::of_study(&StudyFile::open(&path).expect("the study"))
}

/// `.ci/readers` opens the same files by pyarrow.
#[test]
fn exported_results_are_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let results = results(folder.path());
    let readers = std::env::var_os("DROPGRID_READERS").map(std::path::PathBuf::from);
    let folder = readers.as_deref().unwrap_or(folder.path());
    for name in ["results.parquet", "results.arrow", "results.FEATHER"] {
        results.write(folder.join(name)).expect("written");
    }
    results.write_fits(folder.join("fits.parquet")).expect("written");
    results.write_curves(folder.join("curves.arrow")).expect("written");
    std::fs::write(folder.join("results.json"), results.to_json()).expect("written");
    let parquet = Table::from_parquet(folder.join("results.parquet")).expect("a table");
    let arrow = Table::from_arrow(folder.join("results.arrow")).expect("a table");
    // Behind the line that names the file.
    let columns = |table: &Table| table.describe().to_string().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(columns(&parquet), columns(&arrow));
    assert_eq!(parquet.len(), 2);
    let described = parquet.describe().to_string();
    for column in ["param_lr", "param_act", "mean_test_accuracy", "rank_test_accuracy", "split1_test_accuracy"] {
        assert!(described.contains(column), "{described}");
    }
    let fits = Table::from_parquet(folder.join("fits.parquet")).expect("a table");
    let curves = Table::from_arrow(folder.join("curves.arrow")).expect("a table");
    assert_eq!((fits.len(), curves.len()), (4, 8));
    let error = results.write(folder.join("results.xlsx")).expect_err("no format").to_string();
    assert!(error.ends_with("expected csv, json, jsonl, md, arrow, feather or parquet"), "{error}");
}
