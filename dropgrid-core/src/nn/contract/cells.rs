//! The kinds of cells that steps take and output.

/// The kind of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Numbers.
    Number,
    /// Codes of this many categories: whole numbers from 0.
    Category(usize),
    /// Numbers or categories.
    Any,
}

/// The cells of a column that a step takes or outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cells {
    /// The kind of the cells.
    pub kind: CellKind,
    /// True if cells may be missing. A missing cell is NaN.
    pub missing: bool,
    /// True if categories may be unknown. An unknown category is -1.
    pub unknown: bool,
}

impl Cells {
    /// Numbers without missing cells.
    pub const NUMBER: Self = Self { kind: CellKind::Number, missing: false, unknown: false };
    /// Numbers or categories, without missing cells and unknown categories.
    pub const ANY: Self = Self { kind: CellKind::Any, missing: false, unknown: false };

    /// Codes of `categories` categories, without missing cells and unknown categories.
    pub const fn category(categories: usize) -> Self {
        Self { kind: CellKind::Category(categories), missing: false, unknown: false }
    }

    /// Also allows missing cells.
    pub const fn or_missing(self) -> Self {
        Self { missing: true, ..self }
    }

    /// Also allows unknown categories.
    pub const fn or_unknown(self) -> Self {
        Self { unknown: true, ..self }
    }

    /// Returns true if a layer that takes `self` accepts a column of `cells`.
    pub const fn take(self, cells: Self) -> bool {
        let kind = match (self.kind, cells.kind) {
            (CellKind::Any, _) | (CellKind::Number, CellKind::Number) => true,
            (CellKind::Category(taken), CellKind::Category(given)) => taken == given,
            _ => false,
        };
        kind && (self.missing || !cells.missing) && (self.unknown || !cells.unknown)
    }

    /// Returns the cells that a step and the layer after it accept together. The step takes `self` and outputs `gives`;
    /// the layer after it takes `next`.
    ///
    /// # Panics
    /// Panics at compile time if the next layer does not take the kind of cells that the step outputs.
    #[must_use]
    pub const fn then(self, gives: Self, next: Self) -> Self {
        let kind = match (gives.kind, next.kind) {
            (CellKind::Any, kind) => common_kind(self.kind, kind),
            (CellKind::Number, CellKind::Category(_)) => {
                panic!("a layer for categories follows a step that gives numbers")
            }
            (CellKind::Category(_), CellKind::Number) => {
                panic!(
                    "numbers are needed after a step that gives the codes of categories: write `OneHot`, `Ordinal` or \
                     `Embed` after it"
                )
            }
            (CellKind::Category(given), CellKind::Category(taken)) => {
                assert!(given == taken, "a step gives another number of categories than the layer after it takes");
                self.kind
            }
            (CellKind::Number, _) | (CellKind::Category(_), CellKind::Any) => self.kind,
        };
        let missing = self.missing && (!gives.missing || next.missing);
        let unknown = self.unknown && (!gives.unknown || next.unknown);
        Self { kind, missing, unknown }
    }
}

/// The cells that a layer takes, by column.
#[derive(Debug, Clone, Copy)]
pub enum ColumnCells {
    /// The same cells for each column.
    Each(Cells),
    /// The cells of layers side by side, each with its number of columns.
    Parts(&'static [(usize, ColumnCells)]),
    /// The cells that a step and the layers after it accept together.
    Before {
        /// The cells that the step takes.
        takes: Cells,
        /// The cells that the step outputs.
        gives: Cells,
        /// The number of outputs of the step for a row.
        width: usize,
        /// True if the step outputs one number for each column, in their order.
        keeps: bool,
        /// The cells that the next layer takes.
        next: &'static ColumnCells,
    },
}

impl ColumnCells {
    /// Returns the cells that the layer accepts in the column at this position.
    ///
    /// # Panics
    /// Panics at compile time if a layer does not take the kind of cells that the layer before it outputs.
    #[must_use]
    pub const fn of(self, column: usize) -> Cells {
        match self {
            Self::Each(cells) => cells,
            Self::Parts(parts) => {
                let (mut at, mut first) = (0, 0);
                while at < parts.len() {
                    let (columns, cells) = parts[at];
                    if column < first + columns {
                        return cells.of(column - first);
                    }
                    first += columns;
                    at += 1;
                }
                Cells::NUMBER
            }
            Self::Before { takes, gives, next, keeps: true, .. } => takes.then(gives, next.of(column)),
            Self::Before { takes, gives, width, next, .. } => {
                let (mut all, mut at) = (takes, 0);
                while at < width {
                    let cells = takes.then(gives, next.of(at));
                    all.missing = all.missing && cells.missing;
                    all.unknown = all.unknown && cells.unknown;
                    at += 1;
                }
                all
            }
        }
    }

