//! `dropgrid serve`: the pages of a folder's studies on this machine alone, as they grow.

mod cache;
mod pages;
mod request;

use std::{
    fmt::Write as _,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use clap::Args;

use crate::{error::Error, outcome::Outcome};
use pages::Pages;
use request::{Request, Response};

/// Show the pages of a folder's studies at an address of this machine, and follow searches that are under way
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The port; any that is free with 0
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// The most requests that are answered at once.
const MOST: usize = 16;
/// The time that a reader has for the whole of a request, and again for taking all of its answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pause after a connection that could not be taken, as where too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

impl Serve {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        // The folder is to be one before anybody is told where to look.
        super::studies(&self.folder)?;
        let port = |source| Error::Port { port: self.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).map_err(port)?;
        let port = listener.local_addr().map_err(port)?.port();
        let pages = Arc::new(Pages::new(self.folder.clone(), token()?, port));
        let mut stdout = io::stdout().lock();
        let told = writeln!(stdout, "http://127.0.0.1:{port}/{}/", pages.token).and_then(|()| stdout.flush());
        drop(stdout);
        told.map_err(Error::Output)?;
        let busy = Arc::new(AtomicUsize::new(0));
        for stream in listener.incoming() {
            let Ok(stream) = stream else {
                thread::sleep(PAUSE);
                continue;
            };
            let Some(place) = Place::take(&busy) else {
                answer(stream, &Response::status(503));
                continue;
            };
            let pages = Arc::clone(&pages);
            let answered = move || {
                serve(stream, &pages);
                drop(place);
            };
            // A reader for whom there is no thread is left without an answer, and its place is free again.
            let _ = thread::Builder::new().spawn(answered);
        }
        Ok(Outcome::default())
    }
}

/// One of the requests that are answered at once, until it is dropped.
#[derive(Debug)]
struct Place(Arc<AtomicUsize>);

impl Place {
    /// A place; `None` where all are taken.
    fn take(busy: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(busy));
        (busy.fetch_add(1, Ordering::AcqRel) < MOST).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A stream with one deadline for all that is read from it or written to it.
#[derive(Debug)]
struct Timed<'a> {
    stream: &'a TcpStream,
    until: Instant,
}

impl<'a> Timed<'a> {
    fn new(stream: &'a TcpStream, patience: Duration) -> Self {
        Self { stream, until: Instant::now() + patience }
    }

    /// The time that is left.
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, part: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(part)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn serve(stream: TcpStream, pages: &Pages) {
    let response = match Request::read(&mut Timed::new(&stream, PATIENCE)) {
        Ok(Some(request)) => pages.response(&request),
        Ok(None) => Response::status(400),
        Err(_) => return,
    };
    answer(stream, &response);
}

/// Writes an answer. A reader that has gone is no fault.
fn answer(stream: TcpStream, response: &Response) {
    let _ = Timed::new(&stream, PATIENCE).write_all(&response.bytes());
}

/// 32 hexadecimal digits that nobody can guess, from the system's source of random numbers.
fn token() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|source| Error::Random { source })?;
    Ok(bytes.iter().fold(String::new(), |mut token, byte| {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
        token
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_also_after_a_panic() {
        let busy = Arc::new(AtomicUsize::new(0));
        let taken: Vec<_> = (0..MOST).map(|_| Place::take(&busy).expect("a place")).collect();
        assert!(Place::take(&busy).is_none() && busy.load(Ordering::Acquire) == MOST);
        drop(taken);
        let place = Place::take(&busy).expect("a place");
        let panicked = std::panic::catch_unwind(move || {
            let _place = place;
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(panicked.is_err() && busy.load(Ordering::Acquire) == 0);
    }

    #[test]
    fn no_two_tokens_have_anything_in_common() {
        let tokens: Vec<String> = (0..64).map(|_| token().expect("random numbers")).collect();
        for (at, token) in tokens.iter().enumerate() {
            assert!(token.len() == 32 && token.bytes().all(|byte| b"0123456789abcdef".contains(&byte)), "{token}");
            assert!(tokens[..at].iter().all(|other| other[..16] != token[..16] && other[16..] != token[16..]));
        }
    }

    #[test]
    fn a_deadline_is_of_the_whole_request() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let mut reader = TcpStream::connect(listener.local_addr().expect("an address")).expect("a connection");
        let (stream, _) = listener.accept().expect("a connection");
        reader.write_all(b"GET / ").expect("written");
        // Bytes are there, and the time is not.
        let error = Request::read(&mut Timed::new(&stream, Duration::ZERO)).expect_err("too late");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
