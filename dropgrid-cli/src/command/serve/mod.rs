//! `dropgrid serve`: the pages of a folder's studies on this machine alone, as they grow.

mod pages;
mod request;

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
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
/// The time that a reader has for a request, and for taking its answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Serve {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        // The folder is to be one before anybody is told where to look.
        super::studies(&self.folder)?;
        let port = |source| Error::Port { port: self.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).map_err(port)?;
        let port = listener.local_addr().map_err(port)?.port();
        let pages = Arc::new(Pages { folder: self.folder.clone(), token: token(), port });
        let mut stdout = io::stdout().lock();
        let told = writeln!(stdout, "http://127.0.0.1:{port}/{}/", pages.token).and_then(|()| stdout.flush());
        drop(stdout);
        told.map_err(Error::Output)?;
        let busy = Arc::new(AtomicUsize::new(0));
        for stream in listener.incoming().flatten() {
            let (pages, busy) = (Arc::clone(&pages), Arc::clone(&busy));
            if busy.fetch_add(1, Ordering::AcqRel) >= MOST {
                busy.fetch_sub(1, Ordering::AcqRel);
                answer(stream, &Response::status(503));
                continue;
            }
            thread::spawn(move || {
                serve(stream, &pages);
                busy.fetch_sub(1, Ordering::AcqRel);
            });
        }
        Ok(Outcome::default())
    }
}

fn serve(mut stream: TcpStream, pages: &Pages) {
    // A stream without a limit on time would be a fault of the system; the request may then wait.
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let response = match Request::read(&mut stream) {
        Ok(Some(request)) => pages.response(&request),
        Ok(None) => Response::status(400),
        Err(_) => return,
    };
    answer(stream, &response);
}

/// Writes an answer. A reader that has gone is no fault.
fn answer(mut stream: TcpStream, response: &Response) {
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let _ = stream.write_all(&response.bytes()).and_then(|()| stream.flush());
}

/// 32 hexadecimal digits that nobody can guess. The standard library keys its hashers with random numbers of the system.
fn token() -> String {
    let half = |number: u64| {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u64(number);
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
}
