use super::*;

const TEXTS: [&str; 21] = [
    "constant",
    "constant warm_up(3)",
    "step(10,0.5)",
    "step(10,0.5) by_step",
    "multi_step(3,5,0.1)",
    "exponential(0.95) warm_up(2,0.1)",
    "cosine",
    "cosine(0.00001)",
    "cosine by_step warm_up(5)",
    "cosine_restarts(4,1)",
    "cosine_restarts(1,2,0.00001) warm_up(2)",
    "cosine_restarts(5,3) by_step",
    "one_cycle",
    "one_cycle(0.2,10,100)",
    "one_cycle(0.2,10,100,0.8,0.9) warm_up(1)",
    "one_cycle linear",
    "one_cycle three_phase",
    "one_cycle(0.2,10,100) linear three_phase warm_up(2)",
    "reduce_on_plateau",
    "reduce_on_plateau(0.5,3,0.01,2,0.000001,0) warm_up(2)",
    "reduce_on_plateau_absolute(0.1,10,0.0001,0,0,0.00000001)",
];

fn read(text: &str) -> Schedule {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_schedule_is_what_its_text_says() {
    for text in TEXTS {
        let schedule = read(text);
        assert_eq!(schedule.to_string(), text);
        let json = serde_json::to_string(&schedule).expect("text");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Schedule>(&json).expect("a schedule"), schedule);
        assert!(schedule.check().is_ok(), "{text}");
    }
    for text in [
        "",
        "cosinus",
        "step(10)",
        "step(1.5,0.1)",
        "step(-1,0.1)",
        "cosine by_steps",
        "one_cycle(1,2,3,4)",
        "cosine linear",
        "cosine_restarts(3)",
        "cosine_restarts(3,1.5)",
    ] {
        let error = text.parse::<Schedule>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("schedule is {text}, expected the text of a schedule")), "{error}");
    }
}

#[test]
fn its_debug_text_is_the_rust_that_makes_it() {
    // `stringify!` leaves the spaces out that rustfmt puts in.
    macro_rules! check {
        ($($schedule:expr;)+) => {$(assert_eq!(format!("{:?}", $schedule), stringify!($schedule));)+};
    }
    check! {
        Schedule::constant().warm_up(3);
        Schedule::step(10, 0.5).by_step();
        Schedule::exponential(0.95).warm_up_from(0.1, 2);
        Schedule::cosine().by_step().warm_up(5);
        Schedule::cosine_to(1e-5);
        Schedule::cosine_restarts(5, 2).by_step();
        Schedule::cosine_restarts_to(5, 1, 1e-5);
        Schedule::multi_step([3, 5], 0.1);
        Schedule::one_cycle();
        Schedule::reduce_on_plateau().warm_up(2);
    }
    let threshold = Threshold::Absolute(0.5);
    let plateau = ReduceOnPlateau { patience: 3, threshold, ..ReduceOnPlateau::default() };
    assert_eq!(
        format!("{:?}", Schedule::from(plateau)),
        "Schedule::from(ReduceOnPlateau { factor: 0.1, patience: 3, threshold: Threshold::Absolute(0.5), \
         cooldown: 0, min_lr: 0.0, eps: 1e-8 })"
    );
    let cycle = OneCycle { pct_start: 0.2, momentum: None, ..OneCycle::default() };
    assert_eq!(
        format!("{:?}", Schedule::from(cycle)),
        "Schedule::from(OneCycle { pct_start: 0.2, div_factor: 25.0, final_div_factor: 10000.0, momentum: None, \
         annealing: Annealing::Cosine, three_phase: false })"
    );
}

#[test]
fn a_number_outside_its_range_is_refused() {
    for (text, expected) in [
        ("step(0,0.1)", "a size of at least 1"),
        ("step(3,0)", "a positive, finite gamma"),
        ("multi_step(5,3,0.1)", "milestones that ascend from at least 1"),
        ("multi_step(0,3,0.1)", "milestones that ascend from at least 1"),
        ("multi_step(0.1)", "milestones that ascend from at least 1"),
        ("exponential(inf)", "a positive, finite gamma"),
        ("cosine(-1)", "a finite lowest learning rate of at least 0"),
        ("cosine_restarts(0,1)", "a first cycle and a factor of at least 1"),
        ("cosine_restarts(3,0)", "a first cycle and a factor of at least 1"),
        ("cosine_restarts(3,2,-1)", "a finite lowest learning rate of at least 0"),
        ("one_cycle(1,25,100)", "a share of rising steps in (0, 1)"),
        ("one_cycle(0.6,25,100) three_phase", "a share of rising steps of at most 0.5 where as many steps go back"),
        ("one_cycle(0.3,0.5,100)", "finite factors of at least 1"),
        ("one_cycle(0.3,25,100,0.9,0.8)", "momentums in [0, 1), the lower one first"),
        ("reduce_on_plateau(1,3,0.01,2,0,0)", "a factor in (0, 1)"),
        (
            "reduce_on_plateau(0.1,3,-0.01,2,0,0)",
            "a threshold, a lowest learning rate and an eps that are finite and at least 0",
        ),
        ("reduce_on_plateau by_step", "epochs: a plateau is looked for after each of them"),
        ("cosine warm_up(0)", "a warm-up of at least 1 epoch"),
        ("cosine warm_up(3,0)", "a warm-up from a share in (0, 1]"),
    ] {
        let error = Train::default().schedule(read(text)).check().unwrap_err().to_string();
        assert_eq!(error, format!("schedule is {text}, expected {expected}"));
    }
}

