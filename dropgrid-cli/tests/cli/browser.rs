//! The page of a running search in a real browser, which stays open from its beginning to its end.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use dropgrid::{
    hook::{Epoch, FitInfo},
    prelude::*,
};
use serde_json::{Value, json};

use crate::{running::Writer, serve::Server, support::corners};

/// The variable that makes a test process the search that the browser watches.
const WATCHED: &str = "DROPGRID_COMMAND_WATCHED";

#[searchable]
struct Slow {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

/// 42 fits of 0.3 seconds.
#[test]
fn child() {
    if let Ok(path) = env::var(WATCHED) {
        let slow = |_: &FitInfo, _: &Epoch| thread::sleep(Duration::from_millis(100));
        let search = Slow::search(Random::new(14)).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(3)).hook(slow);
        search.workers(1).study(path).cross_validate(&corners()).expect("a report");
    }
}

/// The head of an answer of HTTP.
fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    String::from_utf8(head).expect("text")
}

/// A page of a browser, spoken to by its debugging protocol.
struct Page {
    browser: Child,
    stream: TcpStream,
    asked: u64,
    /// What the page complained of.
    faults: Vec<String>,
}

impl Page {
    fn open(address: &str, profile: &Path) -> Self {
        let program = env::var("DROPGRID_BROWSER").unwrap_or_else(|_| "chromium".to_owned());
        let mut browser = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a browser");
        let mut lines = BufReader::new(browser.stderr.take().expect("its messages")).lines().map_while(Result::ok);
        let listening = lines.find_map(|line| Some(line.split_once("DevTools listening on ws://")?.1.to_owned()));
        let host = listening.expect("an address").split('/').next().expect("a host").to_owned();
        // Somebody has to read them.
        thread::spawn(move || lines.for_each(drop));
        let mut list = TcpStream::connect(&host).expect("a connection");
        write!(list, "GET /json/list HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("asked");
        let said = head(&mut list).to_ascii_lowercase();
        let length = said.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("a length");
        let mut pages = vec![0; length.trim().parse().expect("a number")];
        list.read_exact(&mut pages).expect("a list");
        let pages: Value = serde_json::from_slice(&pages).expect("JSON");
        let is_page = |it: &&Value| it["type"] == "page";
        let page = pages.as_array().and_then(|all| all.iter().find(is_page)).expect("a page");
        let path = page["webSocketDebuggerUrl"].as_str().expect("an address").replacen(&format!("ws://{host}"), "", 1);
        let mut stream = TcpStream::connect(&host).expect("a connection");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        .expect("asked");
        head(&mut stream);
        let mut page = Self { browser, stream, asked: 0, faults: Vec::new() };
        page.call("Runtime.enable", &json!({}));
        page.call("Log.enable", &json!({}));
        page.call("Page.navigate", &json!({ "url": address }));
        page
    }

    /// Calls a method of the protocol, and returns its result.
    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let text = json!({ "id": self.asked, "method": method, "params": params }).to_string();
        let length = u16::try_from(text.len()).expect("a short message");
        // A text, masked by zeros, which change nothing.
        let mut frame = vec![0x81, 0x80 | 0x7e];
        frame.extend(length.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.stream.write_all(&frame).expect("asked");
        loop {
            let message = self.message();
            if message["id"] == self.asked {
                return message["result"].clone();
            }
            let is_fault = match message["method"].as_str() {
                Some("Runtime.exceptionThrown") => true,
                Some("Log.entryAdded") => message["params"]["entry"]["level"] == "error",
                Some("Runtime.consoleAPICalled") => message["params"]["type"] == "error",
                _ => false,
            };
            if is_fault {
                self.faults.push(message.to_string());
            }
        }
    }

    /// The next message of the browser.
    fn message(&mut self) -> Value {
        let mut text = Vec::new();
        loop {
            let mut head = [0; 2];
            self.stream.read_exact(&mut head).expect("a frame");
            let mut length = [0; 8];
            match head[1] & 0x7f {
                126 => self.stream.read_exact(&mut length[6..]).expect("a length"),
                127 => self.stream.read_exact(&mut length).expect("a length"),
                short => length[7] = short,
            }
            let mut part = vec![0; usize::try_from(u64::from_be_bytes(length)).expect("a length")];
            self.stream.read_exact(&mut part).expect("a part");
            text.extend(part);
            if head[0] & 0x80 != 0 {
                return serde_json::from_slice(&text).expect("JSON");
            }
        }
    }

    /// The value of an expression on the page; null while the page loads.
    fn value(&mut self, expression: &str) -> Value {
        let result = self.call("Runtime.evaluate", &json!({ "expression": expression, "returnByValue": true }));
        result["result"]["value"].clone()
    }

    /// What a reader sees: the status, the finished fits, and how often the page has loaded itself.
    fn seen(&mut self) -> Value {
        self.value(
            "document.readyState !== 'complete' ? null : ({
               status: document.querySelector('.status')?.textContent ?? '',
               fits: Number([...document.querySelectorAll('.numbers div')]
                 .find((it) => it.querySelector('dt').textContent === 'fits')?.querySelector('dd').textContent.split(' ')[0]),
               loads: Number(document.body.dataset.loads ?? 0),
               rows: document.querySelectorAll('#candidates tbody tr').length,
               filter: document.getElementById('filter')?.value ?? '' })",
        )
    }

    /// Waits until what is seen is as wanted.
    fn until(&mut self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let seen = self.seen();
            if !seen.is_null() && is_wanted(&seen) {
                return seen;
            }
            assert!(start.elapsed() < Duration::from_mins(2), "{what}: {seen}, {:?}", self.faults);
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}

#[test]
#[ignore = "needs a browser: `.ci/browser` runs it"]
fn a_page_follows_a_search_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, profile) = (folder.path(), tempfile::tempdir().expect("a folder"));
    let path = folder.join("x.study");
    let _writer = Writer::start("browser::child", WATCHED, &path);
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_mins(1), "the search does not begin");
        thread::sleep(Duration::from_millis(20));
    }
    let server = Server::start(folder);
    let mut page = Page::open(&format!("{}x.study/", server.address), profile.path());
    let fits = |seen: &Value| seen["fits"].as_u64().unwrap_or(0);
    let first = page.until("some fits", |seen| fits(seen) >= 2 && seen["rows"].as_u64() > Some(0));
    assert!(first["status"].as_str().is_some_and(|it| it.starts_with("The search is running: ")), "{first}");
    page.value(
        "(() => { const input = document.getElementById('filter'); input.value = 'lr>0';
           input.dispatchEvent(new Event('input')); })()",
    );
    // Nobody asks the page to load again.
    let later =
        page.until("more fits", |seen| fits(seen) > fits(&first) && seen["loads"].as_u64() > first["loads"].as_u64());
    assert_eq!(later["filter"], "lr>0", "{later}");
    let last = page.until("the end", |seen| fits(seen) == 42 && seen["status"] == "");
    assert_eq!((&last["filter"], &last["rows"]), (&json!("lr>0"), &json!(14)), "{last}");
    assert_eq!(page.faults, [""; 0]);
}
