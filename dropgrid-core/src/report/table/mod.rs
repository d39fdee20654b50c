//! The results as a table that fits the width of a terminal.

mod digits;
mod summary;

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use digits::Decimals;
use summary::{Kind, TextColumn, ordered};

use super::{
    CvResults,
    lines::{text_width, wrap},
};
use crate::escape::escaped;

/// The least width of hyperparameters that share a cell, where the score has one of its own.
const LEAST: usize = 24;

/// The width and the contents of a table of results.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The number of characters of a line.
    pub width: usize,
    /// The number of candidates shown, best first.
    pub shown: usize,
    /// Tells where all candidates are.
    pub candidates: &'a str,
    /// Tells where all columns are.
    pub columns: &'a str,
    /// True where the deciding metric's score on each fold has a column.
    pub fold_scores: bool,
    /// The row, from 0, that stands out, where a terminal shows bold letters.
    pub bold: Option<usize>,
}

impl CvResults {
    /// The best candidates as a table no wider than a line; notes below it name what it leaves out.
    ///
    /// Numbers have as many digits as tell the rows apart. Where a line is too short, the headers are stacked; then the
    /// table leaves out, as far as it has to: times and epochs, deviations of draws, standard deviations of metrics
    /// that do not decide, hyperparameters that do not vary, train scores, the other metrics, the deciding metric's
    /// standard deviation, scores of folds. At last the hyperparameters share a cell, with the deciding metric where a
    /// line has less than about 45 characters.
    pub fn table(&self, layout: &Layout<'_>) -> String {
        let mut columns = self.shown(layout.shown, layout.fold_scores);
        let mut whole = columns.clone();
        stack(&mut whole);
        let left_out = self.fit(&mut columns, layout.width);
        let mut text = render(&columns);
        if let Some(row) = layout.bold {
            text = embolden(&text, &columns, row);
        }
        let mut below = |sentence: &str| {
            for line in wrap(sentence, layout.width) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n{line}");
            }
        };
        let hidden = self.candidates().len().saturating_sub(layout.shown);
        if hidden > 0 {
            let spread = self.spread(layout.shown).unwrap_or_default();
            below(&format!("… and {hidden} more{spread}: {}", layout.candidates));
        }
        if !left_out.is_empty() {
            let (room, needed, all) = (layout.width, width(&whole), layout.columns);
            let left_out = self.names(&left_out).join(", ");
            below(&format!("not shown in {room} columns: {left_out} (all of it: COLUMNS={needed}, or {all})"));
        }
        text
    }

    /// The means of the candidates behind the first ones, in words.
    fn spread(&self, shown: usize) -> Option<String> {
        let others = ordered(self).into_iter().skip(shown).map(|candidate| candidate.mean(0));
        let mut means: Vec<f64> = others.filter(|mean| mean.is_finite()).collect();
        means.sort_by(f64::total_cmp);
        let (low, middle, high) = (*means.first()?, means[means.len() / 2], *means.last()?);
        let decimals = Decimals::of(&[low, middle, high]);
        let [low, middle, high] = [low, middle, high].map(|mean| decimals.text(mean));
        Some(if means.len() > 2 { format!(", from {low} to {high}, half above {middle}") } else { String::new() })
    }

    /// Leaves out columns until the others fit on a line, and returns the ones left out.
    fn fit(&self, columns: &mut Vec<TextColumn>, room: usize) -> Vec<TextColumn> {
        let mut left_out = Vec::new();
        if width(columns) > room {
            stack(columns);
        }
        let others = || (1..self.metrics().len()).rev();
        let order = [Kind::Time, Kind::Epochs]
            .into_iter()
            .chain(others().chain([0]).map(Kind::SeedStd))
            .chain(others().map(Kind::Std))
            .chain([Kind::Axis { varies: false }])
            .chain(others().chain([0]).map(Kind::Train))
            .chain(others().map(Kind::Mean))
            .chain([Kind::Std(0), Kind::Budget, Kind::Fold]);
        for kind in order {
            while let Some(at) = columns.iter().rposition(|column| column.kind == kind) {
                if width(columns) <= room {
                    return left_out;
                }
                left_out.push(columns.remove(at));
            }
        }
        if width(columns) > room {
            share(columns, room);
        }
        left_out
    }

    /// The names of columns. The name of a metric stands for its deviation and train score as well.
    fn names(&self, columns: &[TextColumn]) -> Vec<String> {
        let has_mean = |metric| columns.iter().any(|column| column.kind == Kind::Mean(metric));
        let is_part = |kind: Kind| matches!(kind, Kind::Std(of) | Kind::SeedStd(of) | Kind::Train(of) if has_mean(of));
        let is_named = |column: &&TextColumn| !is_part(column.kind);
        columns.iter().filter(is_named).map(|column| self.name(column)).collect()
    }

    /// The name of a column in a note, with its value where it has only one.
    fn name(&self, column: &TextColumn) -> String {
        let metric = |metric: usize| escaped(&self.metrics()[metric].name).into_owned();
        match column.kind {
            Kind::Axis { varies: false } => {
                let value = column.cells.first().map_or("", String::as_str);
                format!("{} (always {value})", column.header)
            }
            Kind::Mean(of) => metric(of),
            Kind::Std(of) => format!("std of {}", metric(of)),
            Kind::SeedStd(of) => format!("seed std of {}", metric(of)),
            Kind::Train(of) => format!("train {}", metric(of)),
            _ => column.header.replace('\n', " "),
        }
    }
}

