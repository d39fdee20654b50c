//! Functions in double precision, with the digits that they have in Rust.

use super::{
    Attribute, Edge, Element, Graph,
    normal_quantile::{MIDDLE, TAILS},
};

impl Graph {
    /// A constant of a single number.
    fn double(&mut self, number: f64) -> Edge {
        self.doubles("number", &[1], &[number])
    }

    fn with(&mut self, operator: &'static str, x: Edge, number: f64) -> Edge {
        let number = self.double(number);
        self.apply_like(operator, &[x, number])
    }

    /// ln(1 + x) for x from 0 on: `ln(u) x / (u - 1)` with u = 1 + x, and x where u is 1 (Kahan).
    fn log1p(&mut self, x: Edge) -> Edge {
        let u = self.with("Add", x, 1.0);
        let log = self.apply_like("Log", &[u]);
        let rounded = self.with("Sub", u, 1.0);
        let scaled = self.multiply(log, x);
        let quotient = self.apply_like("Div", &[scaled, rounded]);
        let one = self.double(1.0);
        let is_one = self.ask("Equal", &[u, one]);
        self.choose(is_one, x, quotient, x)
    }

    /// e^x - 1: `(u - 1) x / ln(u)` with u = e^x; x where u is 1, and u - 1 where ln(u) is not finite or u is not
    /// (Kahan).
    pub(crate) fn expm1(&mut self, x: Edge) -> Edge {
        let u = self.apply_like("Exp", &[x]);
        let less = self.with("Sub", u, 1.0);
        let log = self.apply_like("Log", &[u]);
        let scaled = self.multiply(less, x);
        let quotient = self.apply_like("Div", &[scaled, log]);
        // Far from 0 no digit is lost, and the quotient could be one of infinities.
        let size = self.apply_like("Abs", &[x]);
        let far = self.double(1.0);
        let is_far = self.ask("Greater", &[size, far]);
        let result = self.choose(is_far, less, quotient, x);
        let one = self.double(1.0);
        let is_one = self.ask("Equal", &[u, one]);
        self.choose(is_one, x, result, x)
    }

    /// The transformation of Yeo and Johnson by a power, of one column.
    pub(crate) fn yeo_johnson(&mut self, x: Edge, lambda: f64) -> Edge {
        if lambda == 1.0 {
            return x;
        }
        let zero = self.double(0.0);
        let negated = self.apply_like("Neg", &[x]);
        let sides = [(x, lambda), (negated, 2.0 - lambda)].map(|(side, lambda)| {
            let is_above = self.ask("Greater", &[side, zero]);
            let above = self.choose(is_above, side, zero, side);
            let log = self.log1p(above);
            if lambda.abs() < f64::EPSILON {
                return log;
            }
            let power = self.with("Mul", log, lambda);
            let power = self.expm1(power);
            self.with("Div", power, lambda)
        });
        let below = self.apply_like("Neg", &[sides[1]]);
        let is_below = self.ask("Less", &[x, zero]);
        let result = self.choose(is_below, below, sides[0], x);
        let is_missing = self.is_missing(x);
        self.choose(is_missing, x, result, x)
    }

