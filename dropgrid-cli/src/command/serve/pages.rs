//! The pages of a folder.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use dropgrid_core::{
    escape::shown,
    study::StudyFile,
    view::{IndexEntry, Live, SearchView, Status, index_page, live_page},
};

use super::{super::studies, Request, Response, cache::Cache};
use crate::{
    study::{Glance, changed},
    view::view,
};

/// The pages of a folder, below a token that nobody can guess.
#[derive(Debug)]
pub(super) struct Pages {
    folder: PathBuf,
    pub(super) token: String,
    port: u16,
    /// The entry of each study in the list.
    entries: Cache<IndexEntry>,
    /// The page of each study.
    drawn: Cache<String>,
}

impl Pages {
    pub(super) fn new(folder: PathBuf, token: String, port: u16) -> Self {
        Self { folder, token, port, entries: Cache::default(), drawn: Cache::default() }
    }

    pub(super) fn response(&self, request: &Request) -> Response {
        // A page of another site that has this address by its name server asks under its own name.
        let is_here = |name: &str| {
            // Readers leave out the port that HTTP has by default.
            request.host == format!("{name}:{}", self.port) || self.port == 80 && request.host == name
        };
        if !is_here("127.0.0.1") && !is_here("localhost") {
            return Response::status(403);
        }
        let Some(path) = self.below_token(&request.path) else { return Response::status(404) };
        match request.method.as_str() {
            "GET" | "HEAD" => self.below(path).without_body(request.method == "HEAD"),
            _ => Response::status(405),
        }
    }

    /// What follows the token and its slash in a path that begins with them.
    fn below_token<'a>(&self, path: &'a str) -> Option<&'a str> {
        let (token, rest) = path.strip_prefix('/')?.split_once('/')?;
        is_same(token.as_bytes(), self.token.as_bytes()).then_some(rest)
    }

    /// The answer for a path below the token: nothing, `NAME/` or `NAME/version`.
    fn below(&self, path: &str) -> Response {
        let Ok(all) = studies(&self.folder) else { return Response::status(404) };
        if path.is_empty() {
            let entry = |study: &PathBuf| (*self.entries.get(study, &version(study), || entry(study))).clone();
            let entries: Vec<IndexEntry> = all.iter().map(entry).collect();
            return Response::page(index_page(&shown(&self.folder), &entries));
        }
        // Only a file that the list has is ever opened.
        let asked = path.split_once('/').and_then(|(name, rest)| {
            let study = all.iter().find(|study| encoded(&file_name(study)) == name)?;
            Some((study, rest))
        });
        match asked {
            Some((study, "")) => {
                // Before the file is read: what changes meanwhile is news.
                let now = version(study);
                Response::page((*self.drawn.get(study, &now, || page(study, &now))).clone())
            }
            Some((study, "version")) => Response::text(self.drawn.version(study, version(study))),
            _ => Response::status(404),
        }
    }
}

/// Whether two texts are equal, in a time that tells nobody how many of their first letters are.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |all, (a, b)| black_box(all | (a ^ b)));
    a.len() == b.len() && differences == 0
}

fn page(study: &Path, version: &str) -> String {
    let live = Live { address: "version".to_owned(), version: version.to_owned() };
    match view(study) {
        Ok(view) => live_page(&view, &live),
        // It may be another one's turn with the file; the page looks again.
        Err(error) => {
            let (title, status) = (file_name(study), Status::Damaged(error.to_string()));
            live_page(&SearchView { title, status, ..SearchView::default() }, &live)
        }
    }
}

/// A text that changes with the study and with the processes that work on it.
fn version(study: &Path) -> String {
    let changed =
        changed(study).and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |time| time.as_nanos());
    let length = fs::metadata(study).map_or(0, |metadata| metadata.len());
    // A process that was killed writes nothing more, and works on nothing.
    let running = StudyFile::running(study)
        .map_or_else(|_| "unreadable".to_owned(), |running| format!("{}-{}", running.processes, running.fits));
    format!("{changed}-{length}-{running}")
}

