//! Minimisation of smooth functions in a box.

use super::square::dot;

/// The steps whose curvature is remembered.
const MEMORY: usize = 8;

/// The share of the slope that a step must gain.
const GAIN: f64 = 1e-4;

/// The effort of a search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// The most steps.
    pub(super) steps: usize,
    /// The search ends with a step that gains less than this share of the value, or of 1 where the value is less.
    pub(super) gain: f64,
}

/// A step and the change of the gradient along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
}

/// Minimises a function from `start` on, with its coordinates kept inside `low` and `high`, by the limited-memory
/// method of Broyden, Fletcher, Goldfarb and Shanno on the coordinates that are free to move ([Nocedal and Wright
/// 2006](https://doi.org/10.1007/978-0-387-40065-5), algorithms 7.4 and 3.1; projected as in section 9.4 of [Kelley
/// 1999](https://doi.org/10.1137/1.9781611970920)). `function` gives its value and writes its gradient; where it gives
/// no finite number, a shorter step is taken. Returns the least value seen and its place.
pub(super) fn minimize(
    start: &[f64],
    (low, high): (&[f64], &[f64]),
    effort: Effort,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> (f64, Vec<f64>) {
    let inside = |x: &mut [f64]| x.iter_mut().zip(low.iter().zip(high)).for_each(|(x, (a, b))| *x = x.clamp(*a, *b));
    let mut x = start.to_vec();
    inside(&mut x);
    let mut gradient = vec![0.0; x.len()];
    let mut value = function(&x, &mut gradient);
    if !value.is_finite() {
        return (f64::INFINITY, x);
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for _ in 0..effort.steps {
        let is_free = |at: usize| if gradient[at] > 0.0 { x[at] > low[at] } else { x[at] < high[at] };
        let free: Vec<bool> = (0..x.len()).map(is_free).collect();
        let masked = |numbers: &[f64]| -> Vec<f64> {
            numbers.iter().zip(&free).map(|(number, free)| if *free { *number } else { 0.0 }).collect()
        };
        let slope = masked(&gradient);
        if slope.iter().all(|slope| slope.abs() < 1e-6) {
            break;
        }
        let mut direction = direction(&slope, &pairs, masked);
        if dot(&direction, &slope) >= 0.0 {
            pairs.clear();
            direction = slope.iter().map(|slope| -slope).collect();
        }
        let length = dot(&direction, &direction).sqrt();
        let mut scale = if pairs.is_empty() { (0.5 / length).min(1.0) } else { 1.0 };
        let mut next_gradient = vec![0.0; x.len()];
        let mut taken = None;
        for _ in 0..20 {
            let mut next: Vec<f64> = x.iter().zip(&direction).map(|(x, step)| x + scale * step).collect();
            inside(&mut next);
            let step: Vec<f64> = next.iter().zip(&x).map(|(next, x)| next - x).collect();
            let next_value = function(&next, &mut next_gradient);
            if next_value.is_finite() && next_value <= value + GAIN * dot(&slope, &step) {
                taken = Some((next, step, next_value));
                break;
            }
            scale *= 0.5;
        }
        let Some((next, step, next_value)) = taken else { break };
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, of)| next - of).collect();
        if dot(&step, &change) > 1e-10 * dot(&change, &change) {
            if pairs.len() == MEMORY {
                pairs.remove(0);
            }
            pairs.push(Pair { step, change });
        }
        let gained = value - next_value;
        (x, value, gradient) = (next, next_value, next_gradient);
        if gained <= effort.gain * (1.0 + value.abs()) {
            break;
        }
    }
    (value, x)
}

/// The direction of the next step, on the free coordinates.
fn direction(slope: &[f64], pairs: &[Pair], masked: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let masked = |pair: &Pair| (masked(&pair.step), masked(&pair.change));
    let curved = |(step, change): &(Vec<f64>, Vec<f64>)| dot(step, change) > 1e-10 * dot(change, change);
    let pairs: Vec<(Vec<f64>, Vec<f64>)> = pairs.iter().map(masked).filter(curved).collect();
    let mut q: Vec<f64> = slope.iter().map(|slope| -slope).collect();
    let mut shares = Vec::with_capacity(pairs.len());
    for (step, change) in pairs.iter().rev() {
        let share = dot(step, &q) / dot(step, change);
        q.iter_mut().zip(change).for_each(|(q, change)| *q -= share * change);
        shares.push(share);
    }
    if let Some((step, change)) = pairs.last() {
        let scale = dot(step, change) / dot(change, change);
        for q in &mut q {
            *q *= scale;
        }
    }
    for ((step, change), share) in pairs.iter().zip(shares.iter().rev()) {
        let other = dot(change, &q) / dot(step, change);
        q.iter_mut().zip(step).for_each(|(q, step)| *q += (share - other) * step);
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valleys_are_followed_to_their_end() {
        let effort = |steps| Effort { steps, gain: 1e-8 };
        // Rosenbrock's function, whose least value is 0 at (1, 1).
        let rosenbrock = |x: &[f64], gradient: &mut [f64]| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            gradient[0] = -2.0 * a - 400.0 * b * x[0];
            gradient[1] = 200.0 * b;
            a * a + 100.0 * b * b
        };
        let (value, at) = minimize(&[-1.2, 1.0], (&[-5.0; 2], &[5.0; 2]), effort(200), rosenbrock);
        assert!(value < 1e-8 && (at[0] - 1.0).abs() < 1e-3, "{value} at {at:?}");
        // Where a wall is in the way, the least value on the wall: x = 0.5, y = x^2.
        let (_, at) = minimize(&[-1.2, 1.0], (&[-5.0; 2], &[0.5, 5.0]), effort(200), rosenbrock);
        assert!(at[0] == 0.5 && (at[1] - 0.25).abs() < 1e-4, "{at:?}");
        // In a corner.
        let (_, at) = minimize(&[0.3, 0.3], (&[0.0; 2], &[1.0; 2]), effort(50), |x, gradient| {
            gradient.copy_from_slice(&[1.0, -2.0]);
            x[0] - 2.0 * x[1]
        });
        assert_eq!(at, [0.0, 1.0]);
        assert_eq!(minimize(&[0.3], (&[0.0], &[1.0]), effort(50), |_, _| f64::NAN).0, f64::INFINITY);
    }
}