    /// The share of the numbers below x, of one column, by ascending quantiles whose shares are `references`:
    /// interpolated from below and from above. Within `near` of the smallest and the largest quantile it is 0 and 1.
    pub(crate) fn share(&mut self, x: Edge, quantiles: &[f64], references: &[f64], near: f64) -> Edge {
        let [low, high] = [quantiles[0], quantiles[quantiles.len() - 1]];
        let last = quantiles.len() as f64 - 1.0;
        let table = self.doubles("quantiles", &[quantiles.len()], quantiles);
        let shares = self.doubles("shares", &[references.len()], references);
        // The place of the last quantile up to x, and of the first one from x on.
        let counts = ["LessOrEqual", "Less"].map(|operator| {
            let is_before = self.push(operator, &[table, x], Vec::new(), Element::Boolean, vec![quantiles.len()]);
            let ones = self.cast(is_before, Element::Double);
            let axes = self.integers("axes", [1]);
            self.apply("ReduceSum", &[ones, axes], &[("keepdims", Attribute::Integer(1))], &[1])
        });
        let after = self.with("Sub", counts[0], 1.0);
        let places = [after, counts[1]].map(|place| {
            let place = self.with("Max", place, 0.0);
            let place = self.with("Min", place, last);
            self.cast(place, Element::Integer)
        });
        let gather = |graph: &mut Self, table: Edge, place: Edge| {
            graph.push("Gather", &[table, place], vec![("axis", Attribute::Integer(0))], Element::Double, vec![1])
        };
        let [x0, x1] = places.map(|place| gather(self, table, place));
        let [y0, y1] = places.map(|place| gather(self, shares, place));
        let middle = self.add(y0, y1);
        let middle = self.with("Mul", middle, 0.5);
        let [rise, run] = [(y1, y0), (x1, x0)].map(|(to, from)| self.apply_like("Sub", &[to, from]));
        let slope = self.apply_like("Div", &[rise, run]);
        let step = self.apply_like("Sub", &[x, x0]);
        let between = self.multiply(slope, step);
        let between = self.add(y0, between);
        let is_between = self.ask("Greater", &[x1, x0]);
        let result = self.choose(is_between, between, middle, x);
        let [is_high, is_low] =
            [(high, near, "Add", "Greater"), (low, near, "Sub", "Less")].map(|(end, near, toward, beyond)| {
                let place = self.double(end);
                let is_end = self.ask("Equal", &[x, place]);
                if near == 0.0 {
                    return is_end;
                }
                let moved = self.with(toward, x, near);
                let is_beyond = self.ask(beyond, &[moved, place]);
                self.ask("Or", &[is_end, is_beyond])
            });
        let [one, zero] = [1.0, 0.0].map(|number| self.double(number));
        let result = self.choose(is_high, one, result, x);
        let result = self.choose(is_low, zero, result, x);
        let is_missing = self.is_missing(x);
        self.choose(is_missing, x, result, x)
    }

    /// The quantile of the standard normal distribution for shares within 1e-10 of neither 0 nor 1 (Wichura 1988,
    /// AS241).
    pub(crate) fn normal_quantile(&mut self, share: Edge) -> Edge {
        let q = self.with("Sub", share, 0.5);
        let square = self.multiply(q, q);
        let negated = self.apply_like("Neg", &[square]);
        let r = self.with("Add", negated, 0.425 * 0.425);
        let ratio = self.ratio(r, &MIDDLE);
        let middle = self.multiply(q, ratio);
        let negated = self.apply_like("Neg", &[share]);
        let rest = self.with("Add", negated, 1.0);
        let smaller = self.apply_like("Min", &[share, rest]);
        let log = self.apply_like("Log", &[smaller]);
        let root = self.apply_like("Neg", &[log]);
        let root = self.apply_like("Sqrt", &[root]);
        let r = self.with("Sub", root, 1.6);
        let tail = self.ratio(r, &TAILS);
        let sign = self.apply_like("Sign", &[q]);
        let tail = self.multiply(sign, tail);
        let size = self.apply_like("Abs", &[q]);
        let bound = self.double(0.425);
        let is_middle = self.ask("LessOrEqual", &[size, bound]);
        self.choose(is_middle, middle, tail, share)
    }

    /// The quotient of two polynomials.
    fn ratio(&mut self, x: Edge, polynomials: &[[f64; 8]; 2]) -> Edge {
        let [above, below] = polynomials.map(|polynomial| {
            let mut value = self.with("Mul", x, polynomial[0]);
            for &coefficient in &polynomial[1..7] {
                value = self.with("Add", value, coefficient);
                value = self.multiply(value, x);
            }
            self.with("Add", value, polynomial[7])
        });
        self.apply_like("Div", &[above, below])
    }

    /// The numbers between two bounds.
    pub(crate) fn clamp(&mut self, x: Edge, [low, high]: [f64; 2]) -> Edge {
        // By comparisons, so that NaN stays NaN.
        let [low, high] = [low, high].map(|bound| self.double(bound));
        let is_low = self.ask("Less", &[x, low]);
        let x = self.choose(is_low, low, x, x);
        let is_high = self.ask("Greater", &[x, high]);
        self.choose(is_high, high, x, x)
    }
}
