use super::*;

#[test]
fn a_search_that_waits_asks_again_without_news() {
    let now = Instant::now();
    let (study, heartbeat) = (Study::at("unused"), Duration::MAX);
    let file = SharedFile { study, unlike: |_, _| None, heartbeat, last_heartbeat: now, last_news: now };
    let mut open = OpenStudy { file: Some(file), ..OpenStudy::in_memory() };
    let mut heard = |at: Instant| {
        open.file.as_mut().expect("a file").last_news = at;
        open.has_news().expect("an answer")
    };
    assert!(!heard(now + Duration::from_hours(1)), "in memory there is no other process");
    assert!(heard(now.checked_sub(AGAIN).expect("a time")));
}
