//! A result that is read equals the one that was written, and other bytes are refused.

use std::fs;

use super::*;
use crate::{
    cluster::survey::Survey,
    record::{Budget, Curve, Details, Record},
    search::unit::PlannedFit,
    study::{FitName, Identity, State, StoredRecord},
};

fn name(number: usize) -> FitName {
    let resource = "5/20".parse().expect("a resource");
    FitName { params: format!("{{\"dropout\":0.{number}}}"), fold: 1, resource }
}

/// Makes a plan of units of two fits each.
fn plan(seed: u32, units: usize) -> Plan {
    let unit = |number: usize| {
        let fit = |number: usize| PlannedFit { candidate: number as u64, name: name(number) };
        Unit { seconds: 60.0, states: None, fits: vec![fit(2 * number), fit(2 * number + 1)] }
    };
    Plan {
        round: 1,
        program: String::new(),
        identity: Identity::new().with("seed", seed.to_string()),
        done: 0,
        planned: None,
        units: (0..units).map(unit).collect(),
        id: sum(&[seed as u8, units as u8]),
    }
}

/// Makes the result of a unit whose fits have that score.
fn outcome(unit: usize, score: f64) -> Bundle {
    let record = |number: usize| Record {
        candidate: 0,
        fold: 1,
        budget: Budget::epochs(5).expect("a budget"),
        outcome: Ok(vec![score]),
        warnings: vec![Vec::new()],
        train_scores: None,
        fit_time: Duration::from_millis(number as u64 + 1),
        score_time: Duration::from_micros(7),
        curve: Curve::default(),
        details: Details::default(),
    };
    let stored = |number| StoredRecord { name: name(number), record: record(number) };
    let state = State { trajectory: "t".to_owned(), fold: 1, epochs: 5, bytes: vec![9; 20], lasting: false };
    Bundle { records: vec![stored(2 * unit), stored(2 * unit + 1)], states: vec![state], done: Vec::new() }
}

fn folder() -> (tempfile::TempDir, Folder) {
    let root = tempfile::tempdir().expect("a folder");
    let folder = Folder::at(root.path().join("units"));
    folder.make(1).expect("made");
    (root, folder)
}

#[test]
fn a_result_comes_back_with_its_times() {
    let ((_root, folder), plan) = (folder(), plan(1, 3));
    assert!(read_result(&folder, &plan, 1).is_none());
    write_result(&folder, &plan, 1, outcome(1, 0.5)).expect("written");
    let mut read = read_result(&folder, &plan, 1).expect("a file").expect("a result");
    assert_eq!(read.records[0].record.fit_time, Duration::ZERO, "times are beside it");
    read_times(&folder, &plan, 1, &mut read);
    assert_eq!(read, outcome(1, 0.5));
}

#[test]
fn every_flipped_byte_and_every_truncation_is_found() {
    let ((_root, folder), plan) = (folder(), plan(1, 3));
    write_result(&folder, &plan, 1, outcome(1, 0.5)).expect("written");
    let path = folder.result(1, 1);
    let whole = fs::read(&path).expect("a result");
    let fault = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        read_result(&folder, &plan, 1).expect("a file").err()
    };
    for at in 0..whole.len() {
        for change in [1 << (at % 8), 0x20, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            assert_eq!(fault(&bytes), Some(ResultFault::Damaged), "byte {at}");
        }
        assert_eq!(fault(&whole[..at]), Some(ResultFault::Damaged), "{at} bytes");
    }
    for other in
        [&[&whole[..], b"x"].concat()[..], &[b"x", &whole[..]].concat(), &whole.repeat(2), &vec![0; whole.len()], b"\n"]
    {
        assert_eq!(fault(other), Some(ResultFault::Damaged), "{} bytes", other.len());
    }
    assert_eq!(fault(&whole), None);
}

#[test]
fn a_thousand_results_that_are_not_to_be_taken_are_named() {
    const UNITS: usize = 1003;
    let ((_root, folder), own, other) = (folder(), plan(1, UNITS), plan(2, UNITS));
    let elsewhere = Plan { id: sum(b"another plan"), ..own.clone() };
    for unit in 0..UNITS {
        let of = match unit % 8 {
            2 => &other,
            3 => &elsewhere,
            _ => &own,
        };
        let mark = match unit % 8 {
            5 => "dropgrid result 2",
            6 => CHECKPOINT,
            _ => RESULT,
        };
        let place = if unit % 8 == 4 { (unit + 8) % UNITS } else { unit };
        let mut bytes = to_bytes(mark, of, place, &outcome(place, 0.5));
        match unit % 8 {
            _ if unit >= 1000 => bytes = to_bytes(RESULT, &own, unit, &outcome(unit, 0.5)),
            // The positions cover the mark, the checksum, the head and the bundle.
            0 => bytes.truncate(unit * 7 % bytes.len()),
            1 => {
                let at = unit * 7919 % bytes.len();
                bytes[at] ^= 0x10;
            }
            7 => bytes.clear(),
            _ => {}
        }
        fs::write(folder.result(1, unit), bytes).expect("written");
    }
    let mut taken = Vec::new();
    let survey = Survey::of(&folder, &own, |unit, _| {
        taken.push(unit);
        Ok(())
    });
    let survey = survey.expect("a survey");
    assert_eq!((taken, survey.done, survey.missing_text()), (vec![1000, 1001, 1002], 3, "0-999".to_owned()));
    let expected = |unit: usize| match unit % 8 {
        2 => ResultFault::OtherSearch,
        3 => ResultFault::OtherPlan,
        4 => ResultFault::OtherUnit((unit as u64 + 8) % UNITS as u64),
        5 => ResultFault::OtherRelease,
        _ => ResultFault::Damaged,
    };
    assert_eq!(survey.faulty, (0..1000).map(|unit| (unit, expected(unit))).collect::<Vec<_>>());
}

