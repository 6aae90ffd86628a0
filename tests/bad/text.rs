use super::{Collection, NOT_UTF8, Read, utf16};
use mole::bytes::{Limits, text};

const READ: Read = |bytes| {
    text::numbers::<u32>("t.index", bytes, &Limits::default())?;
    Ok(())
};

/// Not a whole number from 0 to 2^32 - 1.
const NUMBERS: [&str; 16] = [
    "one",
    "-1",
    "1.0",
    "1e3",
    "1,2",
    "1 2",
    "0x1",
    "NaN",
    "+-1",
    "- 1",
    "1\0",
    "4294967296",
    "99999999999999999999",
    "４",
    "\u{feff}1",
    "\u{200b}",
];

pub fn add(bad: &mut Collection) {
    for line in 0..3 {
        let with = |text: &[u8]| {
            let mut lines = [&b"7"[..], b"0", b"12"];
            lines[line] = text;
            lines.join(&b"\n"[..])
        };
        for number in NUMBERS {
            let name = format!("text/line {line}, number {number:?}");
            bad.add(READ, "parse/bad-number", name, with(number.as_bytes()));
        }
        for (what, bytes) in NOT_UTF8 {
            bad.add(READ, "parse/bad-text", format!("text/line {line}, {what}"), with(bytes));
        }
    }
    bad.add(READ, "parse/bad-text", "text/UTF-16", utf16("1\n2\n", u16::to_le_bytes));
    bad.add(READ, "parse/bad-number", "text/lines that end in \\r alone", "1\r2\r3");
    bad.add(READ, "parse/too-large", "text/many lines", "1\n".repeat((8 << 20) + 1));
    bad.add(READ, "parse/too-large", "text/file beyond the limit", vec![b'1'; (64 << 20) + 1]);
}
