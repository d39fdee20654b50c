//! The results as a table that fits the width of a terminal.

mod digits;

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use serde_json::Value;

use digits::{Decimals, of_axis};

use super::{
    Candidate, Fields, Results,
    columns::{ordered, time},
    lines::wrap,
};
use crate::{escape::escaped, record::Budget};

/// The least width of hyperparameters that share a cell.
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
}

/// The kind of a column. A metric is given by its position; the deciding one has 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rank,
    /// The budget by which the candidate is judged, and its folds where it lacks some.
    Budget,
    /// A hyperparameter.
    Axis {
        varies: bool,
    },
    /// All hyperparameters in one cell.
    Candidate,
    Mean(usize),
    Std(usize),
    /// The part of a standard deviation that comes from the draws of trainings.
    SeedStd(usize),
    Train(usize),
    Epochs,
    Time,
}

#[derive(Debug, Clone)]
struct Column {
    kind: Kind,
    header: String,
    cells: Vec<String>,
}

impl Column {
    /// The width of the widest cell, plus a space on either side and a border.
    fn width(&self) -> usize {
        let widest = |text: &String| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        self.cells.iter().map(widest).max().unwrap_or(0).max(widest(&self.header)) + 3
    }
}

impl<P: Fields> Results<P> {
    /// The best candidates as a table no wider than a line; notes below it name what it leaves out.
    ///
    /// Numbers have as many digits as tell the rows apart. Where a line is too short, the headers are stacked; then the
    /// table leaves out, as far as it has to: times and epochs, deviations of draws, standard deviations of metrics that do not decide,
    /// hyperparameters that do not vary, train scores, the other metrics, the deciding metric's standard deviation. At
    /// last the hyperparameters share a cell. The deciding metric always has its own.
    pub fn table(&self, layout: &Layout<'_>) -> String {
        let mut columns = self.shown(layout.shown);
        let mut whole = columns.clone();
        stack(&mut whole);
        let left_out = self.fit(&mut columns, layout.width);
        let mut text = render(&columns);
        let mut below = |sentence: &str| {
            for line in wrap(sentence, layout.width) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\n{line}");
            }
        };
        let hidden = self.candidates().len().saturating_sub(layout.shown);
        if hidden > 0 {
            below(&format!("… and {hidden} more: {}", layout.candidates));
        }
        if !left_out.is_empty() {
            let (room, needed, all) = (layout.width, width(&whole), layout.columns);
            let left_out = self.names(&left_out).join(", ");
            below(&format!("not shown in {room} columns: {left_out} (all of it: COLUMNS={needed}, or {all})"));
        }
        text
    }

    /// Leaves out columns until the others fit on a line, and returns the ones left out.
    fn fit(&self, columns: &mut Vec<Column>, room: usize) -> Vec<Column> {
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
            .chain([Kind::Std(0), Kind::Budget]);
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
    fn names(&self, columns: &[Column]) -> Vec<String> {
        let has_mean = |metric| columns.iter().any(|column| column.kind == Kind::Mean(metric));
        let is_named = |column: &&Column| !matches!(column.kind, Kind::Std(of) | Kind::SeedStd(of) | Kind::Train(of) if has_mean(of));
        columns.iter().filter(is_named).map(|column| self.name(column)).collect()
    }

    /// The name of a column in a note, with its value where it has only one.
    fn name(&self, column: &Column) -> String {
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

    /// For each hyperparameter, true where it has several values among the candidates.
    fn varying(&self) -> Vec<bool> {
        let mut fields = self.candidates().iter().map(|candidate| candidate.params().fields());
        let first = fields.next().unwrap_or_default();
        let mut varies = vec![false; first.len()];
        for fields in fields {
            for ((varies, first), field) in varies.iter_mut().zip(&first).zip(&fields) {
                *varies |= first.1 != field.1;
            }
            if varies.iter().all(|&varies| varies) {
                break;
            }
        }
        varies
    }

    /// The budget of a candidate in words, and its folds where it lacks some: `6 epochs, 2 of 5 folds`.
    fn budget(&self, candidate: &Candidate<P>) -> String {
        let folds = format!("{} of {} folds", candidate.records().len(), self.folds());
        match (self.has_budgets(), candidate.is_complete()) {
            (true, true) => candidate.budget().to_string(),
            (true, false) => format!("{}, {folds}", candidate.budget()),
            (false, true) => "all".to_owned(),
            (false, false) => folds,
        }
    }

    /// All columns of the best candidates.
    fn shown(&self, shown: usize) -> Vec<Column> {
        let candidates: Vec<&Candidate<P>> = ordered(self).into_iter().take(shown).collect();
        let mut columns = Vec::new();
        let mut add = |kind, header: &str, cells: Vec<String>| {
            let cells = cells.iter().map(|cell| escaped(cell).into_owned()).collect();
            columns.push(Column { kind, header: escaped(header).into_owned(), cells });
        };
        add(Kind::Rank, "rank", candidates.iter().map(|candidate| candidate.rank(0).to_string()).collect());

        let fields: Vec<Vec<(&str, Value)>> = candidates.iter().map(|candidate| candidate.params().fields()).collect();
        let varies = self.varying();
        for (at, (name, _)) in fields.first().into_iter().flatten().enumerate() {
            let varies = varies[at];
            let values: Vec<Value> = fields.iter().map(|fields| fields[at].1.clone()).collect();
            add(Kind::Axis { varies }, name, of_axis(&values));
        }

        for (at, metric) in self.metrics().iter().enumerate() {
            let means: Vec<f64> = candidates.iter().map(|candidate| candidate.mean(at)).collect();
            let decimals = Decimals::of(&means);
            let cells = |score: &dyn Fn(&Candidate<P>) -> f64| {
                candidates.iter().map(|candidate| text(candidate, score(candidate), decimals)).collect()
            };
            add(Kind::Mean(at), &format!("mean {}", metric.name), cells(&|candidate| candidate.mean(at)));
            add(Kind::Std(at), "std", cells(&|candidate| candidate.std(at)));
            if self.repeats() > 1 {
                add(Kind::SeedStd(at), "seed std", cells(&|candidate| candidate.seed_std(at)));
            }
            if self.has_train_scores() {
                add(Kind::Train(at), "train", cells(&|candidate| candidate.train_mean(at)));
            }
        }
        let is_partly = |candidate: &&Candidate<P>| candidate.budget() != Budget::Full || !candidate.is_complete();
        if (self.has_budgets() || self.has_gaps()) && candidates.iter().any(is_partly) {
            let cells = candidates.iter().map(|candidate| self.budget(candidate));
            add(Kind::Budget, "trained", cells.collect());
        }
        if self.has_epochs() {
            let mean = |candidate: &&Candidate<P>| candidate.summary(&candidate.epochs(), &vec![1.0; self.folds()]).0;
            let cell = |mean: f64| if mean.is_nan() { "-".to_owned() } else { format!("{mean:.1}") };
            add(Kind::Epochs, "epochs", candidates.iter().map(mean).map(cell).collect());
        }
        add(Kind::Time, "fit time", candidates.iter().map(|candidate| time(candidate)).collect());
        columns
    }
}

/// A score as text; `failed` or `undefined` where there is none.
fn text<P>(candidate: &Candidate<P>, score: f64, decimals: Decimals) -> String {
    if !score.is_nan() {
        return decimals.text(score);
    }
    let failed = candidate.records().iter().any(|record| record.outcome.is_err());
    if failed { "failed".to_owned() } else { "undefined".to_owned() }
}

/// The width of a table of these columns.
fn width(columns: &[Column]) -> usize {
    columns.iter().map(Column::width).sum::<usize>() + 1
}

/// Breaks each header at its spaces.
fn stack(columns: &mut [Column]) {
    for column in columns {
        column.header = column.header.replace(' ', "\n");
    }
}

/// Puts all hyperparameters into one column, wrapped to the width that the others leave.
fn share(columns: &mut Vec<Column>, room: usize) {
    let is_axis = |column: &Column| matches!(column.kind, Kind::Axis { .. });
    let Some(at) = columns.iter().position(is_axis) else { return };
    let (axes, others): (Vec<Column>, Vec<Column>) = std::mem::take(columns).into_iter().partition(is_axis);
    *columns = others;
    let room = room.saturating_sub(width(columns) + 3).max(LEAST);
    let cell = |row: usize| {
        // Spaces that do not break keep a name beside its value.
        let pairs = axes.iter().filter(|axis| axis.cells[row] != "-");
        let pairs: Vec<String> =
            pairs.map(|axis| format!("{}:\u{a0}{}", axis.header, axis.cells[row].replace(' ', "\u{a0}"))).collect();
        wrap(&pairs.join(", "), room).join("\n").replace('\u{a0}', " ")
    };
    let rows = axes.first().map_or(0, |axis| axis.cells.len());
    let cells = (0..rows).map(cell).collect();
    columns.insert(at, Column { kind: Kind::Candidate, header: "candidate".to_owned(), cells });
}

fn render(columns: &[Column]) -> String {
    let header: Vec<String> = columns.iter().map(|column| column.header.clone()).collect();
    let row = |row: usize| columns.iter().map(|column| column.cells[row].clone()).collect();
    let rows: Vec<Vec<String>> = (0..columns.first().map_or(0, |column| column.cells.len())).map(row).collect();
    let left: Vec<bool> = columns.iter().map(|column| column.kind == Kind::Candidate).collect();
    grid(&header, &rows, &left)
}

/// A table with borders around its cells, which may have several lines of text. Columns are aligned at their right, those
/// marked in `left` at their left.
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
pub fn grid_width(header: &[String], rows: &[Vec<String>]) -> usize {
    let column = |at: usize| {
        let cells = rows.iter().map(|row| row[at].clone()).collect();
        Column { kind: Kind::Rank, header: header[at].clone(), cells }.width()
    };
    (0..header.len()).map(column).sum::<usize>() + 1
}

#[cfg(test)]
mod tests;
