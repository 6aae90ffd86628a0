//! Changes to sound inputs, drawn from a seed: what a fuzzer does, without one.

use super::Target;
use mole::rng::Stream;

/// One of the target's seeds with one to four changes.
pub fn mutated(target: &Target, seeds: &[Vec<u8>], stream: &mut Stream) -> Vec<u8> {
    let mut bytes = seeds[stream.below(seeds.len())].clone();
    for _ in 0..=stream.below(4) {
        change(&mut bytes, target, seeds, stream);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, target: &Target, seeds: &[Vec<u8>], stream: &mut Stream) {
    let at = stream.below(bytes.len() + 1);
    let end = at + stream.below((bytes.len() - at).min(16) + 1);
    match stream.below(8) {
        0 => flip(bytes, at, 1 << stream.below(8)),
        1 => flip(bytes, at, 1 + stream.below(255) as u8),
        2 => drop(bytes.drain(at..end)),
        3 => bytes.truncate(at),
        4 => {
            let copy = bytes[at..end].to_vec();
            insert(bytes, stream, &copy);
        }
        5 | 6 => {
            let token = target.tokens[stream.below(target.tokens.len())];
            insert(bytes, stream, token);
        }
        _ => {
            let other = &seeds[stream.below(seeds.len())];
            bytes.truncate(at);
            bytes.extend_from_slice(&other[stream.below(other.len() + 1)..]);
        }
    }
}

fn flip(bytes: &mut [u8], at: usize, bits: u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= bits;
    }
}

fn insert(bytes: &mut Vec<u8>, stream: &mut Stream, piece: &[u8]) {
    let at = stream.below(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}
