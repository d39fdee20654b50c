//! Studies as pictures need them, also those that cannot be read whole.

use std::{fs, path::Path};

use dropgrid_core::{
    Error as CoreError,
    error::StudyError,
    report::view_of_study,
    study::StudyFile,
    view::{SearchView, Status},
};

use crate::error::Error;

/// The search that a study's file has. Damage is said in its status.
///
/// # Errors
/// Those of opening a file that is none of a study, or that cannot be opened at all.
pub(crate) fn view(path: &Path) -> Result<SearchView, Error> {
    let mut view = match StudyFile::salvage(path) {
        Ok((file, faults)) => view_of_study(&file, &faults),
        Err(CoreError::Study(error @ (StudyError::Damaged { .. } | StudyError::Records { .. }))) => {
            SearchView { status: Status::Damaged(error.to_string()), ..SearchView::default() }
        }
        Err(CoreError::Study(StudyError::Foreign { .. })) if is_unwritten(path) => {
            let reason = "nothing has been written to this file yet, or what was written is lost".to_owned();
            SearchView { status: Status::Damaged(reason), ..SearchView::default() }
        }
        Err(error) => return Err(error.into()),
    };
    if view.title.is_empty() {
        view.title = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    }
    Ok(view)
}

/// True of a file without a byte, and of a database without a table: a process was killed before it wrote the study.
fn is_unwritten(path: &Path) -> bool {
    const FIRST_PAGE: u64 = 4096;
    let is_short = fs::metadata(path).is_ok_and(|metadata| metadata.len() <= FIRST_PAGE);
    is_short && fs::read(path).is_ok_and(|bytes| bytes.is_empty() || bytes.starts_with(b"SQLite format 3\0"))
}

/// True of a search of which not all can be read.
pub(crate) fn is_damaged(view: &SearchView) -> bool {
    matches!(view.status, Status::Damaged(_))
}
