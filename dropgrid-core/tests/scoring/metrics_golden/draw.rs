//! The inputs, drawn as `tests/golden/metrics.py` draws them.

/// Truth and prediction of a regression, row-major, the outputs of a row, and its weights.
type Outputs = (Vec<f64>, Vec<f64>, usize, Option<Vec<f64>>);

/// SplitMix64, as in the script.
pub(super) struct Draw(pub(super) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A number in [0, 1), in steps of 2^-53.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number of rows: mostly up to 59, sometimes only a few.
    pub(super) fn rows(&mut self) -> usize {
        if self.below(8) == 0 { 1 + self.below(4) } else { 2 + self.below(58) }
    }

    /// None, small whole numbers, quarters, or unless they must be `exact` anything above 0.01; never all 0.
    pub(super) fn weights(&mut self, rows: usize, exact: bool) -> Option<Vec<f64>> {
        let kind = self.below(if exact { 3 } else { 4 });
        let mut weights: Vec<f64> = match kind {
            0 => return None,
            3 => return Some((0..rows).map(|_| 0.01 + self.unit()).collect()),
            1 => (0..rows).map(|_| self.below(4) as f64).collect(),
            _ => (0..rows).map(|_| self.below(16) as f64 / 4.0).collect(),
        };
        if weights.iter().all(|&weight| weight == 0.0) {
            weights[0] = 1.0;
        }
        Some(weights)
    }

    /// Classes of all kinds of balance: even, mostly 0, the last ones missing, one only.
    pub(super) fn truth(&mut self, rows: usize, classes: usize) -> Vec<usize> {
        match self.below(8) {
            0..3 => (0..rows).map(|_| self.below(classes)).collect(),
            3..5 => (0..rows).map(|_| if self.below(4) == 0 { self.below(classes) } else { 0 }).collect(),
            5..7 => {
                let highest = 1 + self.below(classes);
                (0..rows).map(|_| self.below(highest)).collect()
            }
            _ => vec![self.below(classes); rows],
        }
    }

    /// How many steps outputs have: few of them make ties.
    pub(super) fn grain(&mut self) -> usize {
        [4, 10, 1 << 20][self.below(3)]
    }

    /// A row of probabilities that sum to 1 for each row, row-major.
    pub(super) fn probabilities(&mut self, rows: usize, classes: usize) -> Vec<f64> {
        let parts = self.grain();
        let mut table = Vec::new();
        for _ in 0..rows {
            let mut counts: Vec<usize> = (0..classes).map(|_| self.below(parts)).collect();
            if counts.iter().all(|&count| count == 0) {
                counts[0] = 1;
            }
            let total = counts.iter().sum::<usize>() as f64;
            table.extend(counts.into_iter().map(|count| count as f64 / total));
        }
        table
    }

    /// A multiple of 1/8 from -5 to 5.
    fn eighth(&mut self) -> f64 {
        (self.below(81) as f64 - 40.0) / 8.0
    }

    /// One of `parts` multiples of 1/8 around 0.
    pub(super) fn score(&mut self, parts: usize) -> f64 {
        (self.below(parts) as f64 - (parts / 2) as f64) / 8.0
    }

    /// A thousand rows and more.
    pub(super) fn many_values(&mut self) -> Outputs {
        let (rows, width) = (1000 + self.below(2000), 1 + self.below(3));
        let truth: Vec<f64> = (0..rows * width).map(|_| 10.0 * self.unit() - 5.0).collect();
        let predicted = (0..rows * width).map(|_| 10.0 * self.unit() - 5.0).collect();
        (truth, predicted, width, self.weights(rows, false))
    }

    /// A few rows: any numbers, or eighths, some outputs of which are constant or predicted perfectly.
    pub(super) fn values(&mut self) -> Outputs {
        let (rows, width, kind) = (self.rows(), 1 + self.below(3), self.below(4));
        let all = rows * width;
        if kind == 3 {
            let truth: Vec<f64> = (0..all).map(|_| 10.0 * self.unit() - 5.0).collect();
            let predicted = (0..all).map(|_| 10.0 * self.unit() - 5.0).collect();
            let weights = if rows > 1 { self.weights(rows, false) } else { None };
            return (truth, predicted, width, weights);
        }
        let constant: Vec<bool> = (0..width).map(|_| kind == 2 && self.below(2) == 0).collect();
        let perfect: Vec<bool> = (0..width).map(|_| kind == 1 && self.below(2) == 0).collect();
        let truth: Vec<f64> = (0..all).map(|at| if constant[at % width] { 0.5 } else { self.eighth() }).collect();
        let predicted = (0..all).map(|at| if perfect[at % width] { truth[at] } else { self.eighth() }).collect();
        let weights = if rows > 1 && kind == 0 { self.weights(rows, true) } else { None };
        (truth, predicted, width, weights)
    }
}
