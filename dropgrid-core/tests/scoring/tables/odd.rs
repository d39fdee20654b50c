//! Cells and lines as people have them, one oddity each: the right value, or what to write. Where pandas has an opinion, the
//! value is that of pandas 3.1.

use dropgrid_core::data::{Binary, Csv, DateOrder, Kind};

use super::{refusal, table};

/// The numbers of the column `a`, whose cells are `cells`.
#[track_caller]
fn numbers(csv: &Csv, cells: &[&str]) -> Vec<f64> {
    let rows: Vec<String> = cells.iter().map(|cell| format!("{cell};0\n")).collect();
    let text = format!("a;y\n{}", rows.concat());
    let table = csv.clone().delimiter(';').parse(&text).unwrap_or_else(|error| panic!("{cells:?}: {error}"));
    let column = table.column("a").expect("a column");
    (0..cells.len()).map(|row| column.number(row).unwrap_or(f64::NAN)).collect()
}

#[test]
fn numbers_have_their_values() {
    let csv = Csv::new;
    let cases: &[(&str, Csv, &[&str], &[f64])] = &[
        ("apostrophes", csv().thousands('\''), &["1'200", "2'300.5"], &[1200.0, 2300.5]),
        ("thin spaces", csv().thousands('\u{2009}').decimal_comma(), &["1\u{2009}200,5", "3"], &[1200.5, 3.0]),
        ("narrow no-break spaces", csv().thousands('\u{202f}'), &["1\u{202f}200", "-3"], &[1200.0, -3.0]),
        ("commas", csv().thousands(','), &["1,234", "12,345.5"], &[1234.0, 12_345.5]),
        ("underscores", csv().thousands('_'), &["1_000", "2_000_000"], &[1000.0, 2e6]),
        ("exponents and a comma", csv().decimal_comma(), &["1,5e3", "2,5E-3"], &[1500.0, 0.0025]),
        ("accounts", csv().accounting(), &["(1.5)", "12.5-", "3", "-4"], &[-1.5, -12.5, 3.0, -4.0]),
        (
            "accounts of dollars",
            csv().accounting().thousands(',').units(["$"]),
            &["($1,200)", "$3,000", "$40-"],
            &[-1200.0, 3000.0, -40.0],
        ),
        ("typeset minus", csv(), &["−3", "–2.5", "－1"], &[-3.0, -2.5, -1.0]),
        (
            "invisible marks",
            csv(),
            &["1\u{200b}", "\u{feff}2", "\u{202d}3\u{202c}", "\u{2060}4"],
            &[1.0, 2.0, 3.0, 4.0],
        ),
        ("Excel's texts", csv(), &["=\"007\"", "=\"12.5\""], &[7.0, 12.5]),
        ("units behind", csv().decimal_comma().thousands('.').units(["€"]), &["1.234,50 €", "12 €"], &[1234.5, 12.0]),
        ("signs", csv(), &["+1.5", " +2", "-0"], &[1.5, 2.0, 0.0]),
        ("long decimals", csv(), &["0.1234567890123456789", "1e-320"], &[0.123_456_789_012_345_68, 1e-320]),
        ("zip codes", csv(), &["01234", "98765"], &[1234.0, 98_765.0]),
    ];
    for (name, csv, cells, wanted) in cases {
        assert_eq!(&numbers(csv, cells), wanted, "{name}");
    }
}

#[test]
fn missing_values_have_many_spellings() {
    for text in [
        "", "NA", "N/A", "n/a", "n.a.", "N.A.", "NaN", "nan", "NULL", "null", "Null", "(null)", "<null>", "None",
        "NaT", "\\N", "<NA>", "#N/A", "#NV", "#N/D", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!",
        "-nan", "1.#QNAN",
    ] {
        let table = table(&format!("a,y\n{text},0\n2,1\n"));
        assert_eq!((table.column("a").expect("a column").missing(), table.len()), (1, 2), "{text}");
    }
    // What may be a value is asked for.
    for text in ["?", "-", "--", ".", "*"] {
        let said = refusal(table(&format!("a,y\n{text},0\n2,1\n3,0\n")).features());
        assert!(
            said.contains(&format!("write `Csv::new().missing([\"{text}\"])` if that is a missing value")),
            "{said}"
        );
        let told = Csv::new().missing([text]).parse(&format!("a,y\n{text},0\n2,1\n")).expect("a table");
        assert_eq!(told.column("a").expect("a column").missing(), 1, "{text}");
    }
    let none = table("class,y\nnone,0\nmild,1\n");
    assert_eq!(none.column("class").expect("a column").missing(), 0, "it is a class as well");
}

