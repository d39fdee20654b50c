//! The messages that the guide quotes among the errors of a run are the library's: each is provoked, or is one of its
//! values that another test provokes.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use dropgrid::{Failure, prelude::*};

use crate::{corners::corners, faulty::Faulty};

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

#[searchable]
struct Wide {
    output: Linear<64, 3>,
}

#[searchable]
struct OfAge {
    #[columns(age)]
    age: Standardize<1>,
    output: Linear<1, 3>,
}

#[searchable]
struct One {
    output: Linear<1, 1>,
}

#[searchable]
struct Failing {
    hidden: Linear<4, 8>,
    #[grid(0.5)]
    faulty: Faulty,
    output: Linear<8, 3>,
}

#[test]
fn the_messages_that_the_guide_quotes_are_those_of_the_library() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/src/run-errors.md");
    let quoted = quoted(&fs::read_to_string(page).expect("the page"));
    let folder = tempfile::tempdir().expect("a folder");
    let messages = messages(folder.path());
    let provoked: BTreeSet<String> = messages.iter().map(|(fragment, _)| (*fragment).to_owned()).collect();
    assert_eq!(quoted, provoked, "the page quotes other messages than are provoked here");
    for (fragment, message) in messages {
        let mut rest = message.as_str();
        for part in fragment.split('…').map(str::trim) {
            let Some((_, after)) = rest.split_once(part) else { panic!("`{fragment}` is not in: {message}") };
            rest = after;
        }
    }
}

/// The test's own eyes.
#[test]
fn fragments_are_seen_in_tables_of_messages_alone() {
    let page = "| a message with | do |\n|---|---|\n| `a b`, `c` | `d` |\n| `` e `f` `` | g |\n\n| word | x |\n| `h` | i |\n\n\
        | a reason with | do |\n|---|---|\n| ``j … `k` `` | l |\n";
    assert_eq!(quoted(page).into_iter().collect::<Vec<_>>(), ["a b", "c", "e `f`", "j … `k`"]);
}

/// The code in the first cells of tables of messages and reasons.
fn quoted(page: &str) -> BTreeSet<String> {
    let mut quoted = BTreeSet::new();
    let mut is_table = false;
    for line in page.lines() {
        let is_head = line.starts_with("| a message with |") || line.starts_with("| a reason with |");
        is_table = is_head || is_table && line.starts_with('|');
        if !is_table || is_head || line.starts_with("|---") {
            continue;
        }
        let cell = line.split('|').nth(1).unwrap_or_default();
        let mark = if cell.contains("``") { "``" } else { "`" };
        quoted.extend(cell.split(mark).skip(1).step_by(2).map(|code| code.trim().to_owned()));
    }
    quoted
}

fn messages(folder: &Path) -> Vec<(&'static str, String)> {
    let table = |text: &str| says(Csv::new().parse(text).and_then(|table| table.features()));
    let bytes = |bytes: &[u8]| {
        let path = folder.join("bytes.csv");
        fs::write(&path, bytes).expect("a file");
        says(Csv::new().read(path))
    };
    let data = corners(60, 2.0);
    let search = || Mlp::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2)).progress(false);
    let failing = |rate: f64| {
        let search = Failing::search(Grid).space(Failing::space().faulty([rate])).cv(KFold::new(2));
        says(search.train(Train::adam(1e-2).epochs(2)).progress(false).fit(&data))
    };
    let numbers = Regression::<1>::new((0..20).map(|at| [f64::from(at)])).expect("numbers");
    let rows = || (0..20).map(|at| [at as f32]);
    let sorted = Binary::new((0..20).map(|at| at < 10)).expect("labels");
    let named = Features::from_rows([[1.0], [2.0], [3.0]]).and_then(|it| it.with_names(["fare"])).expect("features");
    let of_fares = Dataset::from_features(named, Classes::<3>::new([0, 1, 2]).expect("labels")).expect("data");
    let columns = Dataset::new([[0.0_f32; 65]; 9], Classes::<3>::new([0, 1, 2, 0, 1, 2, 0, 1, 2]).expect("labels"));
    let study = folder.join("x.study");
    search().study(&study).seed(1).fit(&data).expect("a report");
    vec![
        ("as_categories", table("city,y\nOslo,0\nBergen,1\n")),
        ("allow_missing", table("age,y\n,0\n3,1\n")),
        ("decimal_comma", table("a;y\n1,5;0\n2,25;1\n")),
        ("thousands", table("a;y\n1'234;0\n2'345;1\n")),
        ("latin1", bytes(b"city,y\nMalm\xf6,0\nLund,1\n")),
        ("comments", bytes(b"# from the station\na,y\n1,0\n2,1\n")),
        ("the columns of … are not those of the data", says(OfAge::search(Grid).progress(false).fit(&of_fares))),
        ("is the study of another search", says(search().study(&study).seed(2).fit(&data))),
        (
            "is undefined on fold",
            says(
                One::search(Grid)
                    .cv(KFold::new(2))
                    .scoring(RocAuc::binary())
                    .progress(false)
                    .fit(&Dataset::new(rows(), sorted).expect("data")),
            ),
        ),
        (
            "needs class labels",
            says(
                One::search(Grid)
                    .cv(StratifiedKFold::new(2))
                    .progress(false)
                    .fit(&Dataset::new(rows(), numbers).expect("data")),
            ),
        ),
        (
            "the network takes rows of 64 features, but the data has 65",
            says(Wide::search(Grid).progress(false).fit(&columns.expect("data"))),
        ),
        ("diverged: the training loss was NaN in epoch 1", failing(0.5)),
        ("training never reaches", Failure::Untrained { tensors: vec!["bias".to_owned()] }.to_string()),
        ("panicked:", failing(0.6)),
        (
            "took longer than the … of `fit_time_limit`",
            says(search().fit_time_limit(Duration::from_nanos(1)).fit(&data)),
        ),
        ("ended its process 3 times", Failure::Killed { crashes: 3 }.to_string()),
    ]
}

fn says<T>(result: dropgrid::Result<T>) -> String {
    result.err().expect("an error").to_string()
}
