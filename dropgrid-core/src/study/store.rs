//! The store of a study, as three traits.

use std::fmt;

use super::{
    Checkpoint, ClaimStatus, DamagedRecord, FitName, Identity, Judgements, Metadata, State, StateInfo, StateName,
    StoredRecord,
};
use crate::error::Result;

/// A store of records, claims and states. Every store passes the same suite, `tests/stores/`.
pub trait Store: Records + Claims + States {}

impl<S: Records + Claims + States + ?Sized> Store for S {}

/// The records of finished fits, the identity of their study, and the metadata by which they are read.
pub trait Records: fmt::Debug + Send {
    /// Reads the identity of the study: all that its scores depend on. `None` where the study is new.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn identity(&mut self) -> Result<Option<Identity>>;

    /// Replaces the identity `was`, which the caller has read. Returns false, and writes nothing, where another process has
    /// written since.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn set_identity(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool>;

    /// Reads the metadata; `None` where no search has written any, or where they are damaged.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn metadata(&mut self) -> Result<Option<Metadata>>;

    /// Replaces the metadata.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn set_metadata(&mut self, metadata: &Metadata) -> Result<()>;

    /// Reads what the strategy of the last search said of candidates; nothing where it is damaged.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn judgements(&mut self) -> Result<Judgements>;

    /// Replaces what a strategy said of candidates.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn set_judgements(&mut self, judgements: &Judgements) -> Result<()>;

    /// Removes damaged records, so that their fits are run again, and returns their names.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    fn drop_damaged(&mut self) -> Result<Vec<DamagedRecord>>;

    /// Reads all records that are not damaged, in no particular order.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn records(&mut self) -> Result<Vec<StoredRecord>>;

    /// Adds records, saves the states of `checkpoints`, and then removes the passing states of the trainings that are `done`,
    /// up to these epochs: all of it or, after an error, nothing.
    ///
    /// Records are durable when the call returns, and so are all states that were saved before; a call without records is
    /// durable with the next one that has any. A record that the store has stays as it is, unless its fit ran out of time and
    /// the new one has scores. A state replaces one of the same name, where a lasting one stays lasting, and removes the
    /// passing states of the same training with fewer epochs.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn add(&mut self, records: &[StoredRecord], checkpoints: &[&Checkpoint], done: &[StateName]) -> Result<()>;

    /// Removes the records of these fits where the fits failed, so that they are run again.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn remove(&mut self, fits: &[FitName]) -> Result<()>;

    /// Removes the records of all failed fits, and forgets crashes, so that the fits are run again.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn remove_failed(&mut self) -> Result<()>;
}

/// The claims of the processes that work on a study.
pub trait Claims: fmt::Debug + Send {
    /// Claims fits for the caller, so that no other process runs them: at most `most` of the `wanted` groups. A claim lasts
    /// until the record of its fit is added, the caller gives it back, or the process ends. Returns the status of each group.
    /// A call without groups is a heartbeat of the caller.
    ///
    /// A fit over which a process crashed is claimed only to begin at once, never `ahead` of its time. After the second
    /// crash it is claimed alone, so that this fit is surely the cause of a third one.
    ///
    /// The caller has [read](Records::records) the records and does not ask for their fits: the store looks only for records
    /// that others have added since then.
    ///
    /// A record may be added without a claim: it is the same whoever has run the fit.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<ClaimStatus>>;

    /// True where a fit that another process had when the caller last asked for it may have another status by now. The
    /// answer stays true until the caller has asked for that fit again.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn has_news(&mut self) -> Result<bool>;

    /// Gives back claims of fits that the caller does not run after all.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn give_back(&mut self, fits: &[FitName]) -> Result<()>;

    /// Notes that the process was asked to end: a crash of the process from now on counts against none of its fits.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn leave(&mut self) -> Result<()>;
}

/// The states of trainings, which [`Records::add`] saves.
pub trait States: fmt::Debug + Send {
    /// Lists all states, in the order in which they were saved.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn states(&mut self) -> Result<Vec<StateInfo>>;

    /// Opens a way to read states that does not wait for those that write to the store. It must be closed before the store.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn state_reader(&mut self) -> Result<StateReader>;

    /// Removes all states, and gives their space back.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn remove_all_states(&mut self) -> Result<()>;
}

/// Reads the state of a trajectory on a fold with the most epochs, but not more than the last argument, of those that are not
/// damaged; an error where the store cannot be read.
pub type StateReader = Box<dyn FnMut(&str, u32, u32) -> Result<Option<State>> + Send>;
