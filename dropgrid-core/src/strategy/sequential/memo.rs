//! Results of pure functions that are asked again and again.

use std::{cell::RefCell, collections::HashMap};

use sha2::{Digest as _, Sha256};

/// Results that are kept at most.
const MOST: usize = 1 << 12;

/// Results by the digest of all that they depend on: a search asks its strategy after every few records, and most of
/// what the strategy then needs it has computed before. What is kept changes no result.
#[derive(Debug)]
pub(in crate::strategy) struct Memo<T>(RefCell<HashMap<[u8; 32], T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// The result of that digest, computed where it is not kept.
    pub(in crate::strategy) fn get(&self, digest: Digest, compute: impl FnOnce() -> T) -> T {
        let digest: [u8; 32] = digest.0.finalize().into();
        if let Some(kept) = self.0.borrow().get(&digest) {
            return kept.clone();
        }
        let value = compute();
        let mut kept = self.0.borrow_mut();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(digest, value.clone());
        value
    }
}

/// A digest of texts and numbers.
#[derive(Debug, Clone)]
pub(in crate::strategy) struct Digest(Sha256);

impl Digest {
    /// The digest of a text.
    pub(in crate::strategy) fn new(text: &str) -> Self {
        Self(Sha256::new_with_prefix(text)).words([text.len() as u64])
    }

    /// The digest with more words.
    pub(in crate::strategy) fn words(mut self, words: impl IntoIterator<Item = u64>) -> Self {
        let mut bytes = Vec::new();
        for word in words {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// The digest with more numbers, by their bits.
    pub(in crate::strategy) fn numbers(self, numbers: &[f64]) -> Self {
        self.words(numbers.iter().map(|number| number.to_bits()))
    }
}
