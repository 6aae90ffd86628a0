use super::{Collection, Read, STRANGERS};
use crate::readers::gzip::{pack, store};
use flate2::{Compression, GzBuilder};
use mole::bytes::{Limits, gzip};
use std::io::Write;

const READ: Read = |bytes| {
    gzip::unpack("t.gz", bytes, &Limits::default())?;
    Ok(())
};

pub fn add(bad: &mut Collection) {
    let text = b"some words, some words, some words, 1, 2, 3";
    for (name, sound) in [("packed", pack(text)), ("stored", store(text))] {
        let name = format!("gzip/{name}");
        let n = sound.len();
        bad.longer(READ, &name, &sound);
        bad.cuts(READ, "parse/wrong-magic", &name, &sound, [0, 1]);
        let ends = (2..12).chain([n / 2, n - 9, n - 8, n - 7, n - 4, n - 1]);
        bad.cuts(READ, "parse/truncated", &name, &sound, ends);
        for bit in 0..64 {
            let field = if bit < 32 { "checksum" } else { "length" };
            let at = n - 8 + bit / 8;
            let changed = sound[at] ^ 1 << (bit % 8);
            let name = format!("{name}/bit {} of the {field}", bit % 32);
            bad.patched(READ, "parse/bad-compression", name, &sound, at, &[changed]);
        }
        for method in [0, 1, 7, 9, 255] {
            let name = format!("{name}/method {method}");
            bad.patched(READ, "parse/bad-compression", name, &sound, 2, &[method]);
        }
    }
    for (what, bytes) in STRANGERS {
        bad.add(READ, "parse/wrong-magic", format!("gzip/{what}"), bytes);
    }
    header(bad, text);
    blocks(bad);
    for (what, byte) in [("zeros", 0), ("letters", b'a')] {
        bad.add(
            READ,
            "parse/too-large",
            format!("gzip/bomb of {what}"),
            pack(&vec![byte; 1 << 22]),
        );
    }
    let twice = pack(&pack(&vec![0; 1 << 24]));
    bad.add(super::idx::READ, "parse/wrong-magic", "gzip/packed twice", twice);
    bad.add(READ, "parse/too-large", "gzip/file beyond the limit", vec![0x1f; (64 << 20) + 1]);
}

/// Optional fields of the header that are cut, or wrong.
fn header(bad: &mut Collection, text: &[u8]) {
    let named = GzBuilder::new().extra(&b"abc"[..]).filename("name").comment("words");
    let mut named = named.write(Vec::new(), Compression::best());
    named.write_all(text).unwrap();
    let sound = named.finish().unwrap();
    bad.cuts(READ, "parse/truncated", "gzip/named", &sound, 10..27);
    let bare = pack(text);
    let extra = [&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 255, 255][..], &bare[10..]].concat();
    bad.add(READ, "parse/truncated", "gzip/extra field beyond the end", extra);
    let checked = [&[0x1f, 0x8b, 8, 2, 0, 0, 0, 0, 0, 255, 1, 2][..], &bare[10..]].concat();
    bad.add(READ, "parse/bad-compression", "gzip/checksum of the header", checked);
}

/// Compressed data that mean nothing (RFC 1951).
fn blocks(bad: &mut Collection) {
    let bodies: [(&str, &[u8]); 6] = [
        ("block of type 3", &[0b111]),
        ("stored length and its complement", &[1, 5, 0, 0, 0]),
        ("more than 286 symbols", &[0b1111_1101, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (
            "code lengths that are too many",
            &[0b0000_0101, 0b1110_0000, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ),
        ("copy from before the start", &[0x03, 0x02, 0x00, 0x00]),
        ("repeat of no length", &[0x05, 0xe0, 0x81, 0x08, 0x00, 0x00, 0x00, 0x00]),
    ];
    for (what, body) in bodies {
        let file = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255][..], body, &[0; 8]].concat();
        bad.add(READ, "parse/bad-compression", format!("gzip/{what}"), file);
    }
}
