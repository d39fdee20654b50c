//! How fast workers get through groups of fits, and so how many are claimed ahead.

use std::time::Duration;

use super::fits::Ran;

/// The work that is claimed ahead, in time: long enough that workers do not wait for a claim, and short enough that
/// another process does not wait for fits that have not begun.
const AHEAD: Duration = Duration::from_millis(50);
/// Groups that are claimed at once, at most.
const MOST: usize = 4096;

/// What a group takes; nothing while it is not known.
#[derive(Default)]
pub(super) struct Pace(Option<Duration>);

impl Pace {
    /// Learns from groups that have come how long one takes.
    pub(super) fn learn<'a>(&mut self, groups: impl Iterator<Item = &'a Vec<Ran>>) {
        let (count, time) = groups.fold((0, Duration::ZERO), |(count, time), ran| {
            (count + 1, time + ran.iter().map(|ran| ran.fit_time + ran.score_time).sum::<Duration>())
        });
        if count > 0 {
            let mean = time / count;
            // What has come lately counts most.
            self.0 = Some(self.0.map_or(mean, |pace| (pace + mean) / 2));
        }
    }

    /// Groups that workers get through in the time that is claimed ahead; none while it is not known.
    pub(super) fn ahead(&self, workers: usize) -> usize {
        let Some(pace) = self.0 else { return 0 };
        let time = AHEAD.as_nanos() * workers as u128;
        usize::try_from(time / pace.as_nanos().max(1)).map_or(MOST, |groups| groups.min(MOST))
    }
}
