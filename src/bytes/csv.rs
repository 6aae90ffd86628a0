//! Comma-separated text (RFC 4180), a record at a time.
//!
//! White space around a field that is not quoted is left out; so are comment lines, empty ones, and
//! the byte order mark that spreadsheets write at the start. A line ends in `\n` or `\r\n`.

use super::text::quoted;
use super::{Input, Limits, ParseError, ParseErrorKind, Place};
use std::borrow::Cow;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// What separates two fields.
    pub delimiter: u8,
    /// A line that starts with this byte is skipped.
    pub comment: Option<u8>,
    /// Whether the first record names the columns.
    pub header: bool,
    /// Fields in a record; where it is not given, as many as in the first one.
    pub columns: Option<usize>,
    /// What stands for a missing value where it is not quoted.
    pub missing: &'static [&'static str],
}

impl Default for Format {
    fn default() -> Self {
        Format { delimiter: b',', comment: None, header: true, columns: None, missing: &["", "?"] }
    }
}

/// One record: a field is `None` where its value is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    file: &'a str,
    /// The line it starts on, from 1.
    pub line: usize,
    /// In the columns' order.
    pub fields: Vec<Option<Cow<'a, str>>>,
}

impl Record<'_> {
    /// The field of a column, counted from 0.
    ///
    /// # Errors
    /// [`ParseErrorKind::WrongColumnCount`] where there is none, [`ParseErrorKind::OutOfRange`]
    /// where its value is missing.
    pub fn text(&self, column: usize) -> Result<&str, ParseError> {
        match self.fields.get(column) {
            Some(Some(text)) => Ok(text),
            Some(None) => {
                Err(self.error(column, ParseErrorKind::OutOfRange, "a value", "a missing one"))
            }
            None => {
                let found = self.fields.len().to_string();
                let expected = format!("more than {column} fields");
                Err(self.error(column, ParseErrorKind::WrongColumnCount, expected, found))
            }
        }
    }

    /// The finite number in a column, counted from 0.
    ///
    /// # Errors
    /// As [`Record::text`], and [`ParseErrorKind::BadNumber`].
    pub fn number(&self, column: usize) -> Result<f64, ParseError> {
        let text = self.text(column)?;
        finite(text).ok_or_else(|| {
            self.error(column, ParseErrorKind::BadNumber, "a finite number", quoted(text))
        })
    }

    /// An error at a column, counted from 0.
    pub fn error(
        &self,
        column: usize,
        kind: ParseErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> ParseError {
        let place = Place::Cell { line: self.line, column: column.saturating_add(1) };
        ParseError::new(self.file, place, kind, expected, found)
    }
}

