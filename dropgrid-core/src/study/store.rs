//! The store of a study, defined by three traits.

use std::fmt;

use super::{
    Checkpoint, ClaimStatus, DamagedRecord, FitName, Identity, Judgements, Metadata, State, StateInfo, StateName,
    StoredRecord,
};
use crate::error::Result;

/// A store of records, claims and states. All stores are tested by the same suite, `tests/stores/`.
pub trait Store: Records + Claims + States {}

impl<S: Records + Claims + States + ?Sized> Store for S {}

/// The records of finished fits, the identity of their study, and the metadata that are needed to interpret them.
pub trait Records: fmt::Debug + Send {
    /// Reads the identity of the study: everything that its scores depend on. `None` if the study is new.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn identity(&mut self) -> Result<Option<Identity>>;

    /// Replaces the identity `was`, which the caller has read, by `identity`. Returns false and writes nothing if
    /// another process has written an identity in the meantime.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn set_identity(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool>;

    /// Reads the metadata; `None` if no search has written any, or if they are damaged.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn metadata(&mut self) -> Result<Option<Metadata>>;

    /// Replaces the metadata.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn set_metadata(&mut self, metadata: &Metadata) -> Result<()>;

    /// Reads the judgements of the last search's strategy. Empty if they are damaged.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn judgements(&mut self) -> Result<Judgements>;

    /// Replaces the judgements.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn set_judgements(&mut self, judgements: &Judgements) -> Result<()>;

    /// Removes damaged records, so that their fits run again, and returns their names.
    ///
    /// # Errors
    /// An error if the store cannot be read or written.
    fn drop_damaged(&mut self) -> Result<Vec<DamagedRecord>>;

    /// Reads all intact records, in no particular order.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn records(&mut self) -> Result<Vec<StoredRecord>>;

    /// Adds records, saves the states of `checkpoints`, and then removes the passing states of the trainings that are
    /// `done`, up to the given numbers of epochs. After an error, nothing has changed.
    ///
    /// When the call returns, the records are durable, and so are all states that were saved before. A call without
    /// records becomes durable with the next call that has some. An existing record stays unchanged, unless its fit
    /// timed out and the new one has scores. A state replaces one of the same name, and stays lasting if that one was.
    /// It removes the passing states of the same training with fewer epochs.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn add(&mut self, records: &[StoredRecord], checkpoints: &[&Checkpoint], done: &[StateName]) -> Result<()>;

    /// Removes the records of these fits if the fits failed, so that they run again.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn remove(&mut self, fits: &[FitName]) -> Result<()>;

    /// Removes the records of all failed fits and forgets all crashes, so that the fits run again.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn remove_failed(&mut self) -> Result<()>;
}

/// The claims of the processes that work on a study.
pub trait Claims: fmt::Debug + Send {
    /// Claims fits for the caller, so that no other process runs them: at most `most` of the `wanted` groups. A claim
    /// lasts until the record of its fit is added, the caller gives it back, or the process ends. Returns the status of
    /// each group. Every call is a heartbeat of the caller, also one without groups.
    ///
    /// A fit in which a process crashed is claimed only if it begins at once, never `ahead` of that. After the second
    /// crash it is claimed alone, so that it is certainly the cause of a third one.
    ///
    /// The caller must have [read](Records::records) the records, and must not ask for their fits: the store looks only
    /// for records that other processes have added since then.
    ///
    /// A record may be added without a claim, since it is the same whichever process runs the fit.
    ///
    /// # Errors
    /// An error if the store cannot be read or written.
    fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<ClaimStatus>>;

    /// Returns true if a fit that another process had claimed when the caller last asked may have another status by
    /// now. The answer stays true until the caller has asked for that fit again.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn has_news(&mut self) -> Result<bool>;

    /// Gives back claims of fits that the caller will not run.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn give_back(&mut self, fits: &[FitName]) -> Result<()>;

    /// Notes that the process was asked to end. If it dies from now on, that does not count as a crash of its fits.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn leave(&mut self) -> Result<()>;
}

/// The states of trainings. [`Records::add`] saves them.
pub trait States: fmt::Debug + Send {
    /// Lists all states, in the order in which they were saved.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn states(&mut self) -> Result<Vec<StateInfo>>;

    /// Opens a reader of states that does not wait for writers of the store. It must be dropped before the store.
    ///
    /// # Errors
    /// An error if the store cannot be read.
    fn state_reader(&mut self) -> Result<StateReader>;

    /// Removes all states and frees their disk space.
    ///
    /// # Errors
    /// An error if the store cannot be written.
    fn remove_all_states(&mut self) -> Result<()>;
}

/// Reads the longest intact state of a trajectory on a fold. The arguments are the trajectory, the fold and the largest
/// number of epochs. `None` if there is no such state; an error if the store cannot be read.
pub type StateReader = Box<dyn FnMut(&str, u32, u32) -> Result<Option<State>> + Send>;
