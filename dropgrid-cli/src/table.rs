//! Text as wide as the terminal.

use std::fmt::Write;

use dropgrid_core::report::{Layout, UNKNOWN_WIDTH, grid, grid_width, line_width, text_width, wrap};

use crate::study::Study;

/// The minimum width of a column of wrapped text.
const LEAST: usize = 12;

/// A list of names with their texts. A text may have several lines; where the width of a line is known, it is wrapped.
pub(crate) fn list(lines: &[(String, String)], indent: usize) -> String {
    let longest = lines.iter().map(|(name, _)| text_width(name)).max().unwrap_or(0);
    let start = indent + longest + 2;
    let room = line_width().map_or(usize::MAX, |width| width.saturating_sub(start).max(LEAST));
    let mut text = String::new();
    for (name, value) in lines {
        let mut name = name.as_str();
        for line in value.lines().flat_map(|line| wrap(line, room)) {
            let rest = longest - text_width(name);
            let _ = writeln!(text, "{:indent$}{name}{:rest$}  {line}", "", "");
            name = "";
        }
    }
    text
}

/// A sentence, wrapped.
fn paragraph(sentence: &str) -> String {
    let room = line_width().map_or(usize::MAX, |width| width.max(LEAST));
    wrap(sentence, room).into_iter().map(|line| line + "\n").collect()
}

/// A table that leaves out the columns of `droppable`, one after the other, as long as it is too wide. Its first
/// `texts` columns are aligned at their left, the others at their right.
pub(crate) fn droppable(
    header: &[String],
    rows: &[Vec<String>],
    texts: usize,
    droppable: &[(usize, &'static str)],
) -> String {
    let width = line_width().unwrap_or(UNKNOWN_WIDTH);
    let mut columns: Vec<usize> = (0..header.len()).collect();
    let of = |columns: &[usize], row: &[String]| columns.iter().map(|&at| row[at].clone()).collect::<Vec<_>>();
    let cells = |columns: &[usize]| rows.iter().map(|row| of(columns, row)).collect::<Vec<_>>();
    let mut left_out = Vec::new();
    for &(at, name) in droppable {
        if grid_width(&of(&columns, header), &cells(&columns)) <= width {
            break;
        }
        columns.retain(|&column| column != at);
        left_out.push(name);
    }
    let left: Vec<bool> = columns.iter().map(|&at| at < texts).collect();
    let mut text = grid(&of(&columns, header), &cells(&columns), &left) + "\n";
    if !left_out.is_empty() {
        text += &paragraph(&format!("not shown at this width: {}", left_out.join(", ")));
    }
    text
}

/// The candidates of a study, the `top` best first, as the report's table; on request with the scores of each fold.
pub(crate) fn results(study: &Study, top: usize, fold_scores: bool) -> String {
    let layout = Layout {
        width: line_width().unwrap_or(UNKNOWN_WIDTH),
        shown: top,
        candidates: "`--top 0` shows all of them",
        columns: "`dropgrid export`",
        fold_scores,
        bold: None,
    };
    study.results.table(&layout) + "\n"
}
