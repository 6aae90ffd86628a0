//! Lines of text, and files with one number a line.

use super::{Limits, ParseError, ParseErrorKind, Place};
use std::str::FromStr;

/// Calls `each` with every line of a text file and its number, from 1. A line ends in `\n` or
/// `\r\n`; an empty line is skipped.
///
/// # Errors
/// [`ParseErrorKind::TooLarge`], [`ParseErrorKind::BadText`], and those of `each`.
pub fn for_each_line<'a>(
    file: &str,
    bytes: &'a [u8],
    limits: &Limits,
    mut each: impl FnMut(Place, &'a str) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    limits.check_file(file, bytes)?;
    let mut n_lines = 0usize;
    for (line, number) in bytes.split(|&byte| byte == b'\n').zip(1..) {
        let place = Place::Line(number);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        n_lines = n_lines.saturating_add(1);
        if n_lines > limits.items {
            let expected = format!("at most {} lines", limits.items);
            return Err(ParseError::new(file, place, ParseErrorKind::TooLarge, expected, "more"));
        }
        let line = std::str::from_utf8(line).map_err(|e| {
            let found = format!("other bytes at column {}", e.valid_up_to().saturating_add(1));
            ParseError::new(file, place, ParseErrorKind::BadText, "UTF-8 text", found)
        })?;
        each(place, line)?;
    }
    Ok(())
}

/// The place of a line by its number among those that are not empty, from 0; of the last line where
/// there are not as many.
pub fn place_of(bytes: &[u8], n: usize) -> Place {
    let mut last = 1;
    let mut left = n;
    for (line, number) in bytes.split(|&byte| byte == b'\n').zip(1..) {
        if line.is_empty() || line == b"\r" {
            continue;
        }
        last = number;
        match left.checked_sub(1) {
            Some(fewer) => left = fewer,
            None => break,
        }
    }
    Place::Line(last)
}

/// The numbers of a file that has one a line.
///
/// # Errors
/// As [`for_each_line`], and [`ParseErrorKind::BadNumber`].
pub fn numbers<T: FromStr>(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<T>, ParseError> {
    let mut numbers = Vec::new();
    for_each_line(file, bytes, limits, |place, line| {
        numbers.push(number(file, place, line)?);
        Ok(())
    })?;
    Ok(numbers)
}

/// The whole number that a piece of text is.
///
/// # Errors
/// [`ParseErrorKind::BadNumber`].
pub fn number<T: FromStr>(file: &str, place: Place, text: &str) -> Result<T, ParseError> {
    text.trim().parse().map_err(|_| {
        ParseError::new(file, place, ParseErrorKind::BadNumber, "a whole number", quoted(text))
    })
}

/// Text from a file as an error may show it: in quotes, control characters escaped, cut to 40
/// characters as they are shown.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    let fits = |width: &mut usize, char: char| {
        *width = width.saturating_add(char.escape_debug().count());
        (*width <= SHOWN).then_some(char)
    };
    let cut: String = text.chars().scan(0, fits).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{cut:?}{dots}")
}

/// A number as an error may show it: without three hundred digits.
pub fn shown(number: f64) -> String {
    if number.abs() < 1e15 { number.to_string() } else { format!("{number:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8], limits: &Limits) -> ParseError {
        numbers::<u32>("x", bytes, limits).unwrap_err()
    }

    #[test]
    fn one_number_a_line() {
        let read = numbers::<u32>("x", b"1\r\n 2\n\n3", &Limits::default()).unwrap();
        assert_eq!(read, [1, 2, 3]);
    }

    #[test]
    fn the_line_is_named() {
        let limits = Limits::default();
        let bad = error(b"1\nx y\n", &limits);
        assert_eq!(bad.to_string(), "x, line 2: expected a whole number, found \"x y\"");
        assert_eq!(error(b"1\n-1", &limits).kind, ParseErrorKind::BadNumber);
        assert_eq!(error(b"1\n2\n\xff\n", &limits).kind, ParseErrorKind::BadText);
        let few = Limits { items: 1, ..limits };
        assert_eq!(error(b"1\n2\n", &few).kind, ParseErrorKind::TooLarge);
        assert_eq!(quoted(&"a".repeat(99)).chars().count(), 43);
    }

    #[test]
    fn a_number_without_end_is_not_shown_digit_by_digit() {
        assert_eq!(
            [2.0, 0.5, -1e300, 1e308, f64::NAN].map(shown),
            ["2", "0.5", "-1e300", "1e308", "NaN"]
        );
        assert_eq!(shown(f64::INFINITY), "inf");
    }

    #[test]
    fn empty_lines_do_not_shift_a_place() {
        let places = [0, 1, 2, 9].map(|n| place_of(b"\na\r\n\r\n\nb\n", n));
        assert_eq!(places, [2, 5, 5, 5].map(Place::Line));
        assert_eq!(place_of(b"", 0), Place::Line(1));
    }

    #[test]
    fn text_that_grows_when_escaped_is_still_cut_short() {
        // A zero-width space is shown as `\u{200b}`.
        assert_eq!(quoted(&"\u{200b}".repeat(99)).chars().count(), 2 + 5 * 8 + 1);
        assert_eq!(quoted("a\u{202e}b"), "\"a\\u{202e}b\"");
    }
}
