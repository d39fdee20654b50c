//! A browser that stays open, spoken to by its debugging protocol: keys, media and pages that load anew need more than
//! a script on the page.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

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

/// Answers every question with this document until the test ends, and returns the address.
pub(crate) fn serve(text: String) -> String {
    serve_latest(&Arc::new(Mutex::new(text)))
}

/// Answers every question with what the document is by then.
pub(crate) fn serve_latest(document: &Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let document = Arc::clone(document);
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let document = Arc::clone(&document);
            // A browser opens connections ahead, on which it asks nothing.
            thread::spawn(move || {
                if stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
                    let text = document.lock().expect("a document").clone();
                    let kind = "Content-Type: text/html; charset=utf-8";
                    let head = format!("HTTP/1.1 200 OK\r\n{kind}\r\nContent-Length: {}\r\n", text.len());
                    let _ = write!(stream, "{head}Connection: close\r\n\r\n{text}");
                }
            });
        }
    });
    address
}

/// A page of a browser.
pub(crate) struct Page {
    browser: Child,
    stream: TcpStream,
    asked: u64,
    /// What the page complained of.
    pub(crate) faults: Vec<String>,
}

impl Page {
    /// Opens the page of a search at an address. A script runs on it before any other.
    pub(crate) fn open(address: &str, profile: &Path, before: &str) -> Self {
        let program = env::var("DROPGRID_BROWSER").unwrap_or_else(|_| "chromium".to_owned());
        let mut browser = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
                "--window-size=1280,900",
            ])
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
        for domain in ["Runtime.enable", "Log.enable", "Page.enable"] {
            page.call(domain, &json!({}));
        }
        // The page of a window behind others has no focus that shows.
        page.call("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }));
        page.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": before }));
        page.call("Page.navigate", &json!({ "url": address }));
        page.until("document.readyState === 'complete' && document.body.classList.contains('scripted')");
        page
    }

    /// Calls a method of the protocol, and returns its result.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
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
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let result = self.call("Runtime.evaluate", &json!({ "expression": expression, "returnByValue": true }));
        result["result"]["value"].clone()
    }

    /// Waits until an expression holds on the page.
    pub(crate) fn until(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != true {
            assert!(start.elapsed() < Duration::from_mins(1), "{expression}: {:?}", self.faults);
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses a key and lets it go.
    pub(crate) fn press(&mut self, key: &str) {
        let text = if key == "Enter" { "\r" } else { "" };
        let code = json!({ "Tab": 9, "Enter": 13 })[key].clone();
        let of =
            |kind: &str| json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
        self.call("Input.dispatchKeyEvent", &of("keyDown"));
        self.call("Input.dispatchKeyEvent", &of("keyUp"));
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