#[test]
fn yes_and_no_are_those_of_several_languages() {
    for (yes, no) in [
        ("TRUE", "FALSE"),
        ("yes", "no"),
        ("Y", "N"),
        ("on", "off"),
        ("T", "F"),
        (".T.", ".F."),
        (".true.", ".false."),
        ("ja", "nein"),
        ("WAHR", "FALSCH"),
        ("oui", "non"),
        ("VRAI", "FAUX"),
        ("sí", "no"),
        ("VERDADERO", "FALSO"),
        ("sim", "não"),
        ("да", "нет"),
    ] {
        let table = table(&format!("a,y\n{yes},{no}\n{no},{yes}\n"));
        assert_eq!(table.column("a").expect("a column").kind(), Kind::YesNo, "{yes}");
        let data = table.dataset(Binary::in_column("y")).expect("flags");
        assert_eq!(
            (data.features().values(), data.targets().labels()),
            ([1.0, 0.0].as_slice(), [0, 1].as_slice()),
            "{yes}"
        );
    }
}

/// Seconds of days, of 2021-03-04 and others, as `pandas.to_datetime` has them where it reads the cells.
#[test]
fn dates_and_times_are_seconds() {
    const DAY: f64 = 86_400.0;
    const MARCH_4: f64 = 18_690.0 * DAY;
    let day_first = Csv::new().dates(DateOrder::DayFirst);
    for (csv, kind, cells, wanted) in [
        (Csv::new(), Kind::Date, ["2021-03-04", "2021-03-05"], [MARCH_4, MARCH_4 + DAY]),
        (
            Csv::new(),
            Kind::Date,
            ["2021-03-04 05:06:07+01:00[Europe/Berlin]", "2021-03-04T00:00Z"],
            [MARCH_4 + 14_767.0, MARCH_4],
        ),
        (Csv::new(), Kind::Date, ["20210304T000000Z", "20210304T050607Z"], [MARCH_4, MARCH_4 + 18_367.0]),
        (Csv::new(), Kind::Date, ["2021-03", "2021-04"], [MARCH_4 - 3.0 * DAY, MARCH_4 + 28.0 * DAY]),
        (Csv::new(), Kind::Date, ["2021-Q1", "2021Q2"], [MARCH_4 - 62.0 * DAY, MARCH_4 + 28.0 * DAY]),
        (Csv::new(), Kind::Date, ["2021-W09", "2021-W09-4"], [MARCH_4 - 3.0 * DAY, MARCH_4]),
        (Csv::new(), Kind::Date, ["4. März 2021", "5. Mai 2021"], [MARCH_4, MARCH_4 + 62.0 * DAY]),
        (Csv::new(), Kind::Date, ["4 mars 2021", "1er avr. 2021"], [MARCH_4, MARCH_4 + 28.0 * DAY]),
        (Csv::new(), Kind::Date, ["4 de marzo de 2021", "1-abr-2021"], [MARCH_4, MARCH_4 + 28.0 * DAY]),
        (Csv::new(), Kind::Date, ["Mar 2021", "April 2021"], [MARCH_4 - 3.0 * DAY, MARCH_4 + 28.0 * DAY]),
        (day_first, Kind::Date, ["04.03.2021", "1/4/21"], [MARCH_4, MARCH_4 + 28.0 * DAY]),
        (Csv::new(), Kind::Number, ["20210304", "20210305"], [MARCH_4, MARCH_4 + DAY]),
        (Csv::new(), Kind::Time, ["05:06", "17:30:15"], [18_360.0, 63_015.0]),
        (Csv::new(), Kind::Time, ["5:06 AM", "5:30 p.m."], [18_360.0, 63_000.0]),
        (Csv::new(), Kind::Time, ["1 days 02:03:04", "0 days 00:00:01.5"], [93_784.0, 1.5]),
    ] {
        let text = format!("a;y\n{};0\n{};1\n", cells[0], cells[1]);
        let table = csv.delimiter(';').parse(&text).expect("a table");
        assert_eq!(table.column("a").expect("a column").kind(), kind, "{cells:?}");
        let table = table.as_seconds(["a"]).unwrap_or_else(|error| panic!("{cells:?}: {error}"));
        assert_eq!([0, 1].map(|row| table.column("a").expect("a column").number(row)), wanted.map(Some), "{cells:?}");
    }
    assert_eq!(
        refusal(table("t,y\n05:06,0\n17:30,1\n").features()),
        "column `t`: the cells are times (row 1, line 2: `05:06`; row 2, line 3: `17:30`): take the seconds since midnight \
         with `Table::as_seconds([\"t\"])`, or leave the column out with `Table::without([\"t\"])`"
    );
    assert!(
        table("t,y\n05:06,0\n17:30,1\n")
            .describe()
            .to_string()
            .contains("t       time            0         2  05:06 to 17:30")
    );
    // Minutes and seconds, or hours and minutes: nobody knows.
    assert_eq!(table("t,y\n75:06,0\n130:30,1\n").column("t").expect("a column").kind(), Kind::Category);
}

