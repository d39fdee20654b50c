//! The throughput of the workers. It determines how many groups are claimed in advance.

use std::time::Duration;

use crate::record::Record;

/// The amount of work that is claimed in advance, in time. It is long enough that workers do not wait for a claim, and
/// short enough that other processes do not wait for fits that have not begun.
const AHEAD: Duration = Duration::from_millis(50);
/// The largest number of groups that are claimed at once.
const MOST: usize = 4096;

/// The mean time of a group; `None` until a group has finished.
#[derive(Default)]
pub(super) struct Throughput(Option<Duration>);

impl Throughput {
    /// Updates the mean time from finished groups.
    pub(super) fn learn<'a>(&mut self, groups: impl Iterator<Item = &'a Vec<Record>>) {
        let (count, time) = groups.fold((0, Duration::ZERO), |(count, time), records| {
            (count + 1, time + records.iter().map(|record| record.fit_time + record.score_time).sum::<Duration>())
        });
        if count > 0 {
            let mean = time / count;
            // Recent groups count more.
            self.0 = Some(self.0.map_or(mean, |known| (known + mean) / 2));
        }
    }

    /// Returns how many groups the workers run in the time that is claimed in advance; 0 until a group has finished.
    pub(super) fn ahead(&self, workers: usize) -> usize {
        let Some(time) = self.0 else { return 0 };
        let ahead = AHEAD.as_nanos() * workers as u128;
        usize::try_from(ahead / time.as_nanos().max(1)).map_or(MOST, |groups| groups.min(MOST))
    }
}
