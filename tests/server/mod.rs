//! A server on this machine that answers as a test says, and a data set of one file to ask it for.

// Each test uses its own part of this.
#![allow(dead_code)]

use indicatif::ProgressBar;
use mole::data::fetch::{FetchError, fetch};
use mole::data::{Kind, Origin, Source, SourceFile};
use mole::rng::Seed;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

pub const SET: &str = "letters";
pub const FILE: &str = "letters.bin";

pub struct Request {
    pub path: String,
    /// The first byte asked for, of a request for a part.
    pub from: Option<usize>,
}

/// What a server answers.
pub struct Reply {
    pub status: &'static str,
    pub headers: String,
    pub body: Vec<u8>,
    /// Bytes after which the connection is closed, whatever was announced.
    pub cut: usize,
}

impl Reply {
    pub fn whole(body: &[u8]) -> Reply {
        let headers = format!("Content-Length: {}\r\n", body.len());
        Reply { status: "200 OK", headers, body: body.to_vec(), cut: usize::MAX }
    }

    /// The part asked for, or all of it.
    pub fn ranged(request: &Request, body: &[u8]) -> Reply {
        let Some(from) = request.from else { return Reply::whole(body) };
        let (last, all) = (body.len() - 1, body.len());
        let reply = Reply::whole(&body[from..]);
        let headers = format!("{}Content-Range: bytes {from}-{last}/{all}\r\n", reply.headers);
        Reply { status: "206 Partial Content", headers, ..reply }
    }

    pub fn status(status: &'static str) -> Reply {
        Reply { status, ..Reply::whole(b"") }
    }

    pub fn cut(self, cut: usize) -> Reply {
        Reply { cut, ..self }
    }
}

/// A server, until the test's process ends.
pub struct Server {
    pub address: String,
    pub log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` is given every request and its number, from 0.
    pub fn new(answer: impl Fn(&Request, usize) -> Reply + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let requests = log.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let Some(request) = read_request(&stream) else { continue };
                let from = request.from.map_or(String::new(), |from| format!(" from {from}"));
                let number = {
                    let mut log = requests.lock().unwrap();
                    log.push(format!("{}{from}", request.path));
                    log.len() - 1
                };
                send(stream, answer(&request, number));
            }
        });
        Server { address, log }
    }

    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

fn read_request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let mut from = None;
    for line in lines.take_while(|line| !line.is_empty()) {
        let line = line.to_ascii_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = Some(range.trim_end_matches('-').parse().unwrap());
        }
        // A compressed answer would have other bytes than the file.
        assert!(!line.starts_with("accept-encoding:") || line.ends_with("identity"), "{line}");
    }
    Some(Request { path, from })
}

fn send(mut stream: TcpStream, reply: Reply) {
    let head = format!("HTTP/1.1 {}\r\nConnection: close\r\n{}\r\n", reply.status, reply.headers);
    let body = &reply.body[..reply.body.len().min(reply.cut)];
    // The client may have hung up on a body that is too long.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

/// A folder of a test's own, removed at its end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("mole-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join(SET)).unwrap();
        Folder(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(SET).join(name)
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// The names in the set's folder.
    pub fn list(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(SET)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// 300,000 bytes, several times what is read at once.
pub fn content() -> Vec<u8> {
    let mut stream = Seed(1).stream("fetch");
    (0..300_000).map(|_| stream.below(256) as u8).collect()
}

/// A set of one file with that content; what it holds must outlive the program.
pub fn source(origin: Origin) -> Source {
    let hash = Sha256::digest(content());
    let sha256: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let file = SourceFile { name: FILE, size: content().len() as u64, sha256: sha256.leak() };
    Source {
        name: SET,
        title: "Letters",
        description: "A test.",
        kind: Kind::Vectors,
        files: vec![file].leak(),
        origin,
        terms: "none",
        citation: "none",
        read: |_, _| unreachable!("nothing is read here"),
    }
}

pub fn from(servers: &[&Server]) -> Source {
    let bases = servers.iter().map(|server| &*server.address.clone().leak()).collect::<Vec<_>>();
    source(Origin::Files { bases: bases.leak() })
}

pub fn run(source: &Source, folder: &Folder) -> Result<(), FetchError> {
    fetch(source, &folder.0, None, &ProgressBar::hidden())
}

pub fn archive(member: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    zip.start_file(member, deflated).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

pub fn from_archive(bytes: Vec<u8>) -> (Server, Source) {
    let max_size = bytes.len() as u64 + 10;
    let server = Server::new(move |request, _| Reply::ranged(request, &bytes));
    let url = format!("{}Letters.zip", server.address).leak();
    let source = source(Origin::Zip { url, folder: "Letters/", max_size });
    (server, source)
}
