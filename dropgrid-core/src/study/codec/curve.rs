//! Curves as bytes.

use crate::record::{Curve, Epoch};

/// The number of bytes of an epoch without scores.
const EPOCH: usize = 25;

/// Returns a curve as bytes. First come the number of training scores and the number of validation scores per epoch, as
/// two little-endian integers of four bytes. Then come, for each epoch, the little-endian bits of the training loss,
/// the learning rate and the monitored quantity, one byte (1 if there is a monitored quantity, else 0), and the bits of
/// the scores. A curve without epochs has no bytes.
pub(super) fn curve_to_bytes(curve: &Curve) -> Vec<u8> {
    let Some(first) = curve.epochs.first() else { return Vec::new() };
    let counts = [first.train_scores.len(), first.validation_scores.len()];
    let mut bytes = Vec::with_capacity(8 + curve.epochs.len() * (EPOCH + 8 * counts.iter().sum::<usize>()));
    for count in counts {
        bytes.extend_from_slice(&(count as u32).to_le_bytes());
    }
    for Epoch { number: _, train_loss, monitored, lr, train_scores, validation_scores } in &curve.epochs {
        for number in [*train_loss, *lr, monitored.unwrap_or(0.0)] {
            bytes.extend_from_slice(&number.to_bits().to_le_bytes());
        }
        bytes.push(monitored.is_some().into());
        for score in train_scores.iter().chain(validation_scores) {
            bytes.extend_from_slice(&score.to_bits().to_le_bytes());
        }
    }
    bytes
}

/// Parses the bytes of a curve; `None` if they are not valid.
pub(super) fn curve_from_bytes(bytes: &[u8]) -> Option<Curve> {
    if bytes.is_empty() {
        return Some(Curve::default());
    }
    let (counts, bytes) = bytes.split_first_chunk::<8>()?;
    let [train, validation] = [0, 4].map(|at| u32::from_le_bytes([0, 1, 2, 3].map(|byte| counts[at + byte])) as usize);
    let len = train.checked_add(validation)?.checked_mul(8)?.checked_add(EPOCH)?;
    let epoch = |(number, bytes): (usize, &[u8])| {
        let (numbers, rest) = bytes.split_first_chunk::<24>()?;
        let (mark, scores) = rest.split_first()?;
        let number_at = |bytes: &[u8; 8]| f64::from_bits(u64::from_le_bytes(*bytes));
        let numbers = numbers.as_chunks().0;
        let monitored = match mark {
            0 => None,
            1 => Some(number_at(&numbers[2])),
            _ => return None,
        };
        let mut train_scores: Vec<f64> = scores.as_chunks().0.iter().map(number_at).collect();
        let validation_scores = train_scores.split_off(train);
        let (train_loss, lr) = (number_at(&numbers[0]), number_at(&numbers[1]));
        Some(Epoch { number, train_loss, monitored, lr, train_scores, validation_scores })
    };
    let epochs = bytes.chunks_exact(len);
    let is_whole = !bytes.is_empty() && epochs.remainder().is_empty();
    is_whole.then(|| (1..).zip(epochs).map(epoch).collect::<Option<_>>())?.map(|epochs| Curve { epochs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_keep_their_bits() {
        let scores = [Vec::new(), vec![0.1, -0.0], vec![f64::INFINITY]];
        for (train, validation) in [(0, 0), (1, 0), (1, 1), (1, 2)] {
            let epoch = |number, monitored| Epoch {
                number,
                train_loss: 0.1 * number as f64,
                monitored,
                lr: 1e-3,
                train_scores: scores[train].clone(),
                validation_scores: scores[validation].clone(),
            };
            let curve = Curve { epochs: vec![epoch(1, None), epoch(2, Some(-0.0)), epoch(3, Some(f64::INFINITY))] };
            let bytes = curve_to_bytes(&curve);
            let len = EPOCH + 8 * (scores[train].len() + scores[validation].len());
            assert_eq!((bytes.len(), curve_from_bytes(&bytes)), (8 + 3 * len, Some(curve)));
            for cut in [1, 7, 8, 8 + len - 1, 8 + len + 1] {
                assert_eq!(curve_from_bytes(&bytes[..cut]), None, "{cut}");
            }
            let mut marked = bytes.clone();
            marked[8 + 24] = 2;
            assert_eq!(curve_from_bytes(&marked), None);
            let mut counted = bytes;
            counted[..8].fill(0xff);
            assert_eq!(curve_from_bytes(&counted), None);
        }
        assert_eq!((curve_to_bytes(&Curve::default()), curve_from_bytes(&[])), (Vec::new(), Some(Curve::default())));
    }
}
