use dropgrid::prelude::*;

fn data(rows: Vec<Vec<f64>>, labels: Vec<i32>) -> dropgrid::Result<Dataset<Classes<3>>> {
    Dataset::new(&rows, Classes::new(labels)?)
}

fn main() {}
