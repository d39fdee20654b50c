//! Out-of-memory kills: processes that the kernel killed because memory ran out.

#[cfg(target_os = "linux")]
use std::fs;

/// The number of out-of-memory kills since the machine started.
///
/// An out-of-memory kill is a SIGKILL and looks like a kill from outside. But the kernel counts it first
/// ([`Documentation/admin-guide/cgroup-v2.rst`](https://docs.kernel.org/admin-guide/cgroup-v2.html), `oom_kill`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OomKills {
    /// The identifier of the machine's start.
    boot: String,
    /// The number of kills on the whole machine.
    machine: u64,
    /// The number of this process's control group, and the number of kills in it; `None` if it has no group that
    /// counts.
    group: Option<(u64, u64)>,
}

impl OomKills {
    /// Returns the current counts; `None` if the system does not count.
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Option<Self> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        let machine = count(&fs::read_to_string("/proc/vmstat").ok()?)?;
        Some(Self { boot, machine, group: group() })
    }

    /// Returns the current counts; `None` if the system does not count.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Option<Self> {
        None
    }

    /// Returns true if a process that saw the counts `before` and has since died may have been killed for memory.
    /// Compares the kills of the control group if both counts are of the same group, and those of the machine
    /// otherwise.
    #[cfg(any(unix, test))]
    pub(super) fn have_grown_since(&self, before: &Self) -> bool {
        self.boot == before.boot
            && match (self.group, before.group) {
                (Some((group, now)), Some((same, then))) if group == same => now > then,
                _ => self.machine > before.machine,
            }
    }

    pub(super) fn to_text(&self) -> String {
        let group = self.group.map(|(group, kills)| format!(" {group} {kills}")).unwrap_or_default();
        format!("{} {}{group}", self.boot, self.machine)
    }

    /// Parses counts from text; `None` if the text is incomplete.
    #[cfg(any(unix, test))]
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (boot, machine) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        let group = match (words.next(), words.next(), words.next()) {
            (None, ..) => None,
            (Some(group), Some(kills), None) => Some((group.parse().ok()?, kills.parse().ok()?)),
            _ => return None,
        };
        Some(Self { boot, machine, group })
    }
}

/// Returns the number on the line `oom_kill` of a file of counts; `None` if there is no such line.
#[cfg(any(target_os = "linux", test))]
fn count(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok())
}

/// Returns this process's control group and the kills in it, for either version of control groups; `None` if it is in
/// no group that counts memory.
#[cfg(target_os = "linux")]
fn group() -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;

    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    files(&groups).iter().find_map(|file| {
        let kills = count(&fs::read_to_string(file).ok()?)?;
        Some((fs::metadata(file).ok()?.ino(), kills))
    })
}

/// Returns the files that may count the kills of the groups in a `/proc/self/cgroup`, the most likely first.
#[cfg(any(target_os = "linux", test))]
fn files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let path = path.trim_end_matches('/');
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.events"),
            names if names.split(',').any(|name| name == "memory") => ("/sys/fs/cgroup/memory", "memory.oom_control"),
            _ => continue,
        };
        // A container may see its own group as the root.
        files.extend([format!("{root}{path}/{name}"), format!("{root}/{name}")]);
    }
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kills(boot: &str, machine: u64, group: Option<(u64, u64)>) -> OomKills {
        OomKills { boot: boot.to_owned(), machine, group }
    }

    #[test]
    fn only_kills_of_the_same_machine_and_group_count() {
        let before = kills("a", 3, Some((7, 1)));
        for (now, have_grown) in [
            (kills("a", 3, Some((7, 1))), false),
            (kills("a", 4, Some((7, 2))), true),
            (kills("a", 4, Some((7, 1))), false), // in another group
            (kills("a", 4, Some((8, 0))), true),  // a new group: the machine's count is all there is
            (kills("a", 3, Some((8, 5))), false),
            (kills("a", 4, None), true),
            (kills("b", 9, Some((7, 9))), false), // started again meanwhile
        ] {
            assert_eq!(now.have_grown_since(&before), have_grown, "{now:?}");
            assert_eq!(OomKills::from_text(&now.to_text()), Some(now));
        }
        for text in ["", "a", "a b", "a 1 2", "a 1 2 3 4", "a 1 x 2"] {
            assert_eq!(OomKills::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn counts_are_found_by_either_version_of_control_groups() {
        assert_eq!(count("pgfault 7\noom_kill 12\nnuma_hit 3\n"), Some(12));
        assert_eq!(count("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"), Some(2));
        assert_eq!(count("low 0\noom 1\n"), None);
        assert_eq!(
            files("9:name=systemd:/\n4:hugetlb,memory:/jobs/1\n0::/\n"),
            [
                "/sys/fs/cgroup/memory/jobs/1/memory.oom_control",
                "/sys/fs/cgroup/memory/memory.oom_control",
                "/sys/fs/cgroup/memory.events"
            ]
        );
        assert_eq!(
            files("0::/user.slice/a.scope\n"),
            ["/sys/fs/cgroup/user.slice/a.scope/memory.events", "/sys/fs/cgroup/memory.events"]
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_counts() {
        let now = OomKills::now();
        // Kernels before 4.13 and some sandboxes do not count.
        assert_eq!(now.is_some(), fs::read_to_string("/proc/vmstat").is_ok_and(|text| text.contains("\noom_kill ")));
        assert!(now.is_none_or(|now| !now.have_grown_since(&now)));
    }
}
