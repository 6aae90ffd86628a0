//! A cursor over a file's bytes that knows where it is.

use super::{ParseError, ParseErrorKind, Place};

/// Bytes of a named file, read from front to back. Nothing is copied.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    file: &'a str,
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Input<'a> {
    /// At the first byte of `bytes`.
    pub fn new(file: &'a str, bytes: &'a [u8]) -> Self {
        Input { file, bytes, position: 0 }
    }

    /// The file's name.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The bytes not yet read.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The next byte, which stays.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// The next `n` bytes, borrowed.
    ///
    /// # Errors
    /// [`ParseErrorKind::Truncated`] where fewer are left.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], ParseError> {
        let Some((taken, _)) = self.rest().split_at_checked(n) else {
            let found = format!("{} left", self.rest().len());
            return Err(self.error(ParseErrorKind::Truncated, format!("{n} more bytes"), found));
        };
        self.position = self.position.saturating_add(n);
        Ok(taken)
    }

    /// The next `N` bytes as an array, for `from_le_bytes` and its like.
    ///
    /// # Errors
    /// As [`Input::take`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], ParseError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// The next byte.
    ///
    /// # Errors
    /// As [`Input::take`].
    pub fn byte(&mut self) -> Result<u8, ParseError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// A four-byte count of things, lowest byte first.
    ///
    /// # Errors
    /// As [`Input::take`], and [`ParseErrorKind::OutOfRange`] where a `usize` cannot hold it.
    pub fn count_le(&mut self) -> Result<usize, ParseError> {
        let n = u32::from_le_bytes(self.array()?);
        self.size(n)
    }

    /// A four-byte count of things, highest byte first.
    ///
    /// # Errors
    /// As [`Input::count_le`].
    pub fn count_be(&mut self) -> Result<usize, ParseError> {
        let n = u32::from_be_bytes(self.array()?);
        self.size(n)
    }

    fn size(&self, n: u32) -> Result<usize, ParseError> {
        usize::try_from(n).map_err(|_| {
            self.error(ParseErrorKind::OutOfRange, "a count that fits in memory", n.to_string())
        })
    }

    /// The bytes up to the next newline, which is read too and left out.
    ///
    /// # Errors
    /// [`ParseErrorKind::Truncated`] where there is no newline.
    pub fn until_newline(&mut self) -> Result<&'a [u8], ParseError> {
        let Some(n) = self.rest().iter().position(|&byte| byte == b'\n') else {
            return Err(self.error(ParseErrorKind::Truncated, "a newline", "the end of the file"));
        };
        let line = self.take(n)?;
        self.take(1)?;
        Ok(line)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`ParseErrorKind::TrailingBytes`] where bytes are left.
    pub fn finish(&self) -> Result<(), ParseError> {
        match self.rest().len() {
            0 => Ok(()),
            n => {
                let found = format!("{n} more bytes");
                Err(self.error(ParseErrorKind::TrailingBytes, "the end of the file", found))
            }
        }
    }

    /// An error at the present position.
    pub fn error(
        &self,
        kind: ParseErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> ParseError {
        ParseError::new(self.file, Place::Byte(self.position), kind, expected, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forward_and_says_where_it_ended() {
        let mut input = Input::new("x", &[1, 0, 0, 0, 2, b'a', b'\n', 9]);
        assert_eq!(input.count_be().unwrap(), 0x0100_0000);
        assert_eq!(input.byte().unwrap(), 2);
        assert_eq!(input.until_newline().unwrap(), b"a");
        assert_eq!((input.position(), input.peek()), (7, Some(9)));
        let error = input.take(usize::MAX).unwrap_err();
        assert_eq!(error.kind, ParseErrorKind::Truncated);
        assert_eq!(error.place, Place::Byte(7));
        assert_eq!(input.finish().unwrap_err().kind, ParseErrorKind::TrailingBytes);
        input.take(1).unwrap();
        assert!(input.finish().is_ok());
        assert_eq!(input.until_newline().unwrap_err().kind, ParseErrorKind::Truncated);
    }
}
