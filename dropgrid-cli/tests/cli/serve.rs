//! `serve`: pages of a folder over HTTP, to readers of this machine who know the address.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
};

use crate::support::{binary, corners, handmade, names, search};

/// A server, which ends with this value.
pub(crate) struct Server {
    child: Child,
    /// The address that it printed: `http://127.0.0.1:PORT/TOKEN/`.
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = binary(folder)
            .args(["serve", "."])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        let mut address = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut address).expect("a line");
        Self { child, address: address.trim().to_owned() }
    }

    /// `127.0.0.1:PORT`, and the path.
    fn parts(&self) -> (&str, &str) {
        let rest = self.address.strip_prefix("http://").expect("an address");
        rest.split_at(rest.find('/').expect("a path"))
    }

    /// Asks for a path below the token, and returns the answer.
    fn get(&self, path: &str) -> String {
        let (host, root) = self.parts();
        self.ask(&format!("GET {root}{path} HTTP/1.1\r\nHost: {host}\r\n\r\n"))
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.parts().0).expect("a connection");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn pages_are_there_for_who_has_the_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    handmade(&folder.join("a b.study"));
    std::fs::write(folder.join("secret.txt"), "secret").expect("written");
    let before = names(folder);
    let server = Server::start(folder);
    let (host, root) = server.parts();
    assert!(host.starts_with("127.0.0.1:") && root.len() == 34, "{}", server.address);

    let list = server.get("");
    assert!(list.starts_with("HTTP/1.1 200 OK\r\n") && list.contains("href=\"a%20b.study/\""), "{list}");
    let page = server.get("a%20b.study/");
    assert!(page.contains("data-live=\"version\"") && page.contains("<h1>Mlp</h1>"));
    assert!(page.contains("Referrer-Policy: no-referrer\r\n") && page.contains("connect-src &#39;self&#39;"));
    let version = server.get("a%20b.study/version");
    let version = version.split("\r\n\r\n").nth(1).expect("a body");
    assert!(page.contains(&format!("data-version=\"{version}\"")));

    for path in
        ["secret.txt", "secret.txt/", "../secret.txt", "..%2Fsecret.txt/", "a%20b.study/../secret.txt", "none.study/"]
    {
        assert!(server.get(path).starts_with("HTTP/1.1 404 "), "{path}");
    }
    let other = format!("GET /{}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", "0".repeat(32));
    assert!(server.ask(&other).starts_with("HTTP/1.1 404 "));
    let elsewhere = format!("GET {root} HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert!(server.ask(&elsewhere).starts_with("HTTP/1.1 403 "));
    let write = format!("POST {root}a%20b.study/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
    assert!(server.ask(&write).starts_with("HTTP/1.1 405 "));
    assert_eq!(names(folder), before, "nothing is written");
}

#[test]
fn a_page_has_news_when_the_study_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let server = Server::start(folder);
    assert!(server.get("").contains("There are no studies here yet."));
    search(1).study(folder.join("x.study")).cross_validate(&corners()).expect("a report");
    let before = server.get("x.study/version");
    assert!(server.get("x.study/").contains("<tr data-c="));
    std::fs::remove_file(folder.join("x.study")).expect("removed");
    handmade(&folder.join("x.study"));
    assert_ne!(server.get("x.study/version"), before);
}