fn entry(study: &Path) -> IndexEntry {
    let name = file_name(study);
    let address = format!("{}/", encoded(&name));
    match Glance::of(study) {
        Ok(glance) => {
            let running = glance.overview.info.running;
            let status = match (running.processes, running.fits) {
                (0, _) => "at rest".to_owned(),
                (_, 1) => "1 fit under way".to_owned(),
                (_, fits) => format!("{fits} fits under way"),
            };
            IndexEntry {
                address,
                name,
                model: glance.model().unwrap_or("–").to_owned(),
                status,
                fits: (glance.overview.fits, glance.planned()),
                best: glance.best().map(|(metric, best)| (metric.to_owned(), best)),
                changed: glance.changed_in_short().unwrap_or_default(),
            }
        }
        Err(error) => IndexEntry { address, name, status: error.to_string(), ..IndexEntry::default() },
    }
}

fn file_name(study: &Path) -> String {
    study.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A name as a part of an address.
fn encoded(name: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    name.bytes().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(pages: &Pages, method: &str, path: &str, host: &str) -> String {
        let request = Request { method: method.to_owned(), path: path.to_owned(), host: host.to_owned() };
        String::from_utf8(pages.response(&request).bytes()).expect("text")
    }

    #[test]
    fn only_who_knows_the_token_and_asks_this_machine_reads() {
        let pages = Pages::new(PathBuf::from("."), "t0ken".to_owned(), 80);
        let here = "127.0.0.1:80";
        let status = |method, path, host| ask(&pages, method, path, host)[9..12].to_owned();
        assert_eq!(status("GET", "/t0ken/", here), "200");
        assert_eq!(status("GET", "/t0ken/", "localhost:80"), "200");
        assert_eq!(status("HEAD", "/t0ken/", here), "200");
        assert_eq!(status("GET", "/t0ken/", "localhost"), "200", "the default port");
        for host in ["evil.example", "127.0.0.1:81", "127.0.0.1:", ""] {
            assert_eq!(status("GET", "/t0ken/", host), "403", "{host}");
        }
        for path in [
            "/",
            "/t0ken",
            "/t0ke/",
            "/t0kens/",
            "/other/",
            "//t0ken/",
            "/t0ken/../",
            "/t0ken/Cargo.toml/",
            "/t0ken/..%2FCargo.toml/",
        ] {
            assert_eq!(status("GET", path, here), "404", "{path}");
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "get"] {
            assert_eq!(status(method, "/t0ken/", here), "405", "{method}");
        }
    }

    #[test]
    fn texts_are_the_same_in_every_letter() {
        assert!(is_same(b"t0ken", b"t0ken") && is_same(b"", b""));
        for other in ["", "t0ke", "t0kens", "T0ken", "t0keN", "x0ken"] {
            assert!(!is_same(b"t0ken", other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_study_that_cannot_be_opened_has_a_page_that_looks_again() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("x.study"), "no study").expect("written");
        let pages = Pages::new(folder.path().to_owned(), "t0ken".to_owned(), 8000);
        let bare = ask(&pages, "GET", "/t0ken/", "127.0.0.1");
        assert!(bare.starts_with("HTTP/1.1 403 "), "only port 80 is left out");
        let page = ask(&pages, "GET", "/t0ken/x.study/", "127.0.0.1:8000");
        let version = ask(&pages, "GET", "/t0ken/x.study/version", "127.0.0.1:8000");
        let version = version.split("\r\n\r\n").nth(1).expect("a body");
        assert!(version.ends_with("-unreadable"), "{version}");
        assert!(
            page.contains("data-live=\"version\"") && page.contains(&format!("data-version=\"{version}\"")),
            "{page}"
        );
    }

    #[test]
    fn names_are_parts_of_addresses() {
        assert_eq!(encoded("a b/../é?.study"), "a%20b%2F..%2F%C3%A9%3F.study");
    }
}
