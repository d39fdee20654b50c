//! From strokes to cells.

use crate::Cells;

/// Pixels on a side of the bitmap whose ink is counted.
const SIDE: usize = 32;

/// Pixels on a side of a cell.
const CELL: usize = 4;

/// The width of the pen, in pixels of the bitmap.
const PEN: f32 = 4.5;

/// The strokes of a digit.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    strokes: Vec<Vec<[f32; 2]>>,
}

impl Drawing {
    /// A drawing of these strokes. Each is a line through points, x to the right and y downwards, in any unit.
    pub fn of<S: IntoIterator<Item = P>, P: IntoIterator<Item = [f32; 2]>>(strokes: S) -> Self {
        Self { strokes: strokes.into_iter().map(|stroke| stroke.into_iter().collect()).collect() }
    }

    /// Begins a stroke.
    pub fn begin(&mut self) {
        self.strokes.push(Vec::new());
    }

    /// Draws on to a point.
    pub fn line_to(&mut self, x: f32, y: f32) {
        if self.strokes.is_empty() {
            self.begin();
        }
        if let Some(stroke) = self.strokes.last_mut() {
            stroke.push([x, y]);
        }
    }

    /// The ink in each cell, prepared as scikit-learn's digits are
    /// ([Alpaydin and Kaynak 1998](https://archive.ics.uci.edu/dataset/80)): the digit is enlarged to a bitmap of 32 by 32
    /// pixels, and each cell counts the pixels with ink in 4 by 4. All cells of an empty drawing are 0.
    pub fn cells(&self) -> Cells {
        let mut cells = [0.0; 64];
        let points = || self.strokes.iter().flatten();
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for point in points() {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let size = (high[0] - low[0]).max(high[1] - low[1]);
        let scale = if size > 0.0 { (SIDE as f32 - PEN) / size } else { 0.0 };
        let place = |point: &[f32; 2]| {
            let along = |axis: usize| (point[axis] - f32::midpoint(low[axis], high[axis])) * scale + SIDE as f32 / 2.0;
            [along(0), along(1)]
        };
        let strokes: Vec<Vec<[f32; 2]>> =
            self.strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect();
        for y in 0..SIDE {
            for x in 0..SIDE {
                let pixel = [x as f32 + 0.5, y as f32 + 0.5];
                if strokes.iter().any(|stroke| is_inked(stroke, pixel)) {
                    cells[y / CELL * (SIDE / CELL) + x / CELL] += 1.0;
                }
            }
        }
        cells
    }
}

/// True where the pen, on its way along a stroke, covers a pixel.
fn is_inked(stroke: &[[f32; 2]], pixel: [f32; 2]) -> bool {
    let dot = |a: [f32; 2], b: [f32; 2]| a[0] * b[0] + a[1] * b[1];
    let minus = |a: [f32; 2], b: [f32; 2]| [a[0] - b[0], a[1] - b[1]];
    let is_near = |from: [f32; 2], to: [f32; 2]| {
        let (line, way) = (minus(to, from), minus(pixel, from));
        let length = dot(line, line);
        let share = if length > 0.0 { (dot(way, line) / length).clamp(0.0, 1.0) } else { 0.0 };
        let apart = minus(way, line.map(|along| along * share));
        dot(apart, apart) <= PEN * PEN / 4.0
    };
    match stroke {
        [point] => is_near(*point, *point),
        points => points.windows(2).any(|ends| is_near(ends[0], ends[1])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_drawing_has_no_ink() {
        assert_eq!(Drawing::default().cells(), [0.0; 64]);
    }

    #[test]
    fn a_line_fills_the_height_in_the_middle() {
        let cells = Drawing::of([[[3.0, 10.0], [3.0, 90.0]]]).cells();
        for row in cells.chunks(8) {
            assert!(row[3] > 4.0 && row[3] == row[4], "{row:?}");
            assert_eq!((&row[..3], &row[5..]), (&[0.0; 3][..], &[0.0; 3][..]));
        }
        assert_eq!(cells[27], 8.0, "half of four columns, all four rows");
    }

    #[test]
    fn place_and_size_do_not_matter() {
        let once = Drawing::of([[[0.0, 0.0], [8.0, 4.0], [0.0, 16.0]]]);
        let smaller = Drawing::of([[[3.0, 33.0], [5.0, 34.0], [3.0, 37.0]]]);
        let upside_down = Drawing::of([[[3.0, 37.0], [5.0, 36.0], [3.0, 33.0]]]);
        assert_eq!(once.cells(), smaller.cells());
        assert_ne!(once.cells(), upside_down.cells());
        assert!(once.cells().iter().all(|cell| (0.0..=16.0).contains(cell)));
    }

    #[test]
    fn a_point_is_a_dot() {
        let ink: f32 = Drawing::of([[[5.0, 5.0]]]).cells().iter().sum();
        assert!((12.0..=20.0).contains(&ink), "{ink}");
    }
}
