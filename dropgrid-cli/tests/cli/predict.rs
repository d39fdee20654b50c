//! `predict`, which says why it cannot, and what can.

use std::fs;

use dropgrid::prelude::*;

use crate::support::{corners, dropgrid, search};

#[test]
fn a_model_has_no_code_to_predict_with() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let rows = corners();
    let features = rows.features().clone().with_names(["a", "b", "c", "d"]).expect("four names");
    let data = Dataset::from_features(features, rows.targets().clone()).expect("as many rows");
    let report = search(1).fit(&data).expect("a search");
    report.fitted().save(folder.join("m.safetensors")).expect("room on the disk");
    fs::write(folder.join("next.csv"), "id,b,a,d,c\n7,0.5,1,0,0\n").expect("room on the disk");

    let run = dropgrid(folder, &["predict", "m.safetensors", "next.csv"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stdout,
        "use dropgrid::prelude::*;\n\
         // The struct that was trained: from your library, or declared here as it is there.\n\
         use your_crate::Mlp;\n\
         \n\
         fn main() -> dropgrid::Result<()> {\n    \
             let model = Fitted::<Mlp, Classes<3>>::load(\"m.safetensors\")?;\n    \
             model.predict_csv(\"next.csv\", \"predicted.csv\")\n\
         }\n"
    );
    assert_eq!(
        run.stderr,
        "dropgrid: nothing was predicted: m.safetensors holds the tensors of `Mlp`, but the code of its layers (hidden: \
         (Linear<4, 8>, ReLU), dropout: Dropout, output: Linear<8, 3>) is Rust that this command does not have; put the \
         printed program beside the struct, as src/bin/predict.rs, and run it\n"
    );

    // The two lines of that program do it.
    let model = Fitted::<crate::support::Mlp, Classes<3>>::load(folder.join("m.safetensors")).expect("the model");
    model.predict_csv(folder.join("next.csv"), folder.join("predicted.csv")).expect("predictions");
    let predicted = fs::read_to_string(folder.join("predicted.csv")).expect("a file");
    assert!(predicted.starts_with("id,prediction,probability_0,probability_1,probability_2\n7,"), "{predicted}");
    // A table that is read with settings has the same rows.
    let table = Csv::new().decimal_comma().parse("id;b;a;d;c\n7;0,5;1;0;0\n").expect("a table");
    model.predict_table(&table, folder.join("table.csv")).expect("predictions");
    assert_eq!(fs::read_to_string(folder.join("table.csv")).expect("a file"), predicted);

    fs::write(folder.join("other.csv"), "a,b,c\n1,0,0\n").expect("room on the disk");
    let run = dropgrid(folder, &["predict", "m.safetensors", "other.csv"]);
    assert_eq!(
        (run.status, run.stdout.as_str(), run.stderr.as_str()),
        (2, "", "dropgrid: the columns are not those that the model was trained on: `d` missing\n")
    );
    let run = dropgrid(folder, &["predict", "next.csv", "next.csv"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("next.csv"), "{}", run.stderr);
}