#[test]
fn results_of_other_fits_are_not_taken() {
    let ((_root, folder), plan) = (folder(), plan(1, 3));
    let mut twice = outcome(1, 0.5);
    twice.records[1] = twice.records[0].clone();
    for bundle in [Bundle::default(), outcome(2, 0.5)] {
        fs::write(folder.result(1, 1), to_bytes(RESULT, &plan, 1, &bundle)).expect("written");
        assert_eq!(read_result(&folder, &plan, 1), Some(Err(ResultFault::OtherFits)));
    }
}

#[test]
fn two_machines_with_other_bytes_are_told_of_and_neither_is_believed() {
    let ((_root, folder), plan) = (folder(), plan(1, 3));
    write_result(&folder, &plan, 0, outcome(0, 0.5)).expect("written");
    write_result(&folder, &plan, 0, outcome(0, 0.5)).expect("written");
    assert!(read_result(&folder, &plan, 0).expect("a file").is_ok(), "the same bytes");
    write_result(&folder, &plan, 0, outcome(0, 0.25)).expect("written");
    let fault = read_result(&folder, &plan, 0).expect("a file").expect_err("two results");
    assert_eq!(fault, ResultFault::Differs(folder.other_result(1, 0)));
    assert!(fault.to_string().contains("one is broken"), "{fault}");
    assert!(folder.times(1, 0).exists() && folder.other_result(1, 0).with_extension("other-times").exists());
}

#[test]
fn checkpoints_and_states_that_are_damaged_are_not_gone_on_from() {
    let ((_root, folder), plan) = (folder(), plan(1, 3));
    write_checkpoint(&folder, &plan, 1, &outcome(1, 0.5)).expect("written");
    assert_eq!(read_checkpoint(&folder, &plan, 1), Some(outcome(1, 0.5)), "with its times");
    assert_eq!(read_checkpoint(&folder, &self::plan(2, 3), 1), None);
    fs::copy(folder.checkpoint(1, 1), folder.result(1, 1)).expect("copied");
    assert_eq!(read_result(&folder, &plan, 1), Some(Err(ResultFault::Damaged)), "a checkpoint is no result");
    let path = folder.states(1, 1);
    let written = write_states(&path, &outcome(1, 0.5)).expect("written");
    let unit = Unit { states: Some(written), ..plan.units[1].clone() };
    assert_eq!(read_states(&path, &unit).expect("states"), outcome(1, 0.5));
    assert_eq!(read_states(&path, &plan.units[1]).expect("none"), Bundle::default());
    let other = Unit { states: Some(hex(&sum(b""))), ..unit.clone() };
    assert!(read_states(&path, &other).expect_err("others").to_string().contains("is not as it was written"));
    fs::remove_file(&path).expect("removed");
    assert!(read_states(&path, &unit).expect_err("none").to_string().contains("it is missing"));
}

#[test]
fn attempts_that_failed_on_one_machine_are_no_part_of_the_bytes() {
    let (_root, folder) = folder();
    let plan = plan(1, 1);
    let sound = outcome(0, 0.5);
    let mut retried = sound.clone();
    let failures = vec![Failure::Device { message: "no memory".to_owned() }];
    retried.records[1].record.details.retried.clone_from(&failures);
    write_result(&folder, &plan, 0, retried.clone()).expect("written");
    let bytes = fs::read(folder.result(1, 0)).expect("a result");
    write_result(&folder, &plan, 0, sound).expect("written");
    assert!(!folder.other_result(1, 0).exists(), "the same bytes");
    assert_eq!(fs::read(folder.result(1, 0)).expect("a result"), bytes);
    let mut read = read_result(&folder, &plan, 0).expect("a result").expect("a sound one");
    read_times(&folder, &plan, 0, &mut read);
    assert_eq!(format!("{:?}", read.records), format!("{:?}", retried.records));
}
