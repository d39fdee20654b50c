//! Arrow's record batches.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    StringViewArray,
    types::{Float64Type, Int8Type, UInt16Type},
};
use dropgrid_core::{
    DataError, Error,
    data::{Binary, Kind, Table},
};

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

#[test]
fn batches_stand_one_below_the_other() {
    let part = |x: [f64; 2], y: [bool; 2]| {
        let columns: Vec<(&str, ArrayRef)> =
            vec![("x", Arc::new(Float64Array::from(x.to_vec()))), ("y", Arc::new(BooleanArray::from(y.to_vec())))];
        batch(columns)
    };
    let parts = [part([1.0, 2.0], [true, false]), part([3.0, 4.0], [false, false])];
    let data =
        Table::from_record_batches(&parts).and_then(|table| table.dataset(Binary::in_column("y"))).expect("data");
    assert_eq!(data.features().values(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(data.targets().labels(), [1, 0, 0, 0]);
    // A part of a batch begins behind the start of its arrays.
    let sliced = Table::from_record_batches([parts[0].slice(1, 1), parts[1].slice(0, 1)]).expect("a table");
    assert_eq!(sliced.features().expect("features").values(), [2.0, 0.0, 3.0, 0.0]);
    let other = batch(vec![("x", Arc::new(Int64Array::from(vec![1])) as ArrayRef)]);
    assert_eq!(
        Table::from_record_batches([parts[0].clone(), other]).expect_err("other columns").to_string(),
        "batch 2 has the columns `x: Int64`, but the first one has `x: Float64`, `y: Boolean`"
    );
    let none: [RecordBatch; 0] = [];
    assert!(matches!(Table::from_record_batches(none), Err(Error::Data(DataError::EmptyData))));
    assert!(matches!(Table::from_record_batches([parts[0].slice(0, 0)]), Err(Error::Data(DataError::EmptyData))));
}

#[test]
fn dictionaries_are_their_entries() {
    let words: DictionaryArray<Int8Type> = [Some("b"), None, Some("a"), Some("b")].into_iter().collect();
    let numbers = Float64Array::from(vec![Some(2.5), None]);
    let numbers =
        DictionaryArray::<UInt16Type>::new([0, 1, 0, 1].into_iter().collect::<Vec<u16>>().into(), Arc::new(numbers));
    let nothing: DictionaryArray<Int8Type> = [None::<&str>; 4].into_iter().collect();
    let views = StringViewArray::from(vec![Some("2021-03-04"), Some("2021-03-05"), None, Some("soon")]);
    let table = Table::from_record_batches([batch(vec![
        ("words", Arc::new(words) as ArrayRef),
        ("numbers", Arc::new(numbers)),
        ("nothing", Arc::new(nothing)),
        ("views", Arc::new(views)),
    ])])
    .expect("a table");
    let column = |name: &str| table.column(name).expect("a column");
    assert_eq!((column("words").kind(), column("words").missing()), (Kind::Category, 1));
    assert_eq!(column("words").text(3).as_deref(), Some("b"));
    assert_eq!(
        (column("numbers").kind(), column("numbers").number(2), column("numbers").missing()),
        (Kind::Number, Some(2.5), 2)
    );
    assert_eq!((column("nothing").kind(), column("nothing").missing()), (Kind::Empty, 4));
    assert_eq!((column("views").kind(), column("views").number(1)), (Kind::Date, Some(1_614_902_400.0)));
}

#[test]
fn whole_numbers_beyond_a_double_keep_their_digits() {
    let ids = [None, Some(5), Some(9_007_199_254_740_993), Some(9_007_199_254_740_992)];
    let x = Arc::new(Float64Array::from(vec![0.0, 1.0, 2.0, 3.0])) as ArrayRef;
    let table = Table::from_record_batches([batch(vec![
        ("id", Arc::new(Int64Array::from(ids.to_vec())) as ArrayRef),
        ("x", x),
    ])])
    .expect("a table");
    let id = table.column("id").expect("a column");
    assert_eq!((id.kind(), id.missing(), id.number(1)), (Kind::Number, 1, Some(5.0)));
    assert_eq!((id.text(2).as_deref(), id.text(3).as_deref()), (Some("9007199254740993"), Some("9007199254740992")));
    let message = table.features().expect_err("a missing cell").to_string();
    assert_eq!(
        message,
        "column `id`: 1 cell is empty (row 1): fill in the cells, leave out the rows with `Table::drop_missing_in([\"id\"])` or \
         the column with `Table::without([\"id\"])`, or let a field of the model impute them with \
         `Table::allow_missing([\"id\"])`"
    );
}

#[test]
fn nested_columns_are_refused_by_name() {
    let lists = ListArray::from_iter_primitive::<Float64Type, _, _>([Some([Some(1.0)]), None]);
    let twice: Vec<(&str, ArrayRef)> =
        vec![("x", Arc::new(StringArray::from(vec!["a", "b"]))), ("x", Arc::new(StringArray::from(vec!["a", "b"])))];
    let error = Table::from_record_batches([batch(vec![("lists", Arc::new(lists) as ArrayRef)])]).expect_err("a list");
    assert_eq!(
        error.to_string(),
        "a table holds numbers, yes and no, dates, times and texts, but `lists` is List(Float64): leave them out with \
         `RecordBatch::project`, or with what wrote them: \"lists\""
    );
    assert!(matches!(
        Table::from_record_batches([batch(twice)]),
        Err(Error::Data(DataError::RepeatedColumn { column })) if column == "x"
    ));
}
