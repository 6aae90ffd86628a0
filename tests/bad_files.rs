//! Files as they should not be: each is refused with its own code, and the message names the file,
//! the place, what was expected and what was found. Nothing panics.

use flate2::{Compression, write::GzEncoder};
use mole::bytes::csv::{Format, Reader};
use mole::bytes::{Limits, ParseError, gzip, idx, pickle, text, tu};
use mole::data::{DataError, Files, source};
use mole::rng::Seed;
use std::io::Write;

/// A reader, reduced to whether it takes the bytes of a file.
type Read = fn(&[u8]) -> Result<(), ParseError>;

fn read_idx(bytes: &[u8]) -> Result<(), ParseError> {
    idx::read("t.idx", bytes, &Limits::default()).map(drop)
}

fn read_gzip(bytes: &[u8]) -> Result<(), ParseError> {
    gzip::unpack("t.gz", bytes, &Limits::default()).map(drop)
}

fn read_csv(bytes: &[u8]) -> Result<(), ParseError> {
    let format = Format { columns: Some(3), ..Format::default() };
    let mut reader = Reader::new("t.csv", bytes, format, &Limits::default())?;
    reader.try_for_each(|record| record?.number(1).map(drop))
}

fn read_numbers(bytes: &[u8]) -> Result<(), ParseError> {
    text::numbers::<u32>("t.index", bytes, &Limits::default()).map(drop)
}

fn read_array(bytes: &[u8]) -> Result<(), ParseError> {
    pickle::array("t.y", bytes, &Limits::default()).map(drop)
}

fn read_matrix(bytes: &[u8]) -> Result<(), ParseError> {
    pickle::csr("t.x", bytes, &Limits::default()).map(drop)
}

fn read_lists(bytes: &[u8]) -> Result<(), ParseError> {
    pickle::lists("t.graph", bytes, &Limits::default()).map(drop)
}

