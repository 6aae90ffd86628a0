//! The page on this machine: its files, its data, its headers.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::data::Data;
use crate::http::{Reply, Request, serve};
use crate::page::is_page_file;
use crate::{Outcome, www};

/// What the page may do. As `www/index.html` says it for hosts that send no headers, and sent with
/// every file, since the service worker follows the policy of its own script. The worker that trains
/// starts from a blob, and so follows the page's. Anybody may frame the page: that
/// is what `?embed=1` is for, and it has no account to be tricked out of.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    worker-src 'self' blob:; connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types mole";

const HEADERS: &[(&str, &str)] = &[
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cache-Control", "no-cache"),
];

/// Serves until the program ends; returns the address at once. Port 0 takes a free one.
pub fn start(port: u16, data: Data) -> Outcome<SocketAddr> {
    serve(port, HEADERS, move |request, address| {
        find(request, address, &data)
            .and_then(|path| file(&path))
            .unwrap_or_else(|(status, text)| Reply::text(status, text))
    })
}

/// A status and its words.
type Refusal = (u16, String);

/// The file that a request is for.
fn find(request: &Request, address: SocketAddr, data: &Data) -> Result<PathBuf, Refusal> {
    // A page of somewhere else that has bent its own name to this address stays outside.
    let port = address.port();
    if request.host != format!("127.0.0.1:{port}") && request.host != format!("localhost:{port}") {
        return Err((403, "this server answers to its own address only".into()));
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Err((405, "only GET".into()));
    }
    let path = request.target.split('?').next().unwrap_or_default();
    let missing = || (404, format!("there is no {path}"));
    let inside = relative(path).ok_or_else(missing)?;
    let parts: Vec<_> = inside.iter().filter_map(|part| part.to_str()).collect();
    if let ["data", set, name] = parts[..] {
        return match data.file(set, name) {
            None => Err(missing()),
            Some(found) => found.map_err(|error| (502, error.to_string())),
        };
    }
    if !is_page_file(&inside) {
        return Err(missing());
    }
    Ok(www().join(inside))
}

/// The address's path as one under the served folder; `None` for anything but plain names.
fn relative(path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    let named = |name: &str| !name.is_empty() && name.bytes().all(plain) && !name.starts_with('.');
    path.split('/').all(named).then(|| path.split('/').collect())
}

fn file(path: &Path) -> Result<Reply, Refusal> {
    let gone = |_| (404, "there is no such file".to_owned());
    let file = File::open(path).map_err(gone)?;
    let about = file.metadata().map_err(gone)?;
    if !about.is_file() {
        return Err((404, "there is no such file".into()));
    }
    let (media_type, length) = (media_type(path), about.len());
    Ok(Reply { status: 200, media_type, length, body: Box::new(file) })
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn only_plain_paths_are_looked_up() {
        assert_eq!(relative("/"), Some("index.html".into()));
        assert_eq!(relative("/js/views/stage.js"), Some("js/views/stage.js".into()));
        for path in
            ["/../Cargo.toml", "/js//x.js", "/.git/config", "/a%2e.js", "js", "/a\\b", "//etc"]
        {
            assert_eq!(relative(path), None, "{path}");
        }
    }

    #[test]
    fn the_page_states_the_policy_that_is_sent() {
        let page = fs::read_to_string(www().join("index.html")).unwrap();
        assert!(page.contains(POLICY), "{POLICY}");
    }
}
