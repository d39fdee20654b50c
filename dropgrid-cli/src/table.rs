//! Text for people, as wide as their terminal.

use std::{env, fmt::Write};

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets::UTF8_FULL_CONDENSED,
};

use crate::study::Study;

/// The least width of a column of wrapped text.
const LEAST: usize = 24;
/// What a text is wrapped to where neither a terminal nor `COLUMNS` says how wide a line may be.
const UNLIMITED: usize = 1 << 12;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Align {
    Left,
    Right,
}

/// The width of a line: that of `COLUMNS`, or of the terminal.
fn width() -> usize {
    let said = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).unwrap_or(UNLIMITED)
}

/// Names and texts below each other. Texts may have several lines, and are wrapped.
pub(crate) fn list(lines: &[(String, String)], indent: usize) -> String {
    let longest = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let start = indent + longest + 2;
    let room = width().saturating_sub(start).max(LEAST);
    let mut text = String::new();
    for (name, value) in lines {
        let mut name = name.as_str();
        for line in value.lines().flat_map(|line| wrap(line, room)) {
            let _ = writeln!(text, "{:indent$}{name:longest$}  {line}", "");
            name = "";
        }
    }
    text
}

/// A sentence, wrapped.
fn paragraph(sentence: &str) -> String {
    wrap(sentence, width().max(LEAST)).into_iter().map(|line| line + "\n").collect()
}

/// A line in pieces of at most `room` characters, broken at spaces where there are any.
fn wrap(line: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let letters: Vec<char> = word.chars().collect();
        let last = pieces.last().map_or(0, |piece| piece.chars().count());
        if last > 0 && last + 1 + letters.len() <= room {
            if let Some(piece) = pieces.last_mut() {
                piece.push(' ');
                piece.push_str(word);
            }
            continue;
        }
        if last == 0 {
            pieces.pop();
        }
        pieces.extend(letters.chunks(room).map(|chunk| chunk.iter().collect::<String>()));
    }
    pieces
}

/// A table that leaves out columns, in the order of `droppable`, as long as it is too wide. Its first columns are aligned
/// as `align` says, the others at their right.
pub(crate) fn droppable(
    header: &[String],
    rows: &[Vec<String>],
    align: &[Align],
    droppable: &[(usize, &'static str)],
) -> String {
    let columns = (0..header.len()).map(|at| Shown { at, align: align.get(at).copied().unwrap_or(Align::Right) });
    let mut columns: Vec<Shown> = columns.collect();
    let mut left_out = Vec::new();
    for &(at, name) in droppable {
        if natural(header, rows, &columns) <= width() {
            break;
        }
        columns.retain(|column| column.at != at);
        left_out.push(name.to_owned());
    }
    render(header, rows, &columns, None) + &note(&left_out)
}

/// The candidates of a study, the `top` best first, in the report's columns as far as there is room: without times, then
/// without deviations, then with all hyperparameters in one column, then by the deciding metric alone.
pub(crate) fn results(study: &Study, top: usize) -> String {
    let (mut header, mut rows) = study.results.summary_table(top);
    let axes = header.len() - 2 - study.metrics().len() * if study.results.has_train_scores() { 3 } else { 2 };
    let all: Vec<Shown> = (0..header.len()).map(Shown::right).collect();
    let times: Vec<Shown> = all.iter().copied().filter(|column| column.at + 1 < header.len()).collect();
    let is_mean = |at: usize| header[at].starts_with("mean ");
    let means: Vec<Shown> = times.iter().copied().filter(|column| column.at <= axes || is_mean(column.at)).collect();
    let stages = [(all, vec![]), (times, vec!["fit time"]), (means.clone(), vec!["fit time", "std"])];
    let fits = stages.into_iter().find(|(columns, _)| natural(&header, &rows, columns) <= width());
    let mut text = if let Some((columns, left_out)) = fits {
        render(&header, &rows, &columns, None) + &note(&left_out)
    } else {
        let words = |row: &Vec<String>| {
            let pairs = header[1..=axes].iter().zip(&row[1..=axes]).filter(|(_, value)| *value != "-");
            pairs.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
        };
        let cells: Vec<String> = rows.iter().map(words).collect();
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(cell);
        }
        let candidate = Shown { at: header.len(), align: Align::Left };
        header.push("candidate".to_owned());
        let mut columns: Vec<Shown> = means.into_iter().filter(|column| column.at == 0 || column.at > axes).collect();
        let mut left_out = vec!["fit time", "std"];
        if natural(&header, &rows, &columns) + LEAST + 3 > width() {
            columns.truncate(2);
            left_out.push("other metrics");
        }
        let room = width().saturating_sub(natural(&header, &rows, &columns) + 3).max(LEAST);
        columns.insert(1, candidate);
        render(&header, &rows, &columns, Some((header.len() - 1, room))) + &note(&left_out)
    };
    let hidden = study.results.candidates().len().saturating_sub(rows.len());
    if hidden > 0 {
        let _ = writeln!(text, "… and {hidden} more");
    }
    text
}

/// A column that is shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    at: usize,
    align: Align,
}

impl Shown {
    fn right(at: usize) -> Self {
        Self { at, align: Align::Right }
    }
}

fn note(left_out: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = left_out.iter().map(AsRef::as_ref).collect();
    if names.is_empty() { String::new() } else { paragraph(&format!("not shown at this width: {}", names.join(", "))) }
}

/// The width of a table whose cells are not wrapped.
fn natural(header: &[String], rows: &[Vec<String>], columns: &[Shown]) -> usize {
    let table = table(header, rows, columns, None);
    table.lines().next().map_or(0, |line| line.chars().count())
}

fn render(header: &[String], rows: &[Vec<String>], columns: &[Shown], wrapped: Option<(usize, usize)>) -> String {
    table(header, rows, columns, wrapped).to_string() + "\n"
}

/// The shown columns as a table. The column `wrapped` is wrapped to so many characters.
fn table(header: &[String], rows: &[Vec<String>], columns: &[Shown], wrapped: Option<(usize, usize)>) -> Table {
    let mut table = Table::new();
    let arrangement = if wrapped.is_some() { ContentArrangement::Dynamic } else { ContentArrangement::Disabled };
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(arrangement);
    table.set_header(columns.iter().map(|column| &header[column.at]));
    for row in rows {
        table.add_row(columns.iter().map(|column| {
            let alignment = match column.align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            };
            Cell::new(&row[column.at]).set_alignment(alignment)
        }));
    }
    if let Some((at, room)) = wrapped {
        table.set_width(width().min(usize::from(u16::MAX)) as u16);
        for (place, column) in columns.iter().enumerate() {
            let constraint = if column.at == at {
                ColumnConstraint::UpperBoundary(Width::Fixed(room as u16))
            } else {
                ColumnConstraint::ContentWidth
            };
            if let Some(column) = table.column_mut(place) {
                column.set_constraint(constraint);
            }
        }
    }
    table
}
