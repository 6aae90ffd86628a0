//! Gzip: capped, checked against its own trailer, the same whole as in pieces.

use super::{LIMITS, Target, assert_places};
use flate2::{Compression, Crc, Decompress, FlushDecompress, Status, write::GzEncoder};
use mole::bytes::{Limits, ParseErrorKind, gzip};
use std::io::Write;

pub const TARGET: Target = Target {
    name: "gzip",
    read: |input| drop(gzip::unpack("t.gz", &framed(input), &LIMITS)),
    // The output as a growing vector, and the decoder's own tables.
    memory: |len| 3 * most(len + FRAME) + len + (256 << 10),
    check,
    seeds,
    tokens: &[b"\x1f\x8b\x08", b"\x00\x00", b"\xff\xff", b"\x03\x00", b"\x08", b"\x10", b"\x1e"],
};

const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
const FRAME: usize = 18;

/// What a file of that length may unpack to.
fn most(len: usize) -> usize {
    LIMITS.unpacked.min(len * LIMITS.ratio)
}

pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A gzip file that is not compressed, which takes a fuzzer less time than [`pack`].
pub fn store(bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for block in bytes.chunks(1 << 15) {
        let length = block.len() as u16;
        body.extend([&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes(), block].concat());
    }
    body.extend([1, 0, 0, 0xff, 0xff]);
    frame(&body, bytes, body.len())
}

/// The input's first byte decides: a gzip file as it stands, or a body of compressed data to which a
/// header and the right trailer are put, since hardly a changed file has the right checksum.
fn framed(input: &[u8]) -> Vec<u8> {
    match input.split_first() {
        Some((&choice, body)) if choice % 2 == 1 => {
            let (plain, used) =
                inflate(body, usize::from(choice / 2) + 1, most(body.len() + FRAME));
            frame(body, &plain.unwrap_or_default(), used)
        }
        Some((_, file)) => file.to_vec(),
        None => Vec::new(),
    }
}

fn frame(body: &[u8], plain: &[u8], used: usize) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(plain);
    let length = plain.len() as u32;
    [&HEADER, &body[..used], &crc.sum().to_le_bytes(), &length.to_le_bytes()].concat()
}

/// What a deflate stream unpacks to when it comes in pieces of `step` bytes, as long as that is
/// about `cap` at most, and how many bytes it took.
fn inflate(body: &[u8], step: usize, cap: usize) -> (Option<Vec<u8>>, usize) {
    let mut decoder = Decompress::new(false);
    let mut out = Vec::with_capacity(1 << 10);
    loop {
        let used = decoder.total_in() as usize;
        let piece = &body[used..body.len().min(used + step)];
        if out.len() == out.capacity() {
            out.reserve(out.len());
        }
        let before = out.len();
        match decoder.decompress_vec(piece, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return (Some(out), decoder.total_in() as usize),
            Ok(_) if out.len() > cap => return (None, body.len()),
            Ok(_) if decoder.total_in() as usize > used || out.len() > before => {}
            _ => return (None, body.len()),
        }
    }
}

fn check(input: &[u8]) {
    let file = framed(input);
    let read = gzip::unpack("t.gz", &file, &LIMITS);
    let plain = match &read {
        Ok(plain) => plain,
        Err(error) => {
            assert_places(error, &file);
            if let Some((&choice, body)) = input.split_first()
                && choice % 2 == 1
                && let (Some(whole), used) =
                    inflate(body, usize::from(choice / 2) + 1, LIMITS.unpacked)
            {
                assert_eq!(error.kind, ParseErrorKind::TooLarge, "{error}");
                assert!(whole.len() > most(used + FRAME), "{error}");
            }
            return;
        }
    };
    assert!(plain.len() <= most(file.len()));
    let (body, trailer) = file.split_at(file.len() - 8);
    let mut crc = Crc::new();
    crc.update(plain);
    assert_eq!(trailer[..4], crc.sum().to_le_bytes());
    assert_eq!(trailer[4..], (plain.len() as u32).to_le_bytes());
    if body[3] == 0 {
        // No optional fields: what follows the header comes out the same in pieces.
        let (pieces, used) = inflate(&body[10..], plain.len() % 7 + 1, LIMITS.unpacked);
        assert_eq!((pieces.as_deref(), used), (Some(&plain[..]), body.len() - 10));
    }
    let kind = |bytes: &[u8]| gzip::unpack("t.gz", bytes, &LIMITS).unwrap_err().kind;
    // A shorter file may also unpack to less.
    let shorter = kind(&file[..file.len() - 1]);
    let too_large = shorter == ParseErrorKind::TooLarge && plain.len() > most(file.len() - 1);
    assert!(shorter == ParseErrorKind::Truncated || too_large, "{shorter:?}");
    let longer = [&file[..], b"x"].concat();
    assert_eq!(kind(&longer), ParseErrorKind::TrailingBytes);
    let mut changed = file.clone();
    changed[body.len() + plain.len() % 8] ^= 1 << (file.len() % 8);
    assert_eq!(kind(&changed), ParseErrorKind::BadCompression);
    assert!(gzip::unpack("t.gz", &store(plain), &Limits::default()).unwrap() == *plain);
}

fn seeds() -> Vec<Vec<u8>> {
    let texts: [&[u8]; 5] =
        [b"", b"a", b"some words, some words, some words", &[0; 3000], &[7, 0, 255, 1, 2, 3, 9]];
    let mut seeds = Vec::new();
    for text in texts {
        let file = pack(text);
        seeds.push([&[0], &file[..]].concat());
        seeds.push([&[5], &file[10..file.len() - 8]].concat());
        seeds.push([&[0], &store(text)[..]].concat());
    }
    let named = flate2::GzBuilder::new().filename("x").comment("y").extra(&b"z"[..]);
    let mut named = named.write(Vec::new(), Compression::fast());
    named.write_all(b"named").unwrap();
    seeds.push([&[0], &named.finish().unwrap()[..]].concat());
    seeds
}
