//! As much of HTTP as one's own machine needs to be served: GET and HEAD, one request a connection,
//! a thread for each. Nothing is kept open, so no idle connection can hold up another.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::Outcome;

/// A request's line and headers must be no longer than this, and come within that time.
const HEAD_LIMIT: u64 = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// What a browser asks for.
pub struct Request {
    pub method: String,
    /// The path with its query.
    pub target: String,
    pub host: String,
}

/// What it gets. Its length is known beforehand, so that the page can show how much is to come.
pub struct Reply {
    pub status: u16,
    pub media_type: &'static str,
    pub length: u64,
    pub body: Box<dyn Read>,
}

impl Reply {
    pub fn text(status: u16, text: String) -> Self {
        let (media_type, length) = ("text/plain; charset=utf-8", text.len() as u64);
        Self { status, media_type, length, body: Box::new(io::Cursor::new(text)) }
    }
}

/// Serves on this machine's own address until the program ends, each reply with `headers`; returns
/// the address at once. Port 0 takes a free one.
pub fn serve<F>(port: u16, headers: &'static [(&str, &str)], reply: F) -> Outcome<SocketAddr>
where
    F: Fn(&Request, SocketAddr) -> Reply + Send + Sync + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("port {port}: {error}"))?;
    let address = listener.local_addr()?;
    let reply = Arc::new(reply);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let reply = Arc::clone(&reply);
            // A visitor who has gone away is no failure.
            thread::spawn(move || answer(&stream, headers, |request| reply(request, address)));
        }
    });
    Ok(address)
}

fn answer(
    stream: &TcpStream,
    headers: &[(&str, &str)],
    reply: impl FnOnce(&Request) -> Reply,
) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let Some(request) = read(stream)? else { return Ok(()) };
    let mut reply = reply(&request);
    let (status, media_type, length) = (reply.status, reply.media_type, reply.length);

    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    head += &format!("Content-Type: {media_type}\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "Connection: close\r\n\r\n";
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    if request.method != "HEAD" {
        io::copy(&mut reply.body, &mut stream)?;
    }
    stream.flush()
}

/// The request; `None` for what is none.
fn read(stream: impl Read) -> io::Result<Option<Request>> {
    let mut lines = BufReader::new(stream.take(HEAD_LIMIT)).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(None) };
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Ok(None);
    };
    let mut host = String::new();
    for line in lines {
        let line = line?;
        if line.is_empty() {
            let (method, target) = (method.to_owned(), target.to_owned());
            return Ok(Some(Request { method, target, host }));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("host")
        {
            host = value.trim().to_owned();
        }
    }
    Ok(None)
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Bad Gateway",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_to_its_empty_line() {
        let text =
            "GET /js/main.js?x=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: */*\r\n\r\nmore";
        let request = read(text.as_bytes()).unwrap().unwrap();
        assert_eq!(request.method, "GET");
        assert_eq!(request.target, "/js/main.js?x=1");
        assert_eq!(request.host, "127.0.0.1:8080");
    }

    #[test]
    fn what_is_no_request_is_dropped() {
        let endless = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000));
        for text in ["", "GET /", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n", &endless]
        {
            assert!(read(text.as_bytes()).unwrap().is_none(), "{text:.30}");
        }
    }

    #[test]
    fn a_reply_has_its_length_and_headers() {
        let headers: &[(&str, &str)] = &[("X-Test", "yes")];
        let address =
            serve(0, headers, |request, _| Reply::text(404, request.target.clone())).unwrap();
        let ask = |method: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "{method} /no HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            io::read_to_string(stream).unwrap()
        };
        let reply = ask("GET");
        assert!(reply.starts_with("HTTP/1.1 404 Not Found\r\n"), "{reply}");
        assert!(reply.contains("Content-Length: 3\r\nX-Test: yes\r\n"), "{reply}");
        assert!(reply.ends_with("\r\n\r\n/no"), "{reply}");
        assert!(ask("HEAD").ends_with("\r\n\r\n"));
    }
}
