//! The binary, and studies to run it on.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Output},
    time::{Duration, SystemTime},
};

use dropgrid::{
    Failure,
    error::StudyError,
    metric::Direction,
    prelude::*,
    record::{Budget, Job, Record, Resource},
    report::{FoldInfo, MetricInfo},
    study::{FitName, Identity, Metadata, Records, Sqlite, StoredRecord},
};
use serde_json::Value;

pub(crate) const FROZEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/format1.study");

#[searchable]
pub(crate) struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.25)]
    dropout: Dropout,
    output: Linear<8, 3>,
    #[train]
    #[grid(1e-3, 2e-2, 5e-2)]
    lr: f64,
}

/// Three classes of rows around three corners.
pub(crate) fn corners() -> Dataset<Classes<3>> {
    let row = |at: usize| {
        let mut row = [0.01 * (at % 7) as f32; 4];
        row[at % 3] += 1.0;
        row
    };
    let rows: Vec<[f32; 4]> = (0..60).map(row).collect();
    let labels = Classes::new((0..60).map(|at| at % 3).collect::<Vec<_>>()).expect("labels");
    Dataset::new(&rows, labels).expect("data")
}

pub(crate) fn search(seed: u64) -> dropgrid::search::Search<Mlp, Grid, (Accuracy, LogLoss)> {
    let recipe = Train::adam(1e-2).epochs(3).batch_size(10);
    Mlp::search(Grid).cv(KFold::new(3)).scoring((Accuracy, LogLoss)).train(recipe).train_scores(true).seed(seed)
}

/// Opens or searches a study that this process had open before. Another test's child holds a copy of every lock of this
/// process from its fork until it becomes the binary.
pub(crate) fn again<T>(mut open: impl FnMut() -> dropgrid::Result<T>) -> T {
    loop {
        match open() {
            Err(dropgrid::Error::Study(StudyError::InUse { .. })) => std::thread::yield_now(),
            result => return result.expect("the study"),
        }
    }
}

/// What a run of the binary gave.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let status = output.status.code().expect("no signal");
        Self { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stderr, "");
        let value: Value = serde_json::from_str(&self.stdout).expect("JSON");
        assert_eq!(value["schema"], 1);
        value
    }

    /// The output of a run that found nothing wrong and had nothing to remark.
    pub(crate) fn ok(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self.stdout
    }
}

pub(crate) fn binary(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dropgrid"));
    command.current_dir(folder).env_remove("COLUMNS");
    command
}

pub(crate) fn dropgrid(folder: &Path, args: &[&str]) -> Run {
    binary(folder).args(args).output().expect("the binary").into()
}

/// The names of all that lies in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn info(name: &str, direction: Direction) -> MetricInfo {
    MetricInfo::new(name, direction)
}

/// The numbers of a study that is written by hand, so that times are the same in every run.
pub(crate) fn handmade(path: &Path) {
    let parts = [
        ("model", "Mlp { hidden: (Linear < 64 , WIDTH >, Act), dropout: Dropout, output: Linear < WIDTH , 10 > }"),
        ("space", "width in 32, 64, 128; act in ReLU, Tanh; dropout in 0.0, 0.1, 0.2, 0.3; lr in [0.0001, 0.1)"),
        ("metrics", "accuracy, log_loss"),
        ("data", "1797 rows of 64, 521012cc94da1010"),
        ("folds", "aa bb cc"),
        ("recipe", "Train { optimizer: Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8 }, lr: 0.001, batch_size: 32 }"),
        ("train scores", "no"),
        ("seed", "42"),
        ("arithmetic", "1"),
    ];
    let identity = parts.into_iter().fold(Identity::new(), |identity, (part, text)| identity.with(part, text));
    let mut store = Sqlite::open(path).expect("a new study");
    store.set_identity(None, &identity).expect("written");
    let metrics = vec![info("accuracy", Direction::Maximize), info("log_loss", Direction::Minimize)];
    let mut metadata = Metadata::new(metrics, vec![FoldInfo::new(1198, 599); 3]);
    metadata.fits = Some(72);
    store.set_metadata(&metadata).expect("written");
    let mut fits = Vec::new();
    for at in 0..24_u32 {
        let (width, act) = ([32, 64, 128][at as usize / 8], ["ReLU", "Tanh"][at as usize / 4 % 2]);
        let lr = 1e-4 * f64::from(1 + at * 41 % 97);
        let params = format!("{{\"width\":{width},\"act\":\"{act}\",\"dropout\":0.{},\"lr\":{lr}}}", at % 4);
        // The last candidate is in the middle of its folds.
        for fold in 0..if at == 23 { 2 } else { 3 } {
            let score = 0.9 + f64::from((at * 29 + fold * 7) % 83) / 1000.0;
            let diverged = Failure::Diverged { epoch: 2, batch: 3, loss: f32::INFINITY };
            let outcome = if at == 5 && fold == 1 { Err(diverged) } else { Ok(vec![score, 1.0 - score]) };
            let job = Job { candidate: 0, params: (), fold, budget: Budget::Full };
            let mut record = Record::new(&job, outcome);
            record.fit_time = Duration::from_micros(24_500 + u64::from(at) * 170);
            record.score_time = Duration::from_micros(300);
            fits.push(StoredRecord {
                name: FitName { params: params.clone(), fold, resource: Resource::full(20) },
                record,
            });
        }
    }
    store.add(&fits, &[], &[]).expect("written");
    drop(store);
    let file = File::options().append(true).open(path).expect("the study");
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_710_000_007)).expect("a time");
}
