//! One axis on a scale that models compute on.

/// A place on an axis: the index of a value of a list, or a number of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    Index(usize),
    Number(f64),
}

/// An axis on the scale of a model: numbers on [0, 1], choices by their index.
///
/// Numbers of a logarithmic axis are even in their logarithms. Each value of an axis that has a number of them has a
/// cell: that of a whole number reaches half a number to both sides, and those of a list have one width, in the order
/// of the numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Dimension {
    /// Every number from `low` up to `high`; where they are numbers of single precision and few, these.
    Real { low: f64, high: f64, log: bool, singles: Option<Singles> },
    /// The whole numbers from `low` to `high`, both included.
    Whole { low: f64, high: f64, log: bool },
    /// A list of numbers: the index of each by its rank, and its rank by its index.
    Steps { by_rank: Vec<usize>, ranks: Vec<usize> },
    /// So many values without an order.
    Choices(usize),
}

/// The numbers of single precision of a range: by their order, from the least one on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Singles {
    first: i64,
    count: u64,
}

/// The most numbers of a range that are counted: a finer range has no end, as far as a search can tell.
const MOST_SINGLES: u64 = 1 << 16;

impl Singles {
    /// The numbers from `low` up to `high`.
    fn between(low: f64, high: f64) -> Option<Self> {
        let (first, end) = (order(low as f32), order(high as f32));
        let count = u64::try_from(end.checked_sub(first)?).ok()?.max(1);
        (count <= MOST_SINGLES).then_some(Self { first, count })
    }

    /// The number of that place, as the double that it is written as.
    fn number(self, place: u64) -> f64 {
        let at = self.first + i64::try_from(place).unwrap_or(0);
        let magnitude = f32::from_bits(at.unsigned_abs() as u32);
        let single = if at < 0 { -magnitude } else { magnitude };
        single.to_string().parse().unwrap_or_else(|_| f64::from(single))
    }
}

/// The place of a number among all of single precision, 0 for zero.
fn order(number: f32) -> i64 {
    let magnitude = i64::from(number.abs().to_bits());
    if number < 0.0 { -magnitude } else { magnitude }
}

impl Dimension {
    /// The scale with the numbers of single precision counted where they are few: `snap` gives the place
    /// nearest to a number.
    pub fn counted(self, snap: impl Fn(f64) -> Option<Place>) -> Self {
        let Self::Real { low, high, log, .. } = self else { return self };
        // The double behind the least number is none of single precision, as these are written.
        let is_single = low < high && snap(low.next_up()) != Some(Place::Number(low.next_up()));
        Self::Real { low, high, log, singles: Singles::between(low, high).filter(|_| is_single) }
    }

    /// The scale of a list of numbers.
    pub fn steps(numbers: &[f64]) -> Self {
        let mut by_rank: Vec<usize> = (0..numbers.len()).collect();
        by_rank.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
        let mut ranks = vec![0; numbers.len()];
        by_rank.iter().enumerate().for_each(|(rank, &index)| ranks[index] = rank);
        Self::Steps { by_rank, ranks }
    }

    /// True of values without an order.
    pub fn is_choice(&self) -> bool {
        matches!(self, Self::Choices(_))
    }