/// The width of a table of these columns.
fn width(columns: &[TextColumn]) -> usize {
    columns.iter().map(TextColumn::width).sum::<usize>() + 1
}

/// Breaks each header at its spaces.
fn stack(columns: &mut [TextColumn]) {
    for column in columns {
        column.header = column.header.replace(' ', "\n");
    }
}

/// Puts all hyperparameters into one column, wrapped to the width that the others leave; below the scores, where these
/// leave too little.
fn share(columns: &mut Vec<TextColumn>, room: usize) {
    let is_axis = |column: &TextColumn| matches!(column.kind, Kind::Axis { .. });
    let at = columns.iter().position(is_axis).unwrap_or(1);
    let (axes, mut others): (Vec<TextColumn>, Vec<TextColumn>) = std::mem::take(columns).into_iter().partition(is_axis);
    let left = |others: &[TextColumn]| room.saturating_sub(width(others) + 3);
    let mut above = Vec::new();
    if left(&others) < LEAST {
        (above, others) = others.into_iter().partition(|column| column.kind != Kind::Rank);
    }
    let room = left(&others);
    let cell = |row: usize| {
        let scores = above.iter().flat_map(|column| wrap(&column.cells[row], room));
        let pairs = axes.iter().filter(|axis| axis.cells[row] != "-");
        let pairs: Vec<String> = pairs.map(|axis| pair(&axis.header, &axis.cells[row], room)).collect();
        let pairs = wrap(&pairs.join(", "), room).join("\n").replace('\u{a0}', " ");
        scores.chain([pairs]).collect::<Vec<_>>().join("\n")
    };
    let rows = axes.iter().chain(&above).map(|column| column.cells.len()).max().unwrap_or(0);
    let cells = (0..rows).map(cell).collect();
    let names = above.iter().flat_map(|column| wrap(&column.header.replace('\n', " "), room));
    let header = names.chain(wrap("candidate", room)).collect::<Vec<_>>().join("\n");
    *columns = others;
    columns.insert(at, TextColumn { kind: Kind::Candidate, header, cells });
}

/// A hyperparameter with its value. Spaces that do not break keep them together, where both have room in a line.
fn pair(name: &str, value: &str, room: usize) -> String {
    let pair = format!("{name}:\u{a0}{}", value.replace(' ', "\u{a0}"));
    if text_width(&pair) < room { pair } else { pair.replace('\u{a0}', " ") }
}

fn render(columns: &[TextColumn]) -> String {
    let header: Vec<String> = columns.iter().map(|column| column.header.clone()).collect();
    let row = |row: usize| columns.iter().map(|column| column.cells[row].clone()).collect();
    let rows: Vec<Vec<String>> = (0..columns.first().map_or(0, |column| column.cells.len())).map(row).collect();
    let left: Vec<bool> = columns.iter().map(|column| column.kind == Kind::Candidate).collect();
    grid(&header, &rows, &left)
}

/// The table with one row in bold letters.
fn embolden(text: &str, columns: &[TextColumn], row: usize) -> String {
    let height = |cell: &String| cell.lines().count().max(1);
    let of_row = |row: usize| columns.iter().filter_map(|column| column.cells.get(row)).map(height).max().unwrap_or(0);
    let header = columns.iter().map(|column| height(&column.header)).max().unwrap_or(0);
    // The upper border, and the line below the header.
    let first = 2 + header + (0..row).map(of_row).sum::<usize>();
    let is_bold = |at: usize| (first..first + of_row(row)).contains(&at);
    let line =
        |(at, line): (usize, &str)| if is_bold(at) { format!("\u{1b}[1m{line}\u{1b}[0m") } else { line.to_owned() };
    text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// A table with borders around its cells, which may have several lines of text. Columns are aligned at their right,
/// those marked in `left` at their left.
#[doc(hidden)]
pub fn grid(header: &[String], rows: &[Vec<String>], left: &[bool]) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    let alignment = |at: usize| if left.get(at) == Some(&true) { CellAlignment::Left } else { CellAlignment::Right };
    for row in rows {
        table.add_row(row.iter().enumerate().map(|(at, cell)| Cell::new(cell).set_alignment(alignment(at))));
    }
    table.to_string()
}

/// The width of a [`grid`].
#[doc(hidden)]
pub fn grid_width(header: &[String], rows: &[Vec<String>]) -> usize {
    let column = |at: usize| {
        let cells = rows.iter().map(|row| row[at].clone()).collect();
        TextColumn { kind: Kind::Rank, header: header[at].clone(), cells }.width()
    };
    (0..header.len()).map(column).sum::<usize>() + 1
}

#[cfg(test)]
mod tests;
