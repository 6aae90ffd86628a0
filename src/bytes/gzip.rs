//! Gzip (RFC 1952): one member, its output capped.

use super::{Input, Limits, ParseError, ParseErrorKind};
use flate2::bufread::GzDecoder;
use std::alloc::{Layout, handle_alloc_error};
use std::borrow::Cow;
use std::io::{ErrorKind, Read};

/// The two bytes every gzip file starts with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bytes themselves, or what they decompress to where they start as gzip does.
///
/// # Errors
/// As [`unpack`].
pub fn plain<'a>(
    file: &str,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, ParseError> {
    if bytes.starts_with(&MAGIC) {
        unpack(file, bytes, limits).map(Cow::Owned)
    } else {
        limits.check_file(file, bytes)?;
        Ok(Cow::Borrowed(bytes))
    }
}

/// Decompresses a gzip file of one member.
///
/// # Errors
/// [`ParseErrorKind::WrongMagic`] where it is no gzip file, [`ParseErrorKind::TooLarge`] beyond the
/// limits on size and ratio, [`ParseErrorKind::Truncated`], [`ParseErrorKind::BadCompression`] also
/// for a wrong checksum, and [`ParseErrorKind::TrailingBytes`] after the member.
pub fn unpack(file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ParseError> {
    limits.check_file(file, bytes)?;
    let mut input = Input::new(file, bytes);
    if !bytes.starts_with(&MAGIC) {
        return Err(input.error(ParseErrorKind::WrongMagic, "a gzip file", "other bytes"));
    }
    let cap = limits.unpacked.min(bytes.len().saturating_mul(limits.ratio));
    let mut decoder = GzDecoder::new(bytes);
    let mut out = Vec::new();
    // One byte beyond the cap tells an output that is too large from one that just fits.
    let mut capped =
        decoder.by_ref().take(u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1));
    let result = capped.read_to_end(&mut out);
    let left = decoder.get_ref().len();
    input.take(bytes.len().saturating_sub(left))?;
    match result {
        Err(e) if e.kind() == ErrorKind::UnexpectedEof => Err(input.error(
            ParseErrorKind::Truncated,
            "more compressed data",
            "the end of the file",
        )),
        // As wherever else memory is refused: the file is not at fault.
        Err(e) if e.kind() == ErrorKind::OutOfMemory => {
            handle_alloc_error(Layout::for_value(&out[..]))
        }
        Err(e) => {
            Err(input.error(ParseErrorKind::BadCompression, "sound compressed data", e.to_string()))
        }
        Ok(_) if out.len() > cap => {
            let expected = format!("at most {cap} bytes decompressed");
            Err(input.error(ParseErrorKind::TooLarge, expected, "more"))
        }
        Ok(_) => input.finish().map(|()| out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn kind(bytes: &[u8], limits: &Limits) -> ParseErrorKind {
        unpack("x.gz", bytes, limits).unwrap_err().kind
    }

    #[test]
    fn what_was_packed_comes_back() {
        let limits = Limits::default();
        assert_eq!(unpack("x.gz", &packed(b"abc"), &limits).unwrap(), b"abc");
        assert!(plain("x.gz", &packed(b""), &limits).unwrap().is_empty());
        assert!(matches!(plain("x", b"abc", &limits).unwrap(), Cow::Borrowed(b"abc")));
    }

    #[test]
    fn a_bomb_is_refused_by_ratio_and_by_size() {
        let bomb = packed(&vec![0; 1 << 20]);
        assert_eq!(kind(&bomb, &Limits::default()), ParseErrorKind::TooLarge);
        let few = Limits { unpacked: 100, ..Limits::default() };
        assert_eq!(kind(&packed(&[7; 101]), &few), ParseErrorKind::TooLarge);
        assert_eq!(unpack("x.gz", &packed(&[7; 100]), &few).unwrap().len(), 100);
    }

    #[test]
    fn damage_is_told_apart() {
        let limits = Limits::default();
        let good = packed(b"some words, some words, some words");
        for end in 0..good.len() {
            let expected =
                if end < 2 { ParseErrorKind::WrongMagic } else { ParseErrorKind::Truncated };
            assert_eq!(kind(&good[..end], &limits), expected, "{end}");
        }
        let trailing = [good.as_slice(), b"x"].concat();
        assert_eq!(kind(&trailing, &limits), ParseErrorKind::TrailingBytes);
        let mut wrong_checksum = good.clone();
        let at = good.len() - 6;
        wrong_checksum[at] ^= 1;
        assert_eq!(kind(&wrong_checksum, &limits), ParseErrorKind::BadCompression);
        let short = Limits { file: 3, ..limits };
        assert_eq!(kind(&good, &short), ParseErrorKind::TooLarge);
    }
}
