//! Records and states as bytes, for files that are copied between machines. Every number keeps its exact bits.
//!
//! Counts and lengths are little-endian integers of eight bytes, each before the items that it counts. Equal contents
//! in the same order have equal bytes.

use std::time::Duration;

use super::{
    FitName, State, StateName, StoredRecord,
    codec::{EncodedRecord, name_from},
};

/// Records of fits, states of trainings, and the trainings whose passing states are no longer needed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Bundle {
    pub(crate) records: Vec<StoredRecord>,
    pub(crate) states: Vec<State>,
    pub(crate) done: Vec<StateName>,
}

impl Bundle {
    /// Returns the bundle as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(Vec::new());
        writer.number(self.records.len() as u64);
        self.records.iter().for_each(|stored| writer.record(stored));
        writer.number(self.states.len() as u64);
        for state in &self.states {
            writer.name(&state.name());
            writer.number(state.lasting.into());
            writer.bytes(&state.bytes);
        }
        writer.number(self.done.len() as u64);
        self.done.iter().for_each(|name| writer.name(name));
        writer.0
    }

    /// Parses the bytes of a bundle; `None` if they are not valid.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let records = reader.list(Reader::record)?;
        let states = reader.list(|reader| {
            let StateName { trajectory, fold, epochs } = reader.name()?;
            let lasting = reader.flag()?;
            Some(State { trajectory, fold, epochs, bytes: reader.bytes()?.to_vec(), lasting })
        })?;
        let done = reader.list(Reader::name)?;
        reader.0.is_empty().then_some(Self { records, states, done })
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn optional(&mut self, bytes: Option<&[u8]>) {
        self.number(bytes.is_some().into());
        self.bytes(bytes.unwrap_or_default());
    }

    fn name(&mut self, StateName { trajectory, fold, epochs }: &StateName) {
        self.bytes(trajectory.as_bytes());
        self.number(u64::from(*fold));
        self.number(u64::from(*epochs));
    }

    fn record(&mut self, StoredRecord { name: FitName { params, fold, resource }, record }: &StoredRecord) {
        self.bytes(params.as_bytes());
        self.number(u64::from(*fold));
        self.bytes(resource.to_string().as_bytes());
        let encoded = EncodedRecord::of(record);
        self.optional(encoded.scores.as_deref());
        self.optional(encoded.failure.as_deref().map(str::as_bytes));
        self.optional(encoded.train_scores.as_deref());
        self.bytes(encoded.warnings.as_bytes());
        self.bytes(encoded.details.as_bytes());
        self.bytes(&encoded.curve);
        for time in [encoded.fit_time, encoded.score_time] {
            self.number(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        match self.number()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(self.bytes()?).ok()
    }

    #[allow(clippy::option_option, reason = "bytes that end too early are not bytes that may be left out")]
    fn optional(&mut self) -> Option<Option<&'a [u8]>> {
        let is_some = self.flag()?;
        self.bytes().map(|bytes| is_some.then_some(bytes))
    }

    /// Parses a list: the number of elements, then the elements. Nothing is allocated in advance, since the number may
    /// be damaged.
    fn list<R>(&mut self, element: impl Fn(&mut Self) -> Option<R>) -> Option<Vec<R>> {
        let count = self.number()?;
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(element(self)?);
        }
        Some(list)
    }

    fn name(&mut self) -> Option<StateName> {
        let trajectory = self.text()?.to_owned();
        Some(StateName { trajectory, fold: self.small()?, epochs: self.small()? })
    }

    fn record(&mut self) -> Option<StoredRecord> {
        let (params, fold, resource) = (self.text()?.to_owned(), self.small()?, self.text()?);
        let name = name_from(params, fold, resource)?;
        let (scores, failure, train_scores) = (self.optional()?, self.optional()?, self.optional()?);
        let failure = match failure {
            Some(bytes) => Some(str::from_utf8(bytes).ok()?.into()),
            None => None,
        };
        let encoded = EncodedRecord {
            scores: scores.map(Into::into),
            failure,
            train_scores: train_scores.map(Into::into),
            warnings: self.text()?.into(),
            details: self.text()?.into(),
            curve: self.bytes()?.into(),
            fit_time: Duration::from_nanos(self.number()?),
            score_time: Duration::from_nanos(self.number()?),
        };
        encoded.decode(name)
    }
}

#[cfg(test)]
mod tests;
