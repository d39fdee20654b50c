//! Tables of rows of the user's own type.

use dropgrid_core::data::{Classes, Column, Kind, Table};
use serde::Serialize;

#[derive(Serialize, Clone, Copy)]
enum Port {
    Cherbourg,
    Southampton,
}

#[derive(Serialize)]
struct Passenger {
    age: Option<f64>,
    /// Beyond what single precision tells apart.
    seen: f64,
    ticket: String,
    alone: bool,
    port: Option<Port>,
    class: u8,
}

fn passenger(at: u8) -> Passenger {
    let port = [Some(Port::Cherbourg), Some(Port::Southampton), None][usize::from(at) % 3];
    Passenger {
        age: (at != 1).then_some(0.1 + 0.2 * f64::from(at)),
        seen: 1.7e9 + f64::from(at) / 8.0,
        ticket: ["NA", "a, \"b\"\nc", " x"][usize::from(at) % 3].to_owned(),
        alone: at.is_multiple_of(2),
        port,
        class: at % 2,
    }
}

#[test]
fn fields_are_columns_and_keep_their_bits() {
    let table = Table::from_rows((0..6).map(passenger)).expect("rows");
    let names: Vec<&str> = table.columns().iter().map(Column::name).collect();
    assert_eq!(names, ["age", "seen", "ticket", "alone", "port", "class"]);
    let kinds: Vec<Kind> = table.columns().iter().map(Column::kind).collect();
    assert_eq!(kinds, [Kind::Number, Kind::Number, Kind::Category, Kind::YesNo, Kind::Category, Kind::Number]);
    let missing: Vec<usize> = table.columns().iter().map(Column::missing).collect();
    assert_eq!(missing, [1, 0, 0, 0, 2, 0]);
    for at in 0..6 {
        let (row, own) = (usize::from(at), passenger(at));
        assert_eq!(table.column("age").expect("a column").number(row), own.age);
        assert_eq!(table.column("seen").expect("a column").number(row), Some(own.seen));
    }
    assert_eq!(table.column("port").expect("a column").text(1).as_deref(), Some("Southampton"));
    let data = table.without(["ticket", "port"]).and_then(|table| table.drop_missing());
    let data = data.and_then(|table| table.dataset(Classes::<2>::in_column("class"))).expect("data");
    assert_eq!((data.len(), data.features().width(), data.targets().labels()), (5, 3, &[0, 0, 1, 0, 1][..]));
}

#[test]
fn rows_without_names_or_plain_fields_are_refused() {
    let said = |table: dropgrid_core::Result<Table>| table.expect_err("a refusal").to_string();
    assert_eq!(said(Table::from_rows(Vec::<Passenger>::new())), "the data has no rows");
    let unnamed = said(Table::from_rows([(1.0, 2.0), (3.0, 4.0)]));
    assert_eq!(
        unnamed,
        "row 1 is no record of named, plain fields: its fields have no names; derive `Serialize` on a struct"
    );
    #[derive(Serialize)]
    struct Nested {
        inner: Option<Vec<Port>>,
        x: f64,
    }
    let nested = Nested { inner: Some(vec![Port::Cherbourg, Port::Southampton]), x: 1.0 };
    assert!(said(Table::from_rows([nested])).starts_with("row 1 is no record of named, plain fields: "));
}