    /// The number of values, or `None` of a range of real numbers.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Real { low, high, singles, .. } => {
                singles.map(|singles| singles.count).or_else(|| (low == high).then_some(1))
            }
            #[expect(clippy::cast_sign_loss, reason = "a range is in order, and a cast saturates")]
            Self::Whole { low, high, .. } => Some(((high - low) as u64).saturating_add(1)),
            Self::Steps { by_rank, .. } => Some(by_rank.len() as u64),
            Self::Choices(count) => Some(*count as u64),
        }
    }

    /// The coordinate of a place; `None` where it is none of the axis.
    pub fn coordinate(&self, place: Place) -> Option<f64> {
        match (self, place) {
            (Self::Real { low, high, log, .. }, Place::Number(value)) => Some(share(value, *low, *high, *log)),
            (Self::Whole { low, high, log }, Place::Number(value)) => Some(share(value, low - 0.5, high + 0.5, *log)),
            (Self::Steps { ranks, .. }, Place::Index(at)) => Some((*ranks.get(at)? as f64 + 0.5) / ranks.len() as f64),
            (Self::Choices(_), Place::Index(at)) => Some(at as f64),
            _ => None,
        }
    }

    /// The place at a coordinate: that of the value whose cell has it.
    pub fn place(&self, coordinate: f64) -> Place {
        #[expect(clippy::cast_sign_loss, reason = "a cast saturates")]
        let cell = |count: usize| ((coordinate * count as f64) as usize).min(count.saturating_sub(1));
        match self {
            Self::Real { low, high, log, .. } => Place::Number(number(coordinate, *low, *high, *log)),
            Self::Whole { low, high, log } => {
                let value = number(coordinate, low - 0.5, high + 0.5, *log);
                // The middle between two whole numbers belongs to the upper one, as in a list.
                Place::Number((value + 0.5).floor().clamp(*low, *high))
            }
            Self::Steps { by_rank, .. } => Place::Index(by_rank[cell(by_rank.len())]),
            #[expect(clippy::cast_sign_loss, reason = "an index is at least 0")]
            Self::Choices(_) => Place::Index(coordinate as usize),
        }
    }

    /// The coordinate of the value whose cell has a coordinate: itself where numbers are not counted.
    pub fn snap(&self, coordinate: f64) -> f64 {
        match self {
            Self::Real { .. } if self.count().is_none() => coordinate,
            _ => self.coordinate(self.place(coordinate)).unwrap_or(coordinate),
        }
    }

    /// The coordinate at a share of the way, from [0, 1): every value, or every magnitude, is as likely as every other.
    pub fn at_share(&self, share: f64) -> f64 {
        match self {
            Self::Choices(count) => (share * *count as f64).floor(),
            _ => share,
        }
    }

    /// The ends of the cell at the coordinate of a value; `None` of an axis without cells.
    pub fn cell(&self, coordinate: f64) -> Option<(f64, f64)> {
        match self {
            Self::Real { .. } | Self::Choices(_) => None,
            Self::Whole { .. } => match self.place(coordinate) {
                Place::Number(value) => Some(self.edges(value)),
                Place::Index(_) => None,
            },
            Self::Steps { by_rank, .. } => {
                let half = 0.5 / by_rank.len() as f64;
                Some((coordinate - half, coordinate + half))
            }
        }
    }

    /// The coordinate of the value of cell number `cell`, ascending, or the index of a choice.
    pub fn middle(&self, cell: u64) -> f64 {
        match self {
            Self::Real { low, high, log, singles: Some(singles) } => share(singles.number(cell), *low, *high, *log),
            Self::Real { .. } => 0.0,
            Self::Whole { low, high, log } => share(low + cell as f64, low - 0.5, high + 0.5, *log),
            Self::Steps { by_rank, .. } => (cell as f64 + 0.5) / by_rank.len() as f64,
            Self::Choices(_) => cell as f64,
        }
    }

    /// The cell of a whole number.
    fn edges(&self, value: f64) -> (f64, f64) {
        let Self::Whole { low, high, log } = self else { return (0.0, 1.0) };
        let edge = |value| share(value, low - 0.5, high + 0.5, *log);
        (edge(value - 0.5), edge(value + 0.5))
    }
}

/// The share of the way from `low` to `high` at which a value is. The width of a range may be beyond the largest
/// number, its half is not.
fn share(value: f64, low: f64, high: f64, log: bool) -> f64 {
    let scale = |value: f64| if log { libm::log(value) } else { value / 2.0 };
    let (at, from, to) = (scale(value), scale(low), scale(high));
    if to > from { ((at - from) / (to - from)).clamp(0.0, 1.0) } else { 0.5 }
}