    /// Checks every column and returns `self`.
    ///
    /// # Panics
    /// Panics where [`of`](Self::of) does.
    #[must_use]
    pub const fn checked(self, columns: usize) -> Self {
        let mut at = 0;
        while at < columns {
            let _ = self.of(at);
            at += 1;
        }
        self
    }
}

/// Returns the kind of cells that both layers take. The first layer does not change the kind.
const fn common_kind(first: CellKind, next: CellKind) -> CellKind {
    match (first, next) {
        (CellKind::Any, kind) | (kind, CellKind::Any) => kind,
        (CellKind::Number, CellKind::Number) => CellKind::Number,
        (CellKind::Category(first), CellKind::Category(next)) => {
            assert!(first == next, "two layers take different numbers of categories");
            CellKind::Category(first)
        }
        _ => panic!("one layer takes numbers and the other categories"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_takes_what_each_of_its_layers_can_use() {
        let passes = Cells::NUMBER.or_missing();
        assert_eq!(passes.then(passes, Cells::NUMBER), Cells::NUMBER, "a missing cell would reach the network");
        let imputes = Cells::ANY.or_missing().then(Cells::ANY, Cells::category(3));
        assert_eq!(imputes, Cells::category(3).or_missing());
        let own = Cells::category(3).or_missing().then(Cells::category(4), Cells::category(4));
        assert_eq!(own, Cells::category(3).or_missing());
        let codes = Cells::category(2).or_unknown();
        assert_eq!(codes.then(Cells::NUMBER, Cells::NUMBER), codes);
        assert_eq!(codes.then(Cells::ANY.or_unknown(), Cells::category(2)), Cells::category(2));
    }

    #[test]
    fn columns_side_by_side_have_cells_of_their_own() {
        const PARTS: ColumnCells =
            ColumnCells::Parts(&[(1, ColumnCells::Each(Cells::category(2))), (2, ColumnCells::Each(Cells::NUMBER))]);
        const IMPUTED: ColumnCells = ColumnCells::Before {
            takes: Cells::ANY.or_missing().or_unknown(),
            gives: Cells::ANY.or_unknown(),
            width: 3,
            keeps: true,
            next: &PARTS,
        };
        assert_eq!([0, 1, 2].map(|at| PARTS.of(at)), [Cells::category(2), Cells::NUMBER, Cells::NUMBER]);
        assert_eq!([0, 2].map(|at| IMPUTED.of(at)), [Cells::category(2).or_missing(), Cells::NUMBER.or_missing()]);
        let widened = ColumnCells::Before {
            takes: Cells::NUMBER.or_missing(),
            gives: Cells::NUMBER,
            width: 2,
            keeps: false,
            next: &ColumnCells::Each(Cells::NUMBER),
        };
        assert_eq!(widened.of(0), Cells::NUMBER.or_missing());
    }

    #[test]
    fn a_layer_takes_its_own_cells_and_less() {
        let takes = Cells::category(3).or_missing();
        assert!(takes.take(Cells::category(3)) && takes.take(takes));
        for other in [Cells::category(2), Cells::NUMBER, Cells::ANY, Cells::category(3).or_unknown()] {
            assert!(!takes.take(other), "{other:?}");
        }
        assert!(Cells::ANY.take(Cells::NUMBER) && Cells::ANY.take(Cells::category(7)));
        assert!(!Cells::NUMBER.take(Cells::NUMBER.or_missing()));
    }
}
