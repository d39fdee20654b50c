//! Data and folds as digests, by which a study knows them again.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::{
    data::{Dataset, Target},
    split::Split,
};

/// Of every bit of the features, the targets, the groups and the weights.
pub(super) fn of_data<T: Target>(data: &Dataset<T>) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &mut dyn Iterator<Item = [u8; 8]>| {
        let mut count = 0_u64;
        for bytes in bytes {
            hash.update(bytes);
            count += 1;
        }
        hash.update(count.to_le_bytes());
    };
    let features = data.features();
    part(&mut [features.len(), features.width()].into_iter().map(|size| (size as u64).to_le_bytes()));
    part(&mut features.values().iter().map(|value| u64::from(value.to_bits()).to_le_bytes()));
    part(&mut data.groups().unwrap_or_default().iter().map(|&group| (group as u64).to_le_bytes()));
    part(&mut data.weights().unwrap_or_default().iter().map(|weight| weight.to_bits().to_le_bytes()));
    let rows: Vec<usize> = (0..data.len()).collect();
    // Numbers print with as many digits as it takes to tell them apart.
    hash.update(format!("{:?}", data.targets().truth(&rows)));
    format!("{} rows of {}, {}", features.len(), features.width(), hex(hash))
}

/// One digest a fold, so that it shows whether folds begin with others.
pub(super) fn of_folds(splits: &[Split]) -> String {
    let digests = splits.iter().map(|split| {
        let mut hash = Sha256::new();
        for part in [&split.train, &split.test] {
            hash.update((part.len() as u64).to_le_bytes());
            for row in part {
                hash.update((row as u64).to_le_bytes());
            }
        }
        hex(hash)
    });
    digests.collect::<Vec<_>>().join(" ")
}

/// The first 64 bits.
fn hex(hash: Sha256) -> String {
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