/// The value at a share of the way from `low` to `high`.
fn number(share: f64, low: f64, high: f64, log: bool) -> f64 {
    if log {
        let (from, to) = (libm::log(low), libm::log(high));
        return libm::exp(from + share * (to - from)).clamp(low, high);
    }
    ((low / 2.0 + share * (high / 2.0 - low / 2.0)) * 2.0).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_from_its_coordinate() {
        let whole = Dimension::Whole { low: 3.0, high: 9.0, log: false };
        let many = Dimension::Whole { low: 1.0, high: 512.0, log: true };
        let real = Dimension::Real { low: 1e-4, high: 1e-1, log: true, singles: None };
        let wide = Dimension::Real { low: -1.5e308, high: 1.5e308, log: false, singles: None };
        let list = Dimension::steps(&[4.0, 1.0, 2.5]);
        for (dimension, places) in [
            (&whole, (3..=9).map(|it| Place::Number(f64::from(it))).collect::<Vec<_>>()),
            (&many, (1..=512).map(|it| Place::Number(f64::from(it))).collect()),
            (&list, (0..3).map(Place::Index).collect()),
        ] {
            assert_eq!(dimension.count(), Some(places.len() as u64));
            for (cell, &place) in places.iter().enumerate() {
                let at = dimension.coordinate(place).expect("a coordinate");
                assert_eq!(dimension.place(at), place);
                let (from, to) = dimension.cell(at).expect("a cell");
                assert!(from < at && at < to);
                // Cells fill the whole, and each has its value alone.
                assert_eq!(dimension.place(from + 1e-9 * (to - from)), place);
                assert_eq!(dimension.place(to - 1e-9 * (to - from)), place);
                if *dimension != list {
                    assert!((dimension.middle(cell as u64) - at).abs() < 1e-12);
                }
            }
        }
        for value in [1e-4, 2e-3, 1e-1] {
            let at = real.coordinate(Place::Number(value)).expect("a coordinate");
            let Place::Number(back) = real.place(at) else { panic!("a number") };
            assert!((back / value - 1.0).abs() < 1e-12);
        }
        assert_eq!(wide.coordinate(Place::Number(0.0)), Some(0.5));
        assert_eq!(wide.place(0.5), Place::Number(0.0));
        // By rank, whatever the order of the list.
        assert_eq!(list.coordinate(Place::Index(1)), Some(0.5 / 3.0));
        assert_eq!(list.place(0.99), Place::Index(0));
        assert_eq!(Dimension::Choices(3).at_share(0.999), 2.0);
    }

    /// As the decimals of single precision are written, not as their doubles.
    #[test]
    fn few_numbers_of_single_precision_are_counted() {
        let range = |low, high| Dimension::Real { low, high, log: false, singles: None };
        let single = |number: f64| {
            let written = (number as f32).to_string().parse().expect("a number");
            Some(Place::Number(written))
        };
        let tiny = range(0.1, 0.100_000_04).counted(single);
        assert_eq!(tiny.count(), Some(5));
        let places: Vec<Place> = (0..5).map(|cell| tiny.place(tiny.middle(cell))).collect();
        let [Place::Number(first), .., Place::Number(last)] = places[..] else { panic!("{places:?}") };
        assert!((first - 0.1).abs() < 1e-9 && last > 0.100_000_02 && last < 0.100_000_04, "{places:?}");
        let around_zero = f64::from(f32::from_bits(2));
        assert_eq!(range(-around_zero, around_zero).counted(single).count(), Some(4));
        assert_eq!(range(0.0, 1.0).counted(single).count(), None);
        assert_eq!(range(0.1, 0.100_000_04).counted(|number| Some(Place::Number(number))).count(), None);
        assert_eq!(range(0.5, 0.5).counted(single).count(), Some(1));
    }
}
