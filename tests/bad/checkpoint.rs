//! Checkpoints, damaged as they stand, and with a hash that fits what was done to them.

use super::{Collection, Read, STRANGERS};
use crate::readers::checkpoint::{TARGET, hashed};
use mole::checkpoint::Checkpoint;

const READ: Read = |bytes| Ok(Checkpoint::from_bytes(bytes).map(drop)?);

/// Where the header begins: after the magic number, the version, its length and the hash.
const HEADER: usize = 48;

pub fn add(bad: &mut Collection) {
    for (i, sound) in (TARGET.seeds)().into_iter().enumerate() {
        if let Err(problem) = READ(&sound) {
            panic!("checkpoint {i} is not sound: {problem}");
        }
        let name = format!("checkpoint/{i}");
        let end = sound.len();
        let cuts = [0, 1, 7, 8, 12, 16, 47, 48, 49, end / 2, end - 4, end - 1];
        bad.cuts(READ, "checkpoint/damaged", &name, &sound, cuts);
        for at in (0..8).chain((12..HEADER).step_by(3)).chain((HEADER..end).step_by(end / 16)) {
            let changed = [sound[at] ^ 1];
            let what = format!("{name}/another byte {at}");
            bad.patched(READ, "checkpoint/damaged", what, &sound, at, &changed);
        }
        for version in [0, 2, 255, u32::MAX] {
            let what = format!("{name}/version {version}");
            let bytes = version.to_le_bytes();
            bad.patched(READ, "checkpoint/other-version", what, &sound, 8, &bytes);
        }
        let mut hashes = |what: &str, file: &[u8]| {
            let name = format!("{name}/{what}, hash and all");
            bad.add(READ, "checkpoint/damaged", name, hashed(file));
        };
        hashes("and a zero", &[&sound[..], &[0]].concat());
        hashes("and itself", &sound.repeat(2));
        hashes("without its last number", &sound[..end - 4]);
        for length in [0u32, 1, 1 << 24, u32::MAX] {
            let mut file = sound.clone();
            file[12..16].copy_from_slice(&length.to_le_bytes());
            hashes(&format!("a header of {length} bytes"), &file);
        }
        // What CBOR begins with: a break, a number, a map and a list that claim to be endless, a tag.
        for first in [0xff, 0x00, 0xbf, 0x9f, 0xc0, 0xf6, 0xfb] {
            let mut file = sound.clone();
            file[HEADER] = first;
            hashes(&format!("a header that begins with {first:#x}"), &file);
        }
    }
    for (what, bytes) in STRANGERS {
        bad.add(READ, "checkpoint/damaged", format!("checkpoint/{what}"), bytes);
    }
}