/// Two graphs, of two nodes and one; the bytes are the edges.
fn read_edges(bytes: &[u8]) -> Result<(), ParseError> {
    let file = |name, bytes| tu::File { name, bytes };
    let files = tu::Files {
        edges: file("t.edges", bytes),
        graph_indicator: file("t.graph_indicator", b"1\n1\n2\n"),
        graph_labels: file("t.graph_labels", b"0\n1\n"),
        node_labels: file("t.node_labels", b"0\n0\n0\n"),
        edge_labels: None,
    };
    tu::read(&files, &Limits::default()).map(drop)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const IDX: &[u8] = &[0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
const CSV: &[u8] = b"a,b,c\nx,1.5,\"y, z\"\n";
const LISTS: &[u8] = b"\x80\x02ccollections\ndefaultdict\nq\x01c__builtin__\nlist\nq\x02\x85Rq\x03\
    (K\x00]q\x04(K\x01K\x02eK\x01]q\x05K\x00au.";
const ARRAY: &[u8] = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02\
    K\x00\x85U\x01b\x87Rq\x03(K\x01K\x01K\x02\x86cnumpy\ndtype\nq\x04U\x02i4K\x00K\x01\x87Rq\x05\
    (K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x08\x00\x00\x00\
    \x01\x00\x00\x00\x00\x00\x00\x00tb.";

#[test]
fn every_bad_file_has_its_code() {
    let bomb = packed(&vec![0; 1 << 22]);
    let trailing = [&packed(IDX)[..], b"more"].concat();
    let mut checksum = packed(IDX);
    let at = checksum.len() - 5;
    checksum[at] ^= 0x80;
    let cut = &packed(IDX)[..20];
    let huge = vec![b'1'; (64 << 20) + 1];
    let wide = [b",".repeat(70_000), b"\n".to_vec()].concat();
    let deep = [&b"\x80\x02"[..], &[b'('; 40]].concat();
    let other_type = replaced(ARRAY, b"U\x02i4", b"U\x02O8");
    let other_shape = replaced(ARRAY, b"K\x01K\x01K\x02\x86", b"K\x01K\x01K\x03\x86");
    let big_endian = replaced(ARRAY, b"U\x01<", b"U\x01>");
    let system = b"\x80\x02cposix\nsystem\nU\x06rm -rf\x85R.";
    let cases: &[(&str, Read, &[u8])] = &[
        ("parse/truncated", read_idx, &IDX[..10]),
        ("parse/truncated", read_idx, &IDX[..17]),
        ("parse/truncated", read_idx, b""),
        ("parse/trailing-bytes", read_idx, &[IDX, &[7]].concat()),
        ("parse/wrong-magic", read_idx, b"\x89PNG\r\n\x1a\n"),
        ("parse/unsupported", read_idx, &[0, 0, 0x0d, 1, 0, 0, 0, 1, 0]),
        ("parse/unsupported", read_idx, &[0, 0, 8, 200]),
        ("parse/too-large", read_idx, &[0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff, 0]),
        ("parse/out-of-range", read_idx, &[0, 0, 8, 1, 0, 0, 0, 0]),
        ("parse/truncated", read_idx, &[0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 255, 255, 0, 0, 255, 255]),
        ("parse/truncated", read_idx, cut),
        ("parse/bad-compression", read_idx, &checksum),
        ("parse/trailing-bytes", read_idx, &trailing),
        ("parse/too-large", read_idx, &bomb),
        ("parse/too-large", read_gzip, &bomb),
        ("parse/wrong-magic", read_gzip, b"PK\x03\x04"),
        (
            "parse/bad-compression",
            read_gzip,
            &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff],
        ),
        ("parse/truncated", read_csv, b""),
        ("parse/wrong-column-count", read_csv, b"a,b,c\nx,1\n"),
        ("parse/wrong-column-count", read_csv, b"a,b,c\nx,1,y,z\n"),
        ("parse/bad-number", read_csv, b"a,b,c\nx,one,y\n"),
        ("parse/bad-number", read_csv, b"a,b,c\nx,NaN,y\n"),
        ("parse/out-of-range", read_csv, b"a,b,c\nx,?,y\n"),
        ("parse/bad-quote", read_csv, b"a,b,c\nx,1,\"y\n"),
        ("parse/bad-quote", read_csv, b"a,b,c\nx,1,\"y\"z\n"),
        ("parse/bad-text", read_csv, b"a,b,c\nx,1,\xff\n"),
        ("parse/too-large", read_csv, &wide),
        ("parse/too-large", read_csv, &huge),
        ("parse/bad-number", read_numbers, b"1\n2x\n"),
        ("parse/bad-number", read_numbers, b"4294967296\n"),
        ("parse/bad-text", read_numbers, b"1\n\xc3\n"),
        ("parse/too-large", read_numbers, &huge),
        ("parse/out-of-range", read_edges, b"1, 4\n"),
        ("parse/out-of-range", read_edges, b"0, 1\n"),
        ("parse/bad-number", read_edges, b"1, -2\n"),
        ("parse/wrong-column-count", read_edges, b"1 2\n"),
        ("parse/inconsistent", read_edges, b"2, 3\n"),
        ("parse/wrong-magic", read_lists, b"\x80\x05\x95"),
        ("parse/wrong-magic", read_lists, b"(dp0\nI0\n(lp1\n"),
        ("parse/forbidden", read_lists, system),
        ("parse/forbidden", read_matrix, system),
        ("parse/forbidden", read_array, b"\x80\x02c__builtin__\neval\n."),
        ("parse/forbidden", read_array, b"\x80\x02cnumpy\ndtype\nU\x02i4\x85R."),
        ("parse/forbidden", read_matrix, b"\x80\x02cnumpy\nndarray\n)\x81."),
        ("parse/forbidden", read_lists, b"\x80\x02X\x01\x00\x00\x00a."),
        ("parse/forbidden", read_lists, b"\x80\x02P1\n."),
        ("parse/too-large", read_lists, &deep),
        ("parse/inconsistent", read_lists, b"\x80\x02h\x09."),
        ("parse/inconsistent", read_lists, b"\x80\x02]K\x01u."),
        ("parse/truncated", read_lists, b"\x80\x02T\xff\xff\xff\xffabc"),
        ("parse/unsupported", read_lists, b"\x80\x02]."),
        ("parse/out-of-range", read_lists, b"\x80\x02}(K\x00](J\xff\xff\xff\xffeu."),
        ("parse/unsupported", read_array, LISTS),
        ("parse/unsupported", read_array, &other_type),
        ("parse/unsupported", read_array, &big_endian),
        ("parse/inconsistent", read_array, &other_shape),
        ("parse/unsupported", read_matrix, ARRAY),
    ];
    for (i, &(code, read, bytes)) in cases.iter().enumerate() {
        let error = read(bytes).expect_err(&format!("case {i}, {code}"));
        assert_eq!(error.code(), code, "case {i}: {error}");
        assert_is_complete(&error);
    }
}

/// `FILE, PLACE: expected EXPECTED, found FOUND`, short enough to be read.
fn assert_is_complete(error: &ParseError) {
    let message = error.to_string();
    assert!(message.starts_with("t."), "{message}");
    assert!(message.contains(", byte ") || message.contains(", line "), "{message}");
    let (_, rest) = message.split_once(": expected ").expect(&message);
    let (expected, found) = rest.split_once(", found ").expect(&message);
    assert!(!expected.is_empty() && !found.is_empty(), "{message}");
    assert!(message.len() < 200 && !message.contains('\n'), "{message}");
}

/// With the first `from` replaced by `to`, which is as long.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    bytes[at..at + from.len()].copy_from_slice(to);
    bytes
}

const SOUND: [(Read, &[u8]); 5] = [
    (read_idx, IDX),
    (read_csv, CSV),
    (read_lists, LISTS),
    (read_array, ARRAY),
    (read_edges, b"1, 2\n2, 1\n"),
];

#[test]
fn every_prefix_of_a_sound_file_is_refused_or_read() {
    for (read, bytes) in SOUND {
        read(bytes).unwrap();
        for end in 0..bytes.len() {
            if let Err(error) = read(&bytes[..end]) {
                assert_is_complete(&error);
            }
        }
    }
    // Binary formats say how long they are: none of their prefixes is a file.
    for (read, bytes) in [(read_idx as Read, IDX), (read_lists, LISTS), (read_array, ARRAY)] {
        (0..bytes.len()).for_each(|end| assert!(read(&bytes[..end]).is_err(), "{end}"));
    }
    let packed = packed(IDX);
    (0..packed.len()).for_each(|end| assert!(read_idx(&packed[..end]).is_err(), "{end}"));
}

#[test]
fn no_changed_byte_makes_a_reader_panic() {
    let packed = packed(IDX);
    for (read, bytes) in SOUND.into_iter().chain([(read_idx as Read, packed.as_slice())]) {
        for at in 0..bytes.len() {
            for value in 0..=255 {
                let mut changed = bytes.to_vec();
                changed[at] = value;
                if let Err(error) = read(&changed) {
                    assert_is_complete(&error);
                }
            }
        }
    }
}

#[test]
fn random_bytes_after_a_sound_start_are_refused_or_read() {
    let mut stream = Seed(11).stream("bad files");
    for (read, bytes) in SOUND {
        for _ in 0..5000 {
            let mut mixed = bytes[..stream.below(bytes.len())].to_vec();
            let n = stream.below(40);
            // Bytes of the file itself, so that opcodes and digits come up often.
            mixed.extend((0..n).map(|_| bytes[stream.below(bytes.len())]));
            if let Err(error) = read(&mixed) {
                assert_is_complete(&error);
            }
        }
    }
}

#[test]
fn a_file_that_is_not_the_publishers_is_refused_before_it_is_read() {
    let adult = source("adult").unwrap();
    let load = |files: &Files| adult.load(files, Seed(0)).unwrap_err();
    let mut files = Files::default();
    let missing = load(&files);
    assert_eq!(missing.to_string(), "adult.data: expected this file, found none");
    assert_eq!(missing.code(), "data/missing-file");
    files.insert("adult.data", b"39, State-gov\n".to_vec());
    let short = load(&files);
    assert_eq!(short.to_string(), "adult.data: expected 3974305 bytes, found 14");
    assert_eq!(short.code(), "data/wrong-size");
    files.insert("adult.data", vec![b'\n'; 3_974_305]);
    let changed = load(&files);
    assert_eq!(changed.code(), "data/wrong-hash");
    let DataError::WrongHash { expected, found, .. } = &changed else { panic!("{changed}") };
    assert!(expected.len() == 64 && found.len() == 64 && expected != found);
    // Without the check of hashes the reader itself says what is wrong.
    let read = adult.parse(&Files::default(), Seed(0)).unwrap_err();
    assert_eq!(read.code(), "data/missing-file");
    files.insert("adult.data", b"39, State-gov\n".to_vec());
    files.insert("adult.test", Vec::new());
    let read = adult.parse(&files, Seed(0)).unwrap_err();
    assert_eq!(read.to_string(), "adult.data, line 1: expected 15 fields, found 2");
}
