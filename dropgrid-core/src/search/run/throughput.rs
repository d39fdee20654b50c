//! The throughput of the workers, and the number of groups to claim ahead of them.

use std::time::Duration;

use crate::record::Record;

/// The work that is claimed ahead, in time: long enough that workers do not wait for a claim, and short enough that
/// another process does not wait for fits that have not begun.
const AHEAD: Duration = Duration::from_millis(50);
/// The most groups that are claimed at once.
const MOST: usize = 4096;

/// The time that a group takes; `None` while it is not known.
#[derive(Default)]
pub(super) struct Throughput(Option<Duration>);

impl Throughput {
    /// Learns the time of a group from groups that have finished.
    pub(super) fn learn<'a>(&mut self, groups: impl Iterator<Item = &'a Vec<Record>>) {
        let (count, time) = groups.fold((0, Duration::ZERO), |(count, time), records| {
            (count + 1, time + records.iter().map(|record| record.fit_time + record.score_time).sum::<Duration>())
        });
        if count > 0 {
            let mean = time / count;
            // Recent groups count most.
            self.0 = Some(self.0.map_or(mean, |known| (known + mean) / 2));
        }
    }

    /// The groups that the workers get through in the time that is claimed ahead; none while it is not known.
    pub(super) fn ahead(&self, workers: usize) -> usize {
        let Some(time) = self.0 else { return 0 };
        let ahead = AHEAD.as_nanos() * workers as u128;
        usize::try_from(ahead / time.as_nanos().max(1)).map_or(MOST, |groups| groups.min(MOST))
    }
}
