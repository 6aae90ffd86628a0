//! Files as they should not be: sound ones, each spoilt in one named way, with the code that its
//! reader must refuse it with.

#[cfg(feature = "cpu")]
mod checkpoint;
mod csv;
mod gzip;
mod idx;
mod own;
mod pickle;
#[cfg(feature = "cpu")]
mod plan;
mod sets;
mod text;
mod tu;

use mole::error::Problem;

/// A reader, reduced to whether it takes the bytes of a file.
pub type Read = fn(&[u8]) -> Result<(), Problem>;

pub struct BadFile {
    /// What it was and what was done to it: `idx/images/size 1 one more`.
    pub name: String,
    pub code: &'static str,
    pub read: Read,
    pub bytes: Vec<u8>,
}

/// The whole collection, the same every time.
pub fn files() -> Vec<BadFile> {
    let mut bad = Collection::default();
    [idx::add, gzip::add, csv::add, text::add, tu::add, pickle::add, sets::add, own::add]
        .iter()
        .for_each(|add| add(&mut bad));
    #[cfg(feature = "cpu")]
    [plan::add, checkpoint::add].iter().for_each(|add| add(&mut bad));
    bad.files
}

#[derive(Default)]
pub struct Collection {
    files: Vec<BadFile>,
}

impl Collection {
    fn add(
        &mut self,
        read: Read,
        code: &'static str,
        name: impl Into<String>,
        bytes: impl Into<Vec<u8>>,
    ) {
        self.files.push(BadFile { name: name.into(), code, read, bytes: bytes.into() });
    }

    /// The file cut at each of some places.
    fn cuts(
        &mut self,
        read: Read,
        code: &'static str,
        name: &str,
        sound: &[u8],
        ends: impl IntoIterator<Item = usize>,
    ) {
        for end in ends {
            self.add(read, code, format!("{name}/cut at {end}"), &sound[..end]);
        }
    }

    /// The file with more at its end.
    fn longer(&mut self, read: Read, name: &str, sound: &[u8]) {
        let ends: [(&str, &[u8]); 4] =
            [("a zero", b"\0"), ("a newline", b"\n"), ("words", b"and more"), ("itself", sound)];
        for (what, end) in ends {
            self.add(
                read,
                "parse/trailing-bytes",
                format!("{name}/and {what}"),
                [sound, end].concat(),
            );
        }
    }

    /// The file with the bytes at a place replaced.
    fn patched(
        &mut self,
        read: Read,
        code: &'static str,
        name: String,
        sound: &[u8],
        at: usize,
        patch: &[u8],
    ) {
        let mut bytes = sound.to_vec();
        bytes[at..at + patch.len()].copy_from_slice(patch);
        self.add(read, code, name, bytes);
    }
}

/// The first bytes of files of other formats, and what a server sends in place of a file.
const STRANGERS: [(&str, &[u8]); 14] = [
    ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("zip", b"PK\x03\x04\x14\0\0\0\x08\0"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ("numpy", b"\x93NUMPY\x01\0v\0{'descr'"),
    ("html", b"<!DOCTYPE html><html><title>404 Not Found</title>"),
    ("json", b"{\"error\": \"not found\"}"),
    ("bzip2", b"BZh91AY&SY\0\0\0\0"),
    ("xz", b"\xfd7zXZ\0\0\x04\xe6\xd6"),
    ("zstd", b"\x28\xb5\x2f\xfd\x04\x58\0\0"),
    ("zlib", b"\x78\x9c\x03\0\0\0\0\x01"),
    ("compress", b"\x1f\x9d\x90\0\0\0\0\0"),
    ("elf", b"\x7fELF\x02\x01\x01\0"),
    ("git lfs pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
];

/// Bytes that are not UTF-8.
const NOT_UTF8: [(&str, &[u8]); 9] = [
    ("no first byte", b"\x80"),
    ("never a byte", b"\xff"),
    ("latin-1", b"caf\xe9"),
    ("two cut to one", b"\xc3"),
    ("three cut to two", b"\xe2\x82"),
    ("four cut to three", b"\xf0\x9f\x92"),
    ("longer than needed", b"\xc0\xaf"),
    ("half of a pair", b"\xed\xa0\x80"),
    ("beyond the last", b"\xf5\x80\x80\x80"),
];

/// The text in UTF-16 with a byte order mark.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}