/// The finite number that a field is.
pub fn finite(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Reads records from first to last; after an error there are no more.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    input: Input<'a>,
    format: Format,
    limits: Limits,
    line: usize,
    names: Vec<String>,
    columns: Option<usize>,
    n_records: usize,
    n_fields: usize,
    failed: bool,
}

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl<'a> Reader<'a> {
    /// At the first record of a file; the header, if the format has one, is read.
    ///
    /// # Errors
    /// [`ParseErrorKind::TooLarge`], and those of a record for the header.
    pub fn new(
        file: &'a str,
        bytes: &'a [u8],
        format: Format,
        limits: &Limits,
    ) -> Result<Self, ParseError> {
        limits.check_file(file, bytes)?;
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let mut reader = Reader {
            input: Input::new(file, text),
            format,
            limits: *limits,
            line: 1,
            names: Vec::new(),
            columns: format.columns,
            n_records: 0,
            n_fields: 0,
            failed: false,
        };
        if format.header {
            let Some(header) = reader.next().transpose()? else {
                let kind = ParseErrorKind::Truncated;
                return Err(reader.error(kind, "a header", "the end of the file"));
            };
            reader.names =
                header.fields.into_iter().map(|name| name.unwrap_or_default().into()).collect();
        }
        Ok(reader)
    }

    /// The columns' names from the header; empty where the format has none.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn record(&mut self) -> Result<Option<Record<'a>>, ParseError> {
        if !self.skip_to_record() {
            return Ok(None);
        }
        let line = self.line;
        let mut fields = Vec::new();
        loop {
            if fields.len() >= self.limits.columns {
                let expected = format!("at most {} fields", self.limits.columns);
                return Err(self.error(ParseErrorKind::TooLarge, expected, "more"));
            }
            fields.push(self.field()?);
            match self.input.peek() {
                Some(byte) if byte == self.format.delimiter => self.advance(),
                _ => break,
            }
        }
        self.end_line();
        let expected = *self.columns.get_or_insert(fields.len());
        if fields.len() != expected {
            let place = Place::Line(line);
            let (expected, found) = (format!("{expected} fields"), fields.len().to_string());
            let kind = ParseErrorKind::WrongColumnCount;
            return Err(ParseError::new(self.input.file(), place, kind, expected, found));
        }
        self.n_records = self.n_records.saturating_add(1);
        self.n_fields = self.n_fields.saturating_add(fields.len());
        let caps = [
            (self.n_records, self.limits.items, "records"),
            (self.n_fields, self.limits.fields, "fields in all"),
        ];
        if let Some((_, cap, what)) = caps.into_iter().find(|&(n, cap, _)| n > cap) {
            let (kind, expected) = (ParseErrorKind::TooLarge, format!("at most {cap} {what}"));
            return Err(ParseError::new(
                self.input.file(),
                Place::Line(line),
                kind,
                expected,
                "more",
            ));
        }
        Ok(Some(Record { file: self.input.file(), line, fields }))
    }

    /// Skips empty lines and comments; whether anything is left.
    fn skip_to_record(&mut self) -> bool {
        loop {
            match self.input.peek() {
                None => return false,
                Some(b'\n' | b'\r') => self.advance(),
                Some(byte) if Some(byte) == self.format.comment => {
                    while self.input.peek().is_some_and(|byte| byte != b'\n') {
                        self.advance();
                    }
                }
                Some(_) => return true,
            }
        }
    }

    fn field(&mut self) -> Result<Option<Cow<'a, str>>, ParseError> {
        while self.input.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t'))
            && self.input.peek() != Some(self.format.delimiter)
        {
            self.advance();
        }
        if self.input.peek() == Some(b'"') {
            return self.quoted_field().map(Some);
        }
        let rest = self.input.rest();
        let ends = |&byte: &u8| byte == self.format.delimiter || byte == b'\n';
        let n = rest.iter().position(ends).unwrap_or(rest.len());
        let bytes = self.input.take(n)?;
        let text = self.text(bytes)?.trim();
        if text.contains('\r') {
            // Lines that end in `\r` alone would become one long record.
            let expected = "lines that end in \\n or \\r\\n";
            return Err(self.error(ParseErrorKind::BadText, expected, quoted(text)));
        }
        Ok(if self.format.missing.contains(&text) { None } else { Some(Cow::Borrowed(text)) })
    }

    /// A field in quotes, which may hold delimiters, newlines and doubled quotes.
    fn quoted_field(&mut self) -> Result<Cow<'a, str>, ParseError> {
        self.advance();
        let rest = self.input.rest();
        let mut n = 0usize;
        loop {
            match (rest.get(n), rest.get(n.saturating_add(1))) {
                (Some(b'"'), Some(b'"')) => n = n.saturating_add(2),
                (Some(b'"'), _) => break,
                (Some(_), _) => n = n.saturating_add(1),
                (None, _) => {
                    let kind = ParseErrorKind::BadQuote;
                    return Err(self.error(kind, "a closing quote", "the end of the file"));
                }
            }
        }
        let bytes = self.input.take(n)?;
        let text = self.text(bytes)?;
        let n_lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.line = self.line.saturating_add(n_lines);
        self.advance();
        while self.input.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
            && self.input.peek() != Some(self.format.delimiter)
        {
            self.advance();
        }
        match self.input.peek() {
            Some(byte) if byte != b'\n' && byte != self.format.delimiter => {
                let found = quoted(&char::from(byte).to_string());
                Err(self.error(ParseErrorKind::BadQuote, "a delimiter after the quote", found))
            }
            _ if text.contains('"') => Ok(Cow::Owned(text.replace("\"\"", "\""))),
            _ => Ok(Cow::Borrowed(text)),
        }
    }

    fn text(&self, bytes: &'a [u8]) -> Result<&'a str, ParseError> {
        if bytes.len() > self.limits.field {
            let expected = format!("at most {} bytes in a field", self.limits.field);
            let found = bytes.len().to_string();
            return Err(self.error(ParseErrorKind::TooLarge, expected, found));
        }
        std::str::from_utf8(bytes)
            .map_err(|_| self.error(ParseErrorKind::BadText, "UTF-8 text", "other bytes"))
    }

    fn advance(&mut self) {
        if self.input.take(1).is_ok_and(|byte| byte == b"\n") {
            self.line = self.line.saturating_add(1);
        }
    }

    fn end_line(&mut self) {
        if self.input.peek() == Some(b'\n') {
            self.advance();
        }
    }

    fn error(
        &self,
        kind: ParseErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> ParseError {
        ParseError::new(self.input.file(), Place::Line(self.line), kind, expected, found)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Record<'a>, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let record = self.record();
        self.failed = record.is_err();
        record.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: Format = Format {
        delimiter: b',',
        comment: Some(b'|'),
        header: false,
        columns: None,
        missing: &["?"],
    };

    fn records(text: &str, format: Format) -> Result<Vec<Vec<Option<String>>>, ParseError> {
        let reader = Reader::new("x.csv", text.as_bytes(), format, &Limits::default())?;
        let owned = |field: Option<Cow<str>>| field.map(Cow::into_owned);
        reader.map(|record| Ok(record?.fields.into_iter().map(owned).collect())).collect()
    }

    fn some(fields: &[&str]) -> Vec<Option<String>> {
        fields.iter().map(|&field| Some(field.to_owned())).collect()
    }

    #[test]
    fn as_adult_is_written() {
        let read = records("|1x3\n39, State-gov, <=50K.\n50, ?, >50K\r\n\n", BARE).unwrap();
        assert_eq!(read[0], some(&["39", "State-gov", "<=50K."]));
        assert_eq!(read[1][1], None);
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn quotes_hold_delimiters_newlines_and_quotes() {
        let text = "a,b\n\"x, \"\"y\"\"\n\" , 2\n\"?\",\n";
        let reader =
            Reader::new("x.csv", text.as_bytes(), Format::default(), &Limits::default()).unwrap();
        assert_eq!(reader.names(), ["a", "b"]);
        let read: Vec<_> = reader.map(Result::unwrap).collect();
        assert_eq!(read[0].text(0).unwrap(), "x, \"y\"\n");
        assert_eq!(read[0].number(1).unwrap(), 2.0);
        assert_eq!((read[1].line, read[1].text(0).unwrap()), (4, "?"));
        assert_eq!(read[1].fields[1], None);
        assert_eq!(read[1].text(1).unwrap_err().kind, ParseErrorKind::OutOfRange);
        assert_eq!(read[1].text(2).unwrap_err().kind, ParseErrorKind::WrongColumnCount);
    }

    #[test]
    fn line_and_column_are_named() {
        let error = records("1,2\n1,2,3\n", BARE).unwrap_err();
        assert_eq!(error.to_string(), "x.csv, line 2: expected 2 fields, found 3");
        let text = "1,2\n3,1e999\n";
        let last = Reader::new("x.csv", text.as_bytes(), BARE, &Limits::default()).unwrap().last();
        let error = last.unwrap().unwrap().number(1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.csv, line 2, column 2: expected a finite number, found \"1e999\""
        );
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_first_name() {
        for text in ["\u{feff}age,sex\n", "\u{feff}\"age\",sex\n"] {
            let reader =
                Reader::new("x", text.as_bytes(), Format::default(), &Limits::default()).unwrap();
            assert_eq!(reader.names(), ["age", "sex"]);
        }
    }

    #[test]
    fn lines_that_end_in_a_carriage_return_alone_are_not_one_record() {
        let error = records("1,2\r3,4\r", BARE).unwrap_err();
        assert_eq!(
            error.to_string(),
            "x.csv, line 1: expected lines that end in \\n or \\r\\n, found \"2\\r3\""
        );
    }

    #[test]
    fn an_open_quote_does_not_take_in_the_file() {
        let limits = Limits { field: 8, ..Limits::default() };
        let last = |text: &'static str| {
            Reader::new("x", text.as_bytes(), BARE, &limits).unwrap().last().unwrap()
        };
        assert!(last("\"12345678\"").is_ok() && last("12345678").is_ok());
        assert_eq!(last("\"1\n2\n3\n4\n5\"").unwrap_err().kind, ParseErrorKind::TooLarge);
        assert_eq!(last("123456789").unwrap_err().kind, ParseErrorKind::TooLarge);
    }

    #[test]
    fn many_short_records_are_capped_by_their_fields() {
        let limits = Limits { fields: 5, ..Limits::default() };
        let mut reader = Reader::new("x", b"1,2\n1,2\n1,2\n", BARE, &limits).unwrap();
        assert!(reader.by_ref().take(2).all(|record| record.is_ok()));
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "x, line 3: expected at most 5 fields in all, found more");
    }

    #[test]
    fn damage_is_told_apart() {
        let kind = |text| records(text, BARE).unwrap_err().kind;
        assert_eq!(kind("\"a"), ParseErrorKind::BadQuote);
        assert_eq!(kind("\"a\"b,c"), ParseErrorKind::BadQuote);
        assert_eq!(records("", Format::default()).unwrap_err().kind, ParseErrorKind::Truncated);
        let bad = Reader::new("x", b"a\xff", BARE, &Limits::default()).unwrap().next();
        assert_eq!(bad.unwrap().unwrap_err().kind, ParseErrorKind::BadText);
        let limits = Limits { columns: 2, items: 1, ..Limits::default() };
        let mut wide = Reader::new("x", b"1,2,3", BARE, &limits).unwrap();
        assert_eq!(wide.next().unwrap().unwrap_err().kind, ParseErrorKind::TooLarge);
        assert!(wide.next().is_none());
        let long = Reader::new("x", b"1\n2\n", BARE, &limits).unwrap().last();
        assert_eq!(long.unwrap().unwrap_err().kind, ParseErrorKind::TooLarge);
    }
}