/// Every learning rate of a training of `epochs` epochs of `steps` steps.
fn rates(text: &str, epochs: usize, steps: usize) -> Vec<f64> {
    let schedule = read(text);
    let moments = (0..epochs * steps).map(|at| Moment { epochs, steps, epoch: at / steps, step: at % steps });
    moments.map(|moment| schedule.lr(1.0, moment)).collect()
}

#[test]
fn epochs_and_steps_count_from_the_end_of_the_warm_up() {
    assert_eq!(rates("step(1,0.5) warm_up(1,0.5)", 3, 2), [0.5, 0.75, 1.0, 1.0, 0.5, 0.5]);
    assert_eq!(rates("step(1,0.5) by_step warm_up(1,0.5)", 3, 2), [0.5, 0.75, 1.0, 0.5, 0.25, 0.125]);
    // The cosine is at its end one epoch after the last, as PyTorch's.
    let cosine = rates("cosine(0.5) warm_up(2)", 4, 1);
    assert!(cosine.iter().zip([1.0 / 3.0, 2.0 / 3.0, 1.0, 0.75]).all(|(a, b)| (a - b).abs() < 1e-15), "{cosine:?}");
}

#[test]
fn a_cosine_with_restarts_begins_again_in_longer_cycles() {
    let close = |text: &str, wanted: &[f64]| {
        let found = rates(text, wanted.len(), 1);
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-15), "{text}: {found:?}");
    };
    close("cosine_restarts(2,1)", &[1.0, 0.5, 1.0, 0.5, 1.0]);
    close("cosine_restarts(1,2)", &[1.0, 1.0, 0.5, 1.0, f64::midpoint(1.0, 0.5_f64.sqrt()), 0.5]);
    close("cosine_restarts(2,1,0.2) warm_up(1)", &[1.0 / 3.0, 1.0, 0.6, 1.0]);
}

#[test]
fn every_length_has_finite_rates() {
    for text in TEXTS {
        for (epochs, steps) in [(1, 1), (1, 2), (2, 1), (3, 4), (10, 1)] {
            let rates = rates(text, epochs, steps);
            assert!(rates.iter().all(|rate| (0.0..=1.0).contains(rate)), "{text}, {epochs}, {steps}: {rates:?}");
        }
    }
}

#[test]
fn the_schedules_that_are_spread_over_the_epochs_say_so() {
    for text in TEXTS {
        let is_prefix = rates(text, 12, 3).starts_with(&rates(text, 8, 3));
        assert_eq!(read(text).depends_on_epochs(), !is_prefix, "{text}");
    }
}

/// `tests/golden/one_cycle.py` writes what PyTorch gives.
#[test]
fn one_cycle_is_pytorchs() {
    let mut lines = include_str!("../../../../tests/golden/one_cycle.txt").lines().skip(1).peekable();
    let numbers = |line: &str, what: &str| -> Option<Vec<f64>> {
        let words = line.strip_prefix(what)?.split_whitespace();
        Some(words.map(|word| word.parse().expect("a number")).collect())
    };
    let mut seen = Vec::new();
    while let Some(line) = lines.next() {
        let [epochs, steps, base, pct_start, div, last_div, annealing, phases, low, high] =
            line.strip_prefix("case ").expect("a case").split(' ').collect::<Vec<_>>()[..]
        else {
            panic!("{line}")
        };
        let number = |word: &str| word.parse::<f64>().expect("a number");
        let [epochs, steps] = [epochs, steps].map(|word| word.parse::<usize>().expect("a count"));
        let cycle = OneCycle {
            pct_start: number(pct_start),
            div_factor: number(div),
            final_div_factor: number(last_div),
            momentum: (low != "none").then(|| (number(low), number(high))),
            annealing: if annealing == "linear" { Annealing::Linear } else { Annealing::Cosine },
            three_phase: phases == "3",
        };
        let schedule = Schedule::from(cycle);
        schedule.check().expect("a schedule");
        let moment = |at: usize| Moment { epochs, steps, epoch: at / steps, step: at % steps };
        let moments = || (0..epochs * steps).map(moment);
        let close = |found: Vec<f64>, wanted: Vec<f64>| {
            assert_eq!(found.len(), wanted.len(), "{line}");
            for (found, wanted) in found.iter().zip(&wanted) {
                // The same formulas in double precision, whose differences cancel up to 1e6 of what they are of.
                assert!((found - wanted).abs() <= 1e-10 * wanted.abs(), "{line}: {found} instead of {wanted}");
            }
        };
        let rates = numbers(lines.next().unwrap_or_default(), "lr ").expect("rates");
        close(moments().map(|now| schedule.lr(number(base), now)).collect(), rates);
        let momentums: Option<Vec<f64>> = moments().map(|now| schedule.momentum(now)).collect();
        match momentums {
            Some(found) => close(found, numbers(lines.next().unwrap_or_default(), "momentum ").expect("momentums")),
            None => assert_eq!(cycle.momentum, None),
        }
        seen.push((cycle.annealing == Annealing::Linear, cycle.three_phase));
    }
    assert_eq!(seen.len(), 96);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 4, "both annealings, both numbers of phases");
}
