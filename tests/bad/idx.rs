use super::{Collection, Read, STRANGERS};
use crate::readers::idx::write;
use mole::bytes::{Limits, idx};

pub const READ: Read = |bytes| {
    idx::read("t.idx", bytes, &Limits::default())?;
    Ok(())
};

pub fn add(bad: &mut Collection) {
    let arrays = [("labels", vec![5]), ("images", vec![2, 2, 3]), ("colours", vec![2, 3, 2, 2])];
    for (name, sizes) in arrays {
        let name = format!("idx/{name}");
        let values: Vec<u8> = (1..=sizes.iter().product::<usize>() as u8).collect();
        let sound = write(&sizes, &values);
        let start = 4 + 4 * sizes.len();
        bad.longer(READ, &name, &sound);
        let ends = (0..4).chain((4..start).step_by(2)).chain([start, start + 1, sound.len() - 1]);
        bad.cuts(READ, "parse/truncated", &name, &sound, ends);
        for (at, byte) in [(0, 1), (0, 0x1f), (0, 0xff), (1, 1), (1, 0x8b), (1, 0xff)] {
            let name = format!("{name}/byte {at} {byte}");
            bad.patched(READ, "parse/wrong-magic", name, &sound, at, &[byte]);
        }
        // Signed bytes, short, int, float, double, and two that are none of the format's types.
        for kind in [0x09, 0x0b, 0x0c, 0x0d, 0x0e, 0x00, 0xff] {
            let name = format!("{name}/type {kind}");
            bad.patched(READ, "parse/unsupported", name, &sound, 2, &[kind]);
        }
        for n in [0, 5, 6, 127, 255] {
            let name = format!("{name}/{n} dimensions");
            bad.patched(READ, "parse/unsupported", name, &sound, 3, &[n]);
        }
        for (i, &size) in sizes.iter().enumerate() {
            let mut with = |what: &str, code, size: u32| {
                let name = format!("{name}/size {i} {what}");
                bad.patched(READ, code, name, &sound, 4 + 4 * i, &size.to_be_bytes());
            };
            let size = size as u32;
            with("of 0", "parse/out-of-range", 0);
            with("one more", "parse/truncated", size + 1);
            with("one less", "parse/trailing-bytes", size - 1);
            // Only the items are counted against a limit; the rest against the file.
            let huge = if i == 0 { "parse/too-large" } else { "parse/truncated" };
            with("of 31 bits", huge, i32::MAX as u32);
            with("of 32 bits", huge, u32::MAX);
            with("lowest byte first", huge, size.swap_bytes());
        }
    }
    for (what, bytes) in STRANGERS {
        bad.add(READ, "parse/wrong-magic", format!("idx/{what}"), bytes);
    }
    let beyond = [&[0, 0, 8, 4, 0, 0, 0, 1][..], &[255; 12]].concat();
    bad.add(READ, "parse/out-of-range", "idx/sizes beyond any memory", beyond);
    bad.add(READ, "parse/too-large", "idx/file beyond the limit", vec![0; (64 << 20) + 1]);
}
