//! Requests and answers of HTTP, as far as a reader of pages needs them.

use std::io::{self, Read};

/// The longest head of a request.
const LONGEST: usize = 16 * 1024;

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// The path, without the query.
    pub(super) path: String,
    /// The host that the reader asked for.
    pub(super) host: String,
}

impl Request {
    /// Reads the head of a request; `None` where it is none. A body is not read.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let (mut head, mut part) = (Vec::new(), [0; 1024]);
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let count = from.read(&mut part)?;
            head.extend_from_slice(&part[..count]);
            if count == 0 || head.len() > LONGEST {
                return Ok(None);
            }
        }
        Ok(Self::parse(&String::from_utf8_lossy(&head)))
    }

    fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
            return None;
        }
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let fields = lines.filter_map(|line| line.split_once(':'));
        let mut hosts = fields.filter(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, host)| host.trim());
        let (host, is_one) = (hosts.next()?.to_owned(), hosts.next().is_none());
        is_one.then(|| Self { method: method.to_owned(), path: path.to_owned(), host })
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Response {
    status: u16,
    kind: &'static str,
    body: String,
    /// False where only the head is asked for.
    has_body: bool,
}

impl Response {
    pub(super) fn page(body: String) -> Self {
        Self { status: 200, kind: "text/html; charset=utf-8", body, has_body: true }
    }

    pub(super) fn text(body: String) -> Self {
        Self { kind: "text/plain; charset=utf-8", ..Self::page(body) }
    }

    /// An answer that is a status and its words.
    pub(super) fn status(status: u16) -> Self {
        Self { status, ..Self::text(format!("{}\n", reason(status))) }
    }

    pub(super) fn without_body(self, without: bool) -> Self {
        Self { has_body: !without, ..self }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let Self { status, kind, body, has_body } = self;
        let allow = if *status == 405 { "Allow: GET, HEAD\r\n" } else { "" };
        // A page frames nothing, is framed by nothing, and tells no other site its address, which has the token.
        let head = format!(
            "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{allow}Cache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
            reason(*status),
            body.len()
        );
        let mut bytes = head.into_bytes();
        if *has_body {
            bytes.extend_from_slice(body.as_bytes());
        }
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        405 => "Method Not Allowed",
        503 => "Service Unavailable",
        _ => "Not Found",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_in_pieces() {
        let text = b"GET /a%20b/?x=1 HTTP/1.1\r\nAccept: */*\r\nhOST: 127.0.0.1:80\r\n\r\n";
        let mut pieces = text[..9].chain(&text[9..30]).chain(&text[30..]);
        let request = Request::read(&mut pieces).expect("read").expect("a request");
        let (method, path, host) = ("GET".to_owned(), "/a%20b/".to_owned(), "127.0.0.1:80".to_owned());
        assert_eq!(request, Request { method, path, host });
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for text in [
            "",
            "GET / HTTP/1.1\r\nHost: a\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "\u{16}\u{3}\u{1}\r\n\r\n",
        ] {
            assert_eq!(Request::read(&mut text.as_bytes()).expect("read"), None, "{text:?}");
        }
        let long = "x".repeat(3 * LONGEST);
        assert_eq!(Request::read(&mut long.as_bytes()).expect("read"), None);
    }

    #[test]
    fn a_head_alone_has_the_length_of_the_body() {
        let bytes = Response::text("abc".to_owned()).without_body(true).bytes();
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("Content-Length: 3\r\n") && text.ends_with("\r\n\r\n"));
    }
}
