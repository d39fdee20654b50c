//! Studies: files in which searches store their finished fits.
//!
//! A fit counts as finished once its record is durable. A search that was killed at any moment continues with the same
//! call: it reads the records of finished fits and runs the others. Its report has the same bits as that of an
//! uninterrupted search, because every random draw is seeded by its purpose and not by the draws before it.

pub(crate) mod bundle;
mod claim;
mod codec;
#[cfg(feature = "study")]
mod file;
mod identity;
mod info;
mod judgement;
mod marked_claims;
mod memory;
mod metadata;
mod name;
mod options;
mod search_end;
#[cfg(feature = "study")]
mod sqlite;
mod state;
mod store;
mod stored_record;

pub(crate) use claim::CRASHES;
pub use claim::ClaimStatus;
#[cfg(feature = "study")]
pub use file::{Fault, ParamsJson, StudyCandidate, StudyFile, StudyFit, Verification};
pub use identity::{Difference, Identity};
pub use info::{RunningFits, SavedStates, StudyInfo};
pub use judgement::{Judgement, Judgements};
pub(crate) use marked_claims::{FitMark, FitStart, MarkedClaims};
pub use memory::Memory;
pub use metadata::Metadata;
pub use name::{FitName, StateName};
pub(crate) use options::STATE_BYTES;
pub use options::Study;
pub use search_end::SearchEnd;
#[cfg(feature = "study")]
pub use sqlite::Sqlite;
pub use state::{Checkpoint, State, StateInfo};
pub use store::{Claims, Records, StateReader, States, Store};
pub use stored_record::{DamagedRecord, StoredRecord};
pub(crate) use stored_record::{StoredRecords, over_after};
