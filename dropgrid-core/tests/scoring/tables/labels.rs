//! Labels and groups: their order, and what is no class.

use dropgrid_core::{
    data::{Binary, Classes, Csv, Dataset, Features, MultiLabel, Regression, Target},
    metric::{CohenKappa, Metric, Scored},
    seed::Seed,
    split::{GroupKFold, LeaveOneGroupOut, Rows, Splitter},
};

use super::{refusal, table};

fn case(name: &str) -> String {
    format!("../tests/cases/{name}")
}

#[test]
fn rings_one_too_high_have_the_kappa_of_numbers() {
    let rings = Dataset::from_csv(case("rings.csv"), Classes::<12>::in_column("rings").learn_names()).expect("a file");
    let labels = rings.targets().labels();
    let names: Vec<String> = (1..=12).map(|ring| ring.to_string()).collect();
    assert_eq!(rings.targets().names().expect("names"), names);
    let predicted: Vec<usize> = labels.iter().map(|&label| (label + 1).min(11)).collect();
    let scored = Scored::labels(labels, &predicted, 12).expect("labels");
    let kappa = |kappa: CohenKappa| kappa.score(&scored).expect("a kappa").value;
    assert!((kappa(CohenKappa::quadratic()) - 0.961_538).abs() < 1e-6);
    assert!((kappa(CohenKappa::linear()) - 0.769_231).abs() < 1e-6);
}

#[test]
fn groups_of_whole_numbers_give_the_folds_of_scikit_learn() {
    let target = || Classes::<2>::in_column("y").groups("subject");
    let text = std::fs::read_to_string(case("subjects.csv")).expect("a file");
    for data in [
        Dataset::from_csv(case("subjects.csv"), target()).expect("a file"),
        table(&text).dataset(target()).expect("a table"),
        // Identifiers beyond what a double holds.
        table(&text.replace(",12,", ",900719925474099312,").replace(",11,", ",900719925474099311,"))
            .dataset(target())
            .expect("a table"),
    ] {
        let groups = data.groups().expect("groups");
        let tested = |splitter: &dyn Splitter| -> Vec<Vec<usize>> {
            let folds = splitter.split(Rows::new(data.len()).with_groups(groups), Seed(0)).expect("folds").splits;
            let own = |test: &mut dyn Iterator<Item = usize>| {
                let mut own: Vec<usize> = test.map(|row| groups[row] + 1).collect();
                own.sort_unstable();
                own.dedup();
                own
            };
            folds.iter().map(|split| own(&mut split.test.iter())).collect()
        };
        assert_eq!(tested(&GroupKFold::new(4)), [[4, 8, 12], [3, 7, 11], [2, 6, 10], [1, 5, 9]]);
        assert_eq!(tested(&LeaveOneGroupOut), (1..=12).map(|group| vec![group]).collect::<Vec<_>>());
    }
}

/// Each text of labels, and the names that are learned.
#[test]
fn names_are_learned_by_value_where_all_are_numbers() {
    for (labels, names, classes) in [
        (["10", "2", "1"], ["1", "2", "10"], [2, 1, 0]),
        (["-1", "0", "-10"], ["-10", "-1", "0"], [1, 2, 0]),
        (["0.5", "10", "2"], ["0.5", "2", "10"], [0, 2, 1]),
        (["007", "10", "2"], ["2", "007", "10"], [1, 2, 0]),
        (["10", "2", "x"], ["10", "2", "x"], [0, 1, 2]),
        (["b", "B", "a"], ["B", "a", "b"], [2, 0, 1]),
        (["9007199254740993", "9007199254740992", "1"], ["1", "9007199254740992", "9007199254740993"], [2, 1, 0]),
    ] {
        let text = format!("a,y\n1,{}\n2,{}\n3,{}\n", labels[0], labels[1], labels[2]);
        let data = table(&text).dataset(Classes::<3>::in_column("y").learn_names()).expect("three classes");
        assert_eq!(
            (data.targets().names().expect("names"), data.targets().labels()),
            (&names.map(String::from)[..], &classes[..])
        );
        let data = table(&text).dataset(Regression::<1>::in_column("a").groups("y"));
        assert_eq!(refusal(data), "the data has no feature columns");
    }
    // One number in two spellings is one class.
    for text in ["a,y\n1,1\n2,1.0\n3,0\n", "a,y\n1,01\n2,1\n3,0\n"] {
        let data = table(text).dataset(Classes::<2>::in_column("y").learn_names()).expect("two classes");
        assert_eq!((data.targets().labels(), data.targets().name(1)), (&[1, 1, 0][..], "1".to_owned()));
    }
}

#[test]
fn class_numbers_and_given_names_are_found_by_value() {
    let labels =
        |text: &str| table(text).dataset(Classes::<2>::in_column("y")).expect("class numbers").targets().clone();
    assert_eq!(labels("a,y\n1,0.0\n2,1.0\n").labels(), [0, 1]);
    assert_eq!(labels("a,y\n1,0\n2,1.0\n").labels(), [0, 1]);
    let given = Classes::<2>::in_column("y").names(["1.0", "NA"]);
    let data = table("a,y\n1,1\n2,NA\n").dataset(given).expect("both are names");
    assert_eq!(data.targets().labels(), [0, 1]);
    // A model that learned `0` and `1` knows `1.0`.
    let own = table("a,y\n1,1.5\n2,0.0\n").dataset(Classes::<2>::in_column("y").learn_names()).expect("two classes");
    let learned = ["0".to_owned(), "1.5".to_owned()];
    assert_eq!(own.targets().in_order_of(&learned).expect("the same classes").labels(), [1, 0]);
}

