//! Operators on the columns of a table, whose cells are of double precision. A missing cell is NaN, an unknown category
//! -1.

use super::{Attribute, Edge, Element, Graph};

impl Graph {
    /// The columns at these positions.
    pub fn select(&mut self, edge: Edge, positions: &[usize]) -> Edge {
        let width = self.shape(edge).last().copied().unwrap_or_default();
        if positions.iter().copied().eq(0..width) {
            return edge;
        }
        let positions = self.integers("positions", positions.iter().copied());
        let axes = [self.shape(positions)[0]];
        self.apply("Gather", &[edge, positions], &[("axis", Attribute::Integer(1))], &axes)
    }

    /// Whole cells of a network's input, of double precision: its numbers plus the origins of their columns.
    pub(crate) fn cells(&mut self, input: Edge, origins: &[f64]) -> Edge {
        let cells = self.cast(input, Element::Double);
        if origins.iter().all(|origin| *origin == 0.0) {
            return cells;
        }
        let origins = self.doubles("origins", &[origins.len()], origins);
        self.add(cells, origins)
    }

    /// (x - shift) / scale * span + floor, with a shift and a scale for each column.
    pub(crate) fn affine(&mut self, cells: Edge, [shift, scale]: [&[f64]; 2], [span, floor]: [f64; 2]) -> Edge {
        let mut x = cells;
        let operands: [(&str, &str, &[f64], f64); 4] = [
            ("shift", "Sub", shift, 0.0),
            ("scale", "Div", scale, 1.0),
            ("span", "Mul", &[span], 1.0),
            ("floor", "Add", &[floor], 0.0),
        ];
        for (name, operator, numbers, neutral) in operands {
            if numbers.iter().any(|&number| number != neutral) {
                let numbers = self.doubles(name, &[numbers.len()], numbers);
                x = self.apply_like(operator, &[x, numbers]);
            }
        }
        x
    }

    /// The cells, and a value for each column where one is missing.
    pub(crate) fn fill(&mut self, cells: Edge, values: &[f64]) -> Edge {
        let missing = self.is_missing(cells);
        let values = self.doubles("fill", &[values.len()], values);
        self.choose(missing, values, cells, cells)
    }

    /// True for each cell that is missing.
    pub(crate) fn is_missing(&mut self, cells: Edge) -> Edge {
        self.ask("IsNaN", &[cells])
    }

    /// One number for each category from `first` to `count`: 1 for that of the cell, else 0; NaN where the cell is
    /// none, but an unknown one where `takes_unknown`.
    pub(crate) fn one_hot(&mut self, cell: Edge, first: usize, count: usize, takes_unknown: bool) -> Edge {
        let codes: Vec<f64> = (first..count).map(|code| code as f64).collect();
        let codes = self.doubles("codes", &[codes.len()], &codes);
        let width = self.shape(codes)[0];
        let is_code = self.push("Equal", &[cell, codes], Vec::new(), Element::Boolean, vec![width]);
        let numbers = self.cast(is_code, Element::Double);
        let hole = self.hole(cell, count, takes_unknown);
        self.add(numbers, hole)
    }

    /// The code of one of `count` categories; `unknown` for an unknown one, and NaN for any other cell.
    pub(crate) fn codes(&mut self, cells: Edge, count: usize, unknown: f64) -> Edge {
        let hole = self.hole(cells, count, false);
        let known = self.add(cells, hole);
        if unknown.is_nan() {
            return known;
        }
        let [minus_one, value] = [-1.0, unknown].map(|number| self.doubles("number", &[1], &[number]));
        let is_unknown = self.ask("Equal", &[cells, minus_one]);
        self.choose(is_unknown, value, known, cells)
    }

    /// The code of a category that is frequent; the number of categories for one that is not, for an unknown and for a
    /// missing one, and NaN for any other cell.
    pub(crate) fn group(&mut self, cell: Edge, is_frequent: &[bool]) -> Edge {
        let count = is_frequent.len();
        let code = |code: usize| if is_frequent[code] { code as f64 } else { count as f64 };
        let codes: Vec<f64> = (0..count).map(code).map(|code| code - count as f64).collect();
        let filled = self.fill(cell, &[-1.0]);
        let flags = self.one_hot(filled, 0, count, true);
        let codes = self.doubles("codes", &[count], &codes);
        let parts = self.multiply(flags, codes);
        let axes = self.integers("axes", [1]);
        let sum = self.apply("ReduceSum", &[parts, axes], &[("keepdims", Attribute::Integer(1))], &[1]);
        let group = self.doubles("number", &[1], &[count as f64]);
        self.add(sum, group)
    }

    /// The rows of a table of `count` rows of `width` numbers that the codes number, side by side, of single precision;
    /// NaN where there is no such row.
    pub(crate) fn embed(&mut self, codes: Edge, table: &[f32], [count, width]: [usize; 2]) -> Edge {
        let columns = self.shape(codes)[0];
        let codes = self.cast(codes, Element::Double);
        let hole = self.hole_of_each(codes, count);
        let zero = self.doubles("number", &[1], &[0.0]);
        let is_hole = self.is_missing(hole);
        let safe = self.choose(is_hole, zero, codes, codes);
        let safe = self.cast(safe, Element::Integer);
        let table = self.constant("weight", &[count, width], table);
        let rows = self.push(
            "Gather",
            &[table, safe],
            vec![("axis", Attribute::Integer(0))],
            Element::Float,
            vec![columns, width],
        );
        let hole = self.cast(hole, Element::Float);
        let hole = self.reshape(hole, &[columns, 1]);
        let rows = self.add(rows, hole);
        self.reshape(rows, &[columns * width])
    }

    /// 0 where a cell is the code of one of `count` categories, or unknown where `takes_unknown`, else NaN. The edge
    /// has a single column.
    fn hole(&mut self, cell: Edge, count: usize, takes_unknown: bool) -> Edge {
        let hole = self.hole_of_each(cell, count);
        if !takes_unknown {
            return hole;
        }
        let [minus_one, zero] = [-1.0, 0.0].map(|number| self.doubles("number", &[1], &[number]));
        let is_unknown = self.ask("Equal", &[cell, minus_one]);
        self.choose(is_unknown, zero, hole, cell)
    }

    /// 0 where a cell is the code of one of `count` categories, else NaN, for any number of columns.
    fn hole_of_each(&mut self, cells: Edge, count: usize) -> Edge {
        let [zero, end, nan] = [0.0, count as f64, f64::NAN].map(|number| self.doubles("number", &[1], &[number]));
        let whole = self.apply_like("Floor", &[cells]);
        let is_whole = self.ask("Equal", &[cells, whole]);
        let is_from = self.ask("GreaterOrEqual", &[cells, zero]);
        let is_below = self.ask("Less", &[cells, end]);
        let is_inside = self.ask("And", &[is_from, is_below]);
        let is_code = self.ask("And", &[is_whole, is_inside]);
        self.choose(is_code, zero, nan, cells)
    }

    /// An operator that answers with true or false for each element of the first input.
    pub(super) fn ask(&mut self, operator: &'static str, inputs: &[Edge]) -> Edge {
        let axes = self.shape(inputs[0]).to_vec();
        self.push(operator, inputs, Vec::new(), Element::Boolean, axes)
    }

    /// `yes` where the condition holds, else `no`, in the shape of `like`.
    pub(super) fn choose(&mut self, condition: Edge, yes: Edge, no: Edge, like: Edge) -> Edge {
        let axes = self.shape(like).to_vec();
        self.push("Where", &[condition, yes, no], Vec::new(), self.element(no), axes)
    }
}
