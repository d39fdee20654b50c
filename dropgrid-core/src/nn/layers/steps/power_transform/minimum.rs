//! Minimisation of a function of one variable.

/// Returns the position of a minimum between two bounds, by Brent's method (Brent 1973, Algorithms for Minimization
/// without Derivatives, chapter 5). Each iteration is the same as in SciPy's `fminbound`.
pub(super) fn minimum(function: impl Fn(f64) -> f64, [mut low, mut high]: [f64; 2], tolerance: f64) -> f64 {
    const GOLDEN: f64 = 0.381_966_011_250_105_1;
    let relative = 2.2e-16_f64.sqrt();
    // The best, the second best and the previous second best position, with their values.
    let mut best = low + GOLDEN * (high - low);
    let (mut second, mut third) = (best, best);
    let mut at_best = function(best);
    let (mut at_second, mut at_third) = (at_best, at_best);
    let (mut step, mut last) = (0.0_f64, 0.0_f64);
    for _ in 1..500 {
        let middle = 0.5 * (low + high);
        let least = relative * best.abs() + tolerance / 3.0;
        if (best - middle).abs() <= 2.0 * least - 0.5 * (high - low) {
            break;
        }
        let mut is_golden = true;
        if last.abs() > least {
            let r = (best - second) * (at_best - at_third);
            let q = (best - third) * (at_best - at_second);
            let p = (best - third) * q - (best - second) * r;
            let q = 2.0 * (q - r);
            let (p, q) = (if q > 0.0 { -p } else { p }, q.abs());
            let before = last;
            last = step;
            if p.abs() < (0.5 * q * before).abs() && p > q * (low - best) && p < q * (high - best) {
                step = p / q;
                let place = best + step;
                if place - low < 2.0 * least || high - place < 2.0 * least {
                    step = if middle >= best { least } else { -least };
                }
                is_golden = false;
            }
        }
        if is_golden {
            last = if best >= middle { low - best } else { high - best };
            step = GOLDEN * last;
        }
        let place = best + if step >= 0.0 { step.abs().max(least) } else { -step.abs().max(least) };
        let value = function(place);
        if value <= at_best {
            *(if place >= best { &mut low } else { &mut high }) = best;
            (third, at_third) = (second, at_second);
            (second, at_second) = (best, at_best);
            (best, at_best) = (place, value);
        } else {
            *(if place < best { &mut low } else { &mut high }) = place;
            if value <= at_second || second == best {
                (third, at_third) = (second, at_second);
                (second, at_second) = (place, value);
            } else if value <= at_third || third == best || third == second {
                (third, at_third) = (place, value);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimum_is_found_inside_and_at_a_bound() {
        assert!((minimum(|x| (x - 0.3).powi(2), [-5.0, 9.0], 1e-9) - 0.3).abs() < 1e-7);
        assert!((minimum(f64::exp, [2.0, 3.0], 1e-9) - 2.0).abs() < 1e-7);
        assert!((minimum(|x| (x * x - 2.0).abs(), [0.0, 2.0], 1e-10) - 2.0_f64.sqrt()).abs() < 1e-7);
    }
}