#[test]
fn yes_and_no_are_classes_in_any_spelling() {
    for (no, yes) in [("no", "yes"), ("False", "True"), ("N", "Y"), ("off", "ON"), ("f", "t")] {
        let text = format!("a,y\n1,{yes}\n2,{no}\n3,{yes}\n");
        let data = table(&text).dataset(Binary::in_column("y")).expect("a yes and a no");
        assert_eq!((data.targets().labels(), data.targets().name(1)), (&[1, 0, 1][..], yes.to_owned()));
    }
    let mixed = "a,y\n1,Yes\n2,yes\n3,no\n";
    let data = table(mixed).dataset(Classes::<2>::in_column("y").learn_names()).expect("a yes and a no");
    assert_eq!((data.targets().labels(), data.targets().name(1)), (&[1, 1, 0][..], "Yes".to_owned()));
    assert_eq!(
        refusal(table("a,y\n1,cat\n2,dog\n").dataset(Binary::in_column("y"))),
        "column `y`: 2 labels are not among the classes `0`, `1` (row 1, line 2: `cat`; row 2, line 3: `dog`): write \
         `.learn_names()`, which takes each distinct value as a class"
    );
}

#[test]
fn one_hot_columns_are_classes_on_request() {
    let columns = ["bad", "fair", "good"];
    let data = Dataset::from_csv(case("onehot.csv"), Classes::<3>::one_hot(columns)).expect("a file");
    assert_eq!(data.targets().names().expect("names"), columns);
    assert_eq!(data.targets().labels()[..6], [0, 1, 2, 0, 1, 2]);
    assert_eq!((data.features().width(), data.notes().len()), (2, 0));

    let flags = Dataset::from_csv(case("onehot.csv"), MultiLabel::<3>::in_columns(columns)).expect("a file");
    assert_eq!(
        flags.notes(),
        ["every row has exactly one of the flags: if they are classes, write \
          `Classes::<3>::one_hot([\"bad\", \"fair\", \"good\"])`"]
    );
    let text = "a,x,y\n1,1,0\n2,1,1\n3,0,0\n";
    assert_eq!(
        refusal(table(text).dataset(Classes::<2>::one_hot(["x", "y"]))),
        "column `x`: 2 rows have not one class (row 2, line 3: `1`; row 3, line 4: `0`): write 1 in one of the classes' \
         columns and 0 in the others; flags that are independent are `MultiLabel::in_columns([..])`"
    );
    let flags = table("a,x,y\n1,True,no\n2,1.0,yes\n").dataset(MultiLabel::<2>::in_columns(["x", "y"]));
    assert_eq!(flags.expect("flags").targets().flags(), [true, false, true, true]);
    assert_eq!(
        refusal(table("a,x,y\n1,2,0\n2,1,\n").dataset(MultiLabel::<2>::in_columns(["x", "y"]))),
        "2 columns cannot be used:\n  \
         column `x`: 1 cell is neither yes nor no (row 1, line 2: `2`): write 0 and 1, or yes and no\n  \
         column `y`: 1 label is empty (row 2, line 3): fill in the cells, or leave out the rows with \
         `Table::drop_missing_in([\"y\"])`"
    );
}

#[test]
fn settings_of_a_text_hold_for_labels_too() {
    let csv = Csv::new().decimal_comma().only_missing([""; 0]);
    let data = csv.parse("a;y\n1,5;NA\n2,5;EU\n").expect("a table");
    let data = data.dataset(Classes::<2>::in_column("y").learn_names()).expect("two classes");
    assert_eq!(data.targets().names().expect("names"), ["EU", "NA"]);
}

#[test]
fn a_column_that_is_not_there_is_told_with_those_that_are() {
    let read = |text: &str| refusal(table(text).dataset(Classes::<2>::in_column("y")));
    assert_eq!(read("a,label\n1,0\n"), "no column `y`; the columns are `a`, `label`");
    assert_eq!(read("a,Y\n1,0\n"), "no column `y`; the columns are `a`, `Y`: did you mean `Y`?");
    assert_eq!(
        read("a b y\n1  2 0\n3 4  1\n"),
        "no column `y`; the columns are `a b y`: if blanks part the columns, write `Csv::new().whitespace()`"
    );
    assert_eq!(
        read("a~y\n1~0\n"),
        "no column `y`; the columns are `a~y`: if '~' parts the columns, write `Csv::new().delimiter('~')`"
    );
    assert_eq!(
        read("a/y\n1/0\n"),
        "no column `y`; the columns are `a/y`: if it holds several columns, write `Csv::new().delimiter(..)` with what parts \
         them"
    );
    let twice = table("a,y\n1,0\n").dataset(Classes::<2>::in_column("y").groups("y"));
    assert_eq!(refusal(twice), "column `y` cannot be two of features, target, weights and groups");
    assert_eq!(
        read("a,y\n1,1\n3,2\n"),
        "column `y`: 1 label is not one of the classes `0`, `1` (row 2, line 3: `2`): write `.learn_names()`, which takes \
         each distinct value as a class"
    );
    assert_eq!(
        refusal(table("a,y\n1,a\n2,b\n3,c\n").dataset(Classes::<2>::in_column("y").learn_names())),
        "column `y` has 3 distinct values, `a`, `b`, `c`, but the target has 2 classes"
    );
    let error = Features::from_csv("no/such.csv").expect_err("no file").to_string();
    assert!(error.starts_with("cannot read no/such.csv: "), "{error}");
}
