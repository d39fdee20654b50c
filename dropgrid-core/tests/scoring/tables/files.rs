//! Files as people have them, one oddity each: what is read of them.

use std::{fs, io::Write};

use dropgrid_core::{
    Result,
    data::{Binary, Classes, Csv, Dataset, DateOrder, Features, Kind, MultiLabel, Regression, Table},
};
use flate2::{Compression, write::GzEncoder};

use super::{refusal, table};

/// The table in a file of these bytes.
fn read(csv: &Csv, bytes: &[u8]) -> Result<Table> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("table.csv");
    fs::write(&path, bytes).expect("a writable folder");
    csv.read(&path)
}

fn cells(table: &Table) -> Vec<f32> {
    table.without(["y"]).expect("a column").features().expect("features").values().to_vec()
}

/// Each has the features 1, 2 and 3, 4 and the label `y`, however it is written.
#[test]
fn one_table_is_read_in_whatever_form() {
    let told = Csv::new;
    let forms: &[(&str, Csv, &[u8])] = &[
        ("plain", told(), b"a,b,y\n1,2,0\n3,4,1\n"),
        ("no final newline", told(), b"a,b,y\n1,2,0\n3,4,1"),
        ("crlf", told(), b"a,b,y\r\n1,2,0\r\n3,4,1\r\n"),
        ("cr only", told(), b"a,b,y\r1,2,0\r3,4,1\r"),
        ("blank lines", told(), b"\na,b,y\n1,2,0\n\n3,4,1\n\n\n"),
        ("a blank last line", told(), b"a,b,y\n1,2,0\n3,4,1\n   "),
        ("quoted", told(), b"\"a\",\"b\",\"y\"\n\"1\",\"2.0\",\"0\"\n\"3\",\"4\",\"1\"\n"),
        ("blanks", told(), b"a, b ,y\n 1,2 , 0\n3,\t4,1\n"),
        ("no-break spaces", told(), "a,b,y\n1\u{a0},2,0\n3,4,1\n".as_bytes()),
        ("semicolons", told(), b"\"a\";\"b\";\"y\"\n1;2;0\n3;4;1\n"),
        ("tabs", told(), b"a\tb\ty\n1\t2\t0\n3\t4\t1\n"),
        ("pipes", told(), b"a|b|y\n1|2|0\n3|4|1\n"),
        ("a delimiter that is told", told().delimiter('~'), b"a~b~y\n1~2~0\n3~4~1\n"),
        ("runs of blanks", told().whitespace(), b"a b y\n  1  2 0 \n3\t4  1\n"),
        ("Excel's line", told(), b"sep=;\r\na;b;y\r\n1;2;0\r\n3;4;1\r\n"),
        ("Excel's line, a letter", told(), b"sep=~\na~b~y\n1~2~0\n3~4~1\n"),
        ("a delimiter at the end", told(), b"a,b,y,\n1,2,0,\n3,4,1,\n"),
        ("a delimiter at the end of data", told(), b"a,b,y\n1,2,0,\n3,4,1,\n"),
        ("comments", told().comments('#'), b"# made by a tool\na,b,y\n1,2,0\n  # half\n3,4,1\n"),
        ("comments behind cells", told().comments('#'), b"a,b,y # c\n1,2,0# \"half\n3,4,1 # 5,6\n"),
        ("comments behind blanks", told().comments('#').whitespace(), b"a b y # c\n1 2 0 #half\n 3 4 1# 5 6\n"),
        ("empty rows of a spreadsheet", told(), b"a,b,y,,\n1,2,0,,\n,,,,\n3,4,1,,\n, ,,,\n"),
        (
            "an index of R without a header",
            told().whitespace(),
            b"\"a\" \"b\" \"y\"\n\"Mazda RX4\" 1 2 0\n\"Valiant\" 3 4 1\n",
        ),
        ("an index behind tabs", told(), b"a\tb\ty\nr1\t1\t2\t0\nr2\t3\t4\t1\n"),
        ("the end mark of DOS", told(), b"a,b,y\r\n1,2,0\r\n3,4,1\r\n\x1a"),
        ("a title", told().skip_lines(2), b"Report; all\n\na,b,y\n1,2,0\n3,4,1\n"),
        ("no header", told().no_header().names(["a", "b", "y"]), b"1,2,0\n3,4,1\n"),
        ("other names", told().names(["a", "b", "y"]), b"a,a,\n1,2,0\n3,4,1\n"),
        ("decimal commas", told().decimal_comma(), b"a;b;y\n1,0;2,00;0\n3;4;1\n"),
        ("decimal commas in quotes", told().decimal_comma(), b"a,b,y\n\"1,0\",2,0\n3,4,1\n"),
        ("percent", told().percent(), b"a,b,y\n100%,200 %,0\n3,4,1\n"),
        ("units", told().units(["$", "kg"]), b"a,b,y\n$1,2 kg,0\n$ 3,4kg,1\n"),
        ("a byte order mark", told(), b"\xef\xbb\xbfa,b,y\n1,2,0\n3,4,1\n"),
        ("a mark before a quote", told(), b"\xef\xbb\xbf\"a\",\"b\",y\n1,2,0\n3,4,1\n"),
        ("an index of pandas", told(), b",a,b,y\n0,1,2,0\n1,3,4,1\n"),
        ("an index of pandas, some rows", told(), b",a,b,y\n17,1,2,0\n4,3,4,1\n"),
        ("an index of R", told(), b"\"\",\"a\",\"b\",\"y\"\n\"Mazda RX4\",1,2,0\n\"Valiant\",3,4,1\n"),
        ("an index that came back", told(), b"Unnamed: 0,a,b,y\n0,1,2,0\n1,3,4,1\n"),
        ("two that came back", told(), b"Unnamed: 0.1,Unnamed: 0,a,b,y\n0,5,1,2,0\n1,6,3,4,1\n"),
    ];
    for (name, csv, bytes) in forms {
        let table = read(csv, bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(cells(&table), [1.0, 2.0, 3.0, 4.0], "{name}");
        let data = table.dataset(Classes::<2>::in_column("y")).expect("labels");
        assert_eq!(
            (data.targets().labels(), data.features().names().expect("names")),
            (&[0, 1][..], &["a", "b"].map(String::from)[..]),
            "{name}"
        );
        let has_index = name.contains("index") || name.contains("back");
        assert_eq!(table.id_columns().count() > 0, has_index, "{name}");
        assert_eq!(data.notes().len(), table.notes().len(), "{name}");
    }
}

#[test]
fn packed_files_and_other_encodings_are_read() {
    let text = "größe,y\n1,0\n2,1\n";
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        [mark.to_vec(), text.encode_utf16().flat_map(bytes).collect()].concat()
    };
    let latin1: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).expect("memory");
    for (name, csv, bytes) in [
        ("little-endian", Csv::new(), utf16(&[0xff, 0xfe], u16::to_le_bytes)),
        ("big-endian", Csv::new(), utf16(&[0xfe, 0xff], u16::to_be_bytes)),
        ("Latin-1", Csv::new().latin1(), latin1.clone()),
        ("gzip", Csv::new(), packed.finish().expect("memory")),
    ] {
        let table = read(&csv, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((cells(&table), table.columns()[0].name()), (vec![1.0, 2.0], "größe"), "{name}");
    }
    assert_eq!(
        refusal(read(&Csv::new(), &latin1)),
        "line 1: the bytes of `größe` are not UTF-8: write `Csv::new().latin1()` if that is the text in Latin-1 or \
         Windows-1252, or save the file as UTF-8"
    );
    assert!(refusal(read(&Csv::new(), b"a,y\n1,0\n\xff,1\n")).starts_with("line 3: the bytes of `ÿ` are not UTF-8"));
    let broken = refusal(read(&Csv::new(), b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x02\x03\x04\x05"));
    assert!(broken.starts_with("cannot read ") && broken.contains("table.csv: "), "{broken}");
    let workbook = refusal(read(&Csv::new(), b"PK\x03\x04rest"));
    assert!(
        workbook.ends_with("is a zip archive, such as an Excel workbook is one: unpack it, or save the table as CSV"),
        "{workbook}"
    );
}

#[test]
fn a_large_table_is_read_in_pieces() {
    use std::fmt::Write;
    let mut text = "n,word,late,code,y\n".to_owned();
    for row in 0..30_000 {
        let late = if row == 29_999 { "x".to_owned() } else { format!("{}.50", row % 7) };
        writeln!(text, "{row},\"w{}\nof 2\",{late},{:05},{}", row % 3, row % 100, row % 2).expect("memory");
    }
    let table = table(&text);
    assert_eq!(table.len(), 30_000);
    let number = |name: &str, row| table.column(name).expect("a column").number(row);
    assert!((0..30_000).all(|row| number("n", row) == Some(row as f64)));
    assert_eq!((number("late", 29_998), number("late", 29_999)), (Some(3.5), None));
    // A column that is no longer numbers has the texts of the file, and so has one of codes.
    assert_eq!(table.column("late").expect("a column").text(1).as_deref(), Some("1.50"));
    assert_eq!(table.column("code").expect("a column").text(7).as_deref(), Some("00007"));
    assert_eq!((number("code", 7), table.column("code").expect("a column").kind()), (Some(7.0), Kind::Number));
    assert_eq!(
        refusal(table.select(["n", "late"]).expect("columns").features()),
        "column `late`: 1 cell is not a number (row 30000, line 60000: `x`): correct the cells, write \
         `Csv::new().missing([\"x\"])` if that is a missing value, or leave the column out with \
         `Table::without([\"late\"])`"
    );
}

#[test]
fn odd_cells_have_their_values() {
    let data = table("a,b,c,d,e,y\n.5,5.,+3,1E5,1e-300,0\n1,1,1,1,2e-46,1\n").dataset(Classes::<2>::in_column("y"));
    assert_eq!(data.expect("numbers").features().values(), [0.5, 5.0, 3.0, 1e5, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(cells(&table("a,flag,y\n1,True,0\n3,no,1\n")), [1.0, 1.0, 3.0, 0.0]);
    let times = table("t,y\n1600000000,0\n1600000001,1\n");
    assert_eq!(times.column("t").expect("a column").number(1), Some(1_600_000_001.0));
    let ids = table("id,y\n16777217,0\n16777216,1\n");
    assert_eq!(ids.column("id").expect("a column").text(0).as_deref(), Some("16777217"));
    let prices = Csv::new().units(["$"]).thousands(',').parse("a,price\n1,\"$1,200\"\n2,1300\n").expect("a table");
    let prices = prices.dataset(Regression::<1>::in_column("price")).expect("numbers");
    assert_eq!(prices.targets().values(), [1200.0, 1300.0]);
    let names = table("a,income\n1, <=50K\n2, >50K\n").dataset(Classes::<2>::in_column("income").learn_names());
    assert_eq!(names.expect("two classes").targets().names().expect("names"), ["<=50K", ">50K"]);
    let flags =
        table("a,red,green\n1,True,False\n2,False,True\n").dataset(MultiLabel::<2>::in_columns(["red", "green"]));
    assert_eq!(flags.expect("flags").targets().flags(), [true, false, false, true]);
    assert_eq!(table("\"a\nunit\",y\n1,0\n2,1\n").columns()[0].name(), "a\nunit");
    assert_eq!(table(" a,\" y\"\n1,0\n2,1\n").columns()[1].name(), "y");
    assert_eq!(table("x,s\n1,F\n2,F\n").column("s").expect("a column").kind(), Kind::Category);
    assert_eq!(table("x,s\n1,N\n2,N\n").column("s").expect("a column").kind(), Kind::YesNo);
}

#[test]
fn dates_are_seconds_on_request() {
    let days = table("a,day,y\n1,2021-03-04,0\n3,2021-03-05,1\n");
    assert_eq!(days.column("day").expect("a column").kind(), Kind::Date);
    let seconds = days.as_seconds(["day"]).expect("dates");
    assert_eq!(seconds.column("day").expect("a column").number(0), Some(1_614_816_000.0));
    assert_eq!(seconds.dataset(Classes::<2>::in_column("y")).expect("numbers").features().width(), 2);
    let csv = Csv::new().dates(DateOrder::DayFirst);
    let mixed = csv.parse("day\n31/12/2021\n\nNA\n2021-01-01 00:00:01\n").expect("a table").as_seconds(["day"]);
    let day = mixed.expect("dates");
    let day = day.column("day").expect("a column");
    assert_eq!([day.number(0), day.number(1), day.number(2)], [Some(1_640_908_800.0), None, Some(1_609_459_201.0)]);
}

#[test]
fn columns_are_chosen_left_out_and_renamed() {
    let full = table("id,a,b,c,y\nx7,1,2,NA,0\nx8,3,4,5,1\n");
    let table = full.ids(["id"]).expect("a column").rename([("b", "height")]).expect("a column");
    let chosen = table.select(["height", "a"]).expect("columns");
    let features = chosen.features().expect("numbers");
    assert_eq!(features.names().expect("names"), ["height", "a"]);
    assert_eq!(features.values(), [2.0, 1.0, 4.0, 3.0]);
    let ids: Vec<_> = chosen.id_columns().map(|id| id.text(1).expect("a text").into_owned()).collect();
    assert_eq!(ids, ["x8"]);
    assert_eq!(table.without(["c"]).expect("a column").dataset(Binary::in_column("y")).expect("numbers").len(), 2);
    let rest = table.drop_missing().expect("a row is left");
    assert_eq!((rest.len(), rest.column("height").expect("a column").number(0)), (1, Some(4.0)));
    assert_eq!(table.drop_missing_in(["a"]).expect("all rows").len(), 2);
    assert_eq!(refusal(table.rename([("a", "c")])), "two columns are named `c`");
    assert_eq!(refusal(table.select(["a", "a"])), "two columns are named `a`");
    assert_eq!(refusal(table.without(["b"])), "no column `b`; the columns are `id`, `a`, `height`, `c`, `y`");
    assert_eq!(refusal(super::table("a,y\nNA,1\n").drop_missing()), "the data has no rows");
}

#[test]
fn notes_say_what_was_left_out_and_what_may_be_data() {
    let notes = |text: &str| Table::notes(&table(text)).to_vec();
    assert_eq!(notes("a,y\n1,0\n,\n3,1\n,\n"), ["2 rows have no value in any column: left out"]);
    assert_eq!(
        notes("a,y,,\n1,0,,\n,,,\n"),
        ["a row has no value in any column: left out", "2 columns have neither a name nor a value: left out"]
    );
    let rows = table("a,y\n1,0\n,\n3,x\n").dataset(Regression::<1>::in_column("y")).expect_err("a text");
    assert!(rows.to_string().starts_with("column `y`: 1 cell is not a number (row 2, line 4: `x`)"), "{rows}");
    assert_eq!(
        notes("39, State-gov, 77516, Bachelors\n50, Private, 83311, ?\n"),
        ["the header has numbers, as `39`: if the first line is data, write `Csv::new().no_header()`"]
    );
    for names in ["country,2019,2020,2021", "0,1,y", "country,2019"] {
        let row = names.replace(|letter: char| letter != ',', "7");
        assert_eq!(notes(&format!("{names}\n{row}\n")), [""; 0], "{names}");
    }
    // A typesetter's minus is one.
    assert_eq!(table("a,y\n\u{2212}1.5,0\n2,1\n").column("a").expect("a column").number(0), Some(-1.5));
    // Two cells more a row are no names of rows, and decimal commas are none.
    assert!(Csv::new().parse("a\ty\nr\t1\t2\t0\n").is_err() && Csv::new().parse("a,y\n1,5,0\n2,5,1\n").is_err());
}

#[test]
fn files_in_the_repository_are_read() {
    let next = Features::from_csv("../tests/cases/to_predict.csv").expect("features");
    assert_eq!(
        (next.values(), next.names().expect("names")),
        (&[1.0, 2.0, 3.0, 4.0][..], &["a", "b"].map(String::from)[..])
    );
    let indexed = Table::from_csv("../tests/cases/index.csv").expect("a table");
    assert_eq!(indexed.notes(), ["column 0, without a name, is an index of the rows: no feature"]);
    let indexed = indexed.dataset(Classes::<2>::in_column("y")).expect("numbers");
    assert_eq!(indexed.features().names().expect("names"), ["a", "b"]);
    let weighted = Dataset::from_csv("../tests/cases/weights.csv", Regression::<1>::in_column("y").weights("w"));
    let weighted = weighted.expect("numbers");
    assert_eq!(weighted.weights().expect("weights")[..3], [10.0, 0.1, 10.0]);
}
