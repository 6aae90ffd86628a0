//! The files that make up the page, and the list of them that its service worker keeps.

use std::fmt::Write;
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Outcome;

/// The page's service worker: served and published with the list of files before its text.
pub const SERVICE_WORKER: &str = "sw.js";

/// Whether a file under `www/` is part of the page: what is served, and what is published.
pub fn is_page_file(path: &Path) -> bool {
    const TOOLING: &[&str] =
        &["node_modules", "test", "data", "package.json", "package-lock.json", "tsconfig.json"];
    let inner = path.components().skip(1).count() > 0;
    let names = || path.components().map(|part| part.as_os_str().to_string_lossy());
    let tooling = names().next().is_some_and(|first| TOOLING.contains(&&*first));
    // wasm-pack puts a package.json into its folders; npm needs it, the page does not.
    let unread = names().next_back().is_some_and(|last| {
        last.ends_with(".d.ts") || last.ends_with(".md") || (inner && last == "package.json")
    });
    !tooling && !unread && !names().any(|name| name.starts_with('.'))
}

/// The page's files, relative to `folder`, in order.
pub fn page_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inside))? {
            let entry = entry?;
            let path = inside.join(entry.file_name());
            if !is_page_file(&path) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the page's own scripts and styles include it: what a visitor of any browser needs, and
/// what is minified. wasm-bindgen's glue belongs to the bundles, and libraries come minified.
pub fn is_own_source(path: &Path) -> bool {
    let source = path.extension().is_some_and(|kind| kind == "js" || kind == "css");
    source && !path.starts_with("pkg")
}

/// The scripts and styles that a visit loads before anything is opened: what `index.html` names, the
/// worker, and all that those import outright. Parts that are imported when they are opened are not
/// among them.
pub fn loaded_first(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let page = fs::read_to_string(folder.join("index.html"))?;
    let named = quoted_after(&page, &["href=", "src="]);
    let sources = named.into_iter().map(PathBuf::from).filter(|path| is_own_source(path));
    let mut waiting: Vec<PathBuf> = sources.chain([PathBuf::from("js/worker.js")]).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if found.contains(&path) {
            continue;
        }
        if path.extension().is_some_and(|kind| kind == "js") {
            let text = fs::read_to_string(folder.join(&path))?;
            let beside = path.parent().unwrap_or(Path::new(""));
            let imports = quoted_after(&text, &["from", "import"]);
            let local = imports.into_iter().filter(|name| name.starts_with('.'));
            waiting.extend(local.map(|name| plain(&beside.join(name))));
        }
        found.push(path);
    }
    found.sort();
    Ok(found)
}

/// What stands in quotes right after one of the words, white space aside.
fn quoted_after<'a>(text: &'a str, words: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, word) in words.iter().flat_map(|word| text.match_indices(word)) {
        let rest = text[at + word.len()..].trim_start();
        let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else {
            continue;
        };
        found.extend(rest[1..].split_once(quote).map(|(inside, _)| inside));
    }
    found
}

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
        plain
    })
}

/// The service worker's text with a first line that names every file of the page in `folder` and
/// the beginning of its SHA-256. By it the worker knows which of its copies are out of date, and
/// that what it fetched is of this version.
pub fn service_worker(folder: &Path, text: &str) -> Outcome<String> {
    /// Tells versions apart; whether bytes are genuine is for TLS to say.
    const DIGITS: usize = 8;

    let mut list = String::new();
    for path in page_files(folder)? {
        if path == Path::new(SERVICE_WORKER) {
            continue;
        }
        let digits = format!("{:x}", Sha256::digest(fs::read(folder.join(&path))?));
        let name = path.to_str().ok_or("a file's name is not UTF-8")?.replace('\\', "/");
        let comma = if list.is_empty() { "" } else { "," };
        write!(list, "{comma}{name:?}:{:?}", &digits[..DIGITS])?;
    }
    Ok(format!("self.FILES={{{list}}};\n{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::www;

    #[test]
    fn tooling_is_not_part_of_the_page() {
        for name in ["index.html", "js/main.js", "pkg/cpu/LICENSE-MIT", "pkg/cpu/mole_bg.wasm"] {
            assert!(is_page_file(Path::new(name)), "{name}");
        }
        for name in [
            "node_modules/a.js",
            "package.json",
            "pkg/cpu/package.json",
            "pkg/cpu/mole.d.ts",
            "pkg/cpu/.gitignore",
            "test/link.test.js",
            "pkg/cpu/README.md",
        ] {
            assert!(!is_page_file(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn the_page_has_its_parts() {
        let files = page_files(&www()).unwrap();
        for name in ["index.html", "js/main.js", "sw.js", "style/base.css"] {
            assert!(files.contains(&PathBuf::from(name)), "{name}");
        }
    }

    #[test]
    fn own_sources_are_the_pages_scripts_and_styles() {
        for name in ["js/main.js", "sw.js", "style.css", "style/take.css"] {
            assert!(is_own_source(Path::new(name)), "{name}");
        }
        for name in ["index.html", "pkg/cpu/mole.js", "icon.svg"] {
            assert!(!is_own_source(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn what_is_opened_later_is_not_loaded_first() {
        let first = loaded_first(&www()).unwrap();
        for name in ["js/main.js", "js/worker.js", "js/dom.js", "style/base.css"] {
            assert!(first.contains(&PathBuf::from(name)), "{name}");
        }
        for name in ["js/views/inspect/inspect.js", "js/views/take/take.js", "sw.js"] {
            assert!(!first.contains(&PathBuf::from(name)), "{name}");
        }
        let found = page_files(&www()).unwrap();
        assert!(first.iter().all(|path| found.contains(path)), "{first:?}");
    }

    #[test]
    fn the_service_worker_lists_each_file_by_its_hash() {
        let folder = std::env::temp_dir().join(format!("mole-page-{}", std::process::id()));
        fs::create_dir_all(folder.join("js")).unwrap();
        for (name, text) in [("index.html", "abc"), ("js/a.js", ""), ("sw.js", "later")] {
            fs::write(folder.join(name), text).unwrap();
        }
        let filled = service_worker(&folder, "later").unwrap();
        fs::remove_dir_all(&folder).unwrap();
        // The hashes of "abc" and of nothing, as FIPS 180 gives them.
        let line = r#"self.FILES={"index.html":"ba7816bf","js/a.js":"e3b0c442"};"#;
        assert_eq!(filled, format!("{line}\nlater"));
    }
}