/// What a message says to write about the column `a`.
#[track_caller]
fn advice(text: &str) -> String {
    let said = refusal(table(text).without(["y"]).and_then(|table| table.features()));
    said.split_once("): ").map(|(_, advice)| advice.to_owned()).unwrap_or(said)
}

#[test]
fn what_cannot_be_known_says_what_to_write() {
    for (text, wanted) in [
        ("a,y\n12.5-,0\n(3),1\n", "write `Csv::new().accounting()`, which reads (12) and 12- as -12, or leave"),
        (
            "a,y\n\"($1,200)\",0\n\"$3,000\",1\n",
            "write `Csv::new().accounting().units([\"$\"]).thousands(',')`, or leave the column out",
        ),
        ("a,y\n1_000,0\n2_000,1\n", "write `Csv::new().thousands('_')`, or leave"),
        ("a;y\n1\u{2009}200;0\n", "write `Csv::new().thousands('\\u{2009}')`, or leave"),
        (
            "a,y\n10 KB,0\n3 MB,1\n",
            "the cells have several units, `KB`, `MB`: convert them to one in the file, or write \
             `Csv::new().units([\"KB\", \"MB\"])` where they are the same, or leave",
        ),
        ("a,y\n1.5k,0\n2M,1\n300,1\n", "the cells have several units, `k`, `M`: convert them to one in the file, or"),
        ("a,y\n$3,0\n€4,1\n", "the cells have several units, `$`, `€`: convert"),
        ("a,y\n5kg,0\n6 kg,1\n", "write `Csv::new().units([\"kg\"])`, or leave"),
        ("a,y\n1,0\na,y\n3,1\n", "the line repeats the header: remove it, or leave the column out"),
        (
            "a,y\n[m],0\n1,0\n3,1\n",
            "if the first row is a second header, with units or types, write \
             `Csv::new().skip_lines(2).no_header().names([..])`; else correct the cells",
        ),
        ("a,y\n0x1F,0\n0x2A,1\n", "write it as 31, or leave"),
    ] {
        let advice = advice(text);
        assert!(advice.starts_with(wanted), "{text:?}: {advice}");
    }
}

#[test]
fn remarks_at_the_end_are_left_out() {
    let text = "a,b,y\n1,2,0\n3,4,1\n\nSource: Office of numbers\n";
    assert_eq!(
        refusal(Csv::new().parse(text)),
        "the first line has 3 cells, but 1 line has another number (row 3, line 5: 1): write every cell, an empty one \
         for a value that is missing; if the end of the file is a remark, write `Csv::new().skip_last_lines(1)`"
    );
    let table = Csv::new().skip_last_lines(1).parse(text).expect("a table");
    assert_eq!((table.len(), table.features().expect("numbers").row(1)), (2, [3.0, 4.0, 1.0].as_slice()));
    let total = Csv::new().skip_last_lines(2).parse("a,y\n1,0\n3,1\nTotal,1\nof,2\n").expect("a table");
    assert_eq!(total.features().expect("numbers").values(), [1.0, 0.0, 3.0, 1.0]);
    assert_eq!(refusal(Csv::new().skip_last_lines(9).parse("a,y\n1,0\n3,1\n")), "the data has no rows");
    let short = refusal(Csv::new().parse("a,b,y\n1,2,0\n3,4\n5,6,1\n"));
    assert!(short.ends_with("write every cell, an empty one for a value that is missing"), "{short}");
}

#[test]
fn other_delimiters_are_named() {
    for (mark, shown) in [('^', "'^'"), ('~', "'~'"), (':', "':'"), ('\u{1}', "'\\u{1}'")] {
        let text = format!("a{mark}y\n1{mark}0\n2{mark}1\n");
        let said = refusal(table(&text).dataset(Binary::in_column("y")));
        assert!(said.ends_with(&format!("write `Csv::new().delimiter({shown})`")), "{said}");
        let read = Csv::new().delimiter(mark).parse(&text);
        if mark == '\u{1}' || read.is_ok() {
            assert_eq!(read.expect("a table").features().expect("numbers").values(), [1.0, 0.0, 2.0, 1.0]);
        }
    }
}

#[test]
fn identifiers_of_many_digits_are_one_class_each() {
    use dropgrid_core::data::Classes;

    let table = table("id,y\n9007199254740993,0\n9007199254740992,1\n");
    assert_eq!(table.column("id").expect("a column").text(0).as_deref(), Some("9007199254740993"));
    let data = table.dataset(Classes::<2>::in_column("id").learn_names()).expect("two classes");
    assert_eq!(data.targets().labels(), [1, 0]);
}
