//! A table of one's own.

use super::{OWN, OwnData, TEST_SHARE, wrong_classes};
use crate::bytes::csv::{Format, Reader, Record, finite};
use crate::bytes::text::quoted;
use crate::bytes::{Limits, ParseError, ParseErrorKind, Place};
use crate::data::columns::{Encoding, categories};
use crate::data::{DataError, Dataset, Files, Samples, Splits, Vectors};
use crate::rng::Seed;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// Rows that people look at first.
const FIRST_ROWS: usize = 8;

/// Categories of one column; with more it is likely to be a name or a number in other clothes.
const MAX_CATEGORIES: usize = 256;

/// Words in a column with more values than categories may be; fewer among numbers are gaps or mistakes.
const FEW_WORDS: usize = 8;

/// Features of all rows together: 128 MB.
const MAX_VALUES: usize = 1 << 25;

/// Values of a column that is a label.
const CLASSES: RangeInclusive<usize> = 2..=255;

/// Bytes that the columns' names may take as features, where each category repeats them.
const MAX_NAMES: usize = 1 << 24;

/// A table, and which of its columns are learned from.
pub struct Table<'a> {
    file: &'a str,
    names: Vec<String>,
    rows: Vec<Record<'a>>,
    /// The label's column.
    target: usize,
    /// By column, the label's included.
    used: Vec<bool>,
}

impl<'a> Table<'a> {
    /// Reads a table. An empty label and columns of which nothing is said are found in it, as
    /// [`OwnData::Csv`] says.
    ///
    /// # Errors
    /// [`DataError::Unrecognised`] for several files, [`DataError::Parse`], [`DataError::Setting`] for a
    /// column that there is not.
    pub fn read(
        files: &'a Files,
        label: &str,
        header: bool,
        without: Option<&[String]>,
    ) -> Result<Self, DataError> {
        let names: Vec<&str> = files.names().collect();
        let &[file] = names.as_slice() else {
            return Err(DataError::Unrecognised { files: names.join(", ") });
        };
        let bytes = files.get(file)?;
        let format = Format { delimiter: delimiter(bytes), header, ..Format::default() };
        let mut reader = Reader::new(file, bytes, format, &Limits::default())?;
        let mut names = column_names(reader.names());
        let rows = reader.by_ref().collect::<Result<Vec<_>, _>>()?;
        if !header {
            let columns = rows.first().map_or(0, |row| row.fields.len());
            names = (1..=columns).map(|column| format!("column {column}")).collect();
        }
        let used = vec![true; names.len()];
        let mut table = Table { file, names, rows, target: 0, used };

        let named = if label.is_empty() { None } else { Some(table.column("label", label)?) };
        match without {
            Some(without) => {
                for name in without {
                    let column = table.column("without", name)?;
                    table.used[column] = false;
                }
            }
            None => {
                let likely = |column| Some(column) == named || table.is_likely(column);
                table.used = (0..table.names.len()).map(likely).collect();
            }
        }
        table.target = named.unwrap_or_else(|| table.likely_label());
        match table.used.get_mut(table.target) {
            // Where every column holds names, one of them is it still.
            Some(used) if without.is_none() => *used = true,
            Some(false) => {
                return Err(DataError::Setting {
                    name: "without",
                    expected: "columns other than the label".into(),
                    found: quoted(table.label()),
                });
            }
            _ => {}
        }
        Ok(table)
    }

    fn column(&self, setting: &'static str, name: &str) -> Result<usize, DataError> {
        self.names.iter().position(|known| known == name).ok_or_else(|| DataError::Setting {
            name: setting,
            expected: format!("one of the columns {}", quoted(&self.names.join(", "))),
            found: quoted(name),
        })
    }

    /// Whether a column can be learned from: not where it is empty, or holds more words than there may be
    /// categories, as names are. One of numbers with a few words among them is, to be refused with their place.
    fn is_likely(&self, column: usize) -> bool {
        let (mut values, mut words) = (HashSet::new(), HashSet::new());
        for text in self.rows.iter().filter_map(|row| row.fields.get(column)?.as_deref()) {
            if values.len() <= MAX_CATEGORIES {
                values.insert(text);
            }
            if words.len() <= FEW_WORDS && finite(text).is_none() {
                words.insert(text);
            }
            if values.len() > MAX_CATEGORIES && words.len() > FEW_WORDS {
                return false;
            }
        }
        !values.is_empty()
    }

    /// The last column that can be a label, since that is where most tables have it; the last of all where
    /// none can.
    fn likely_label(&self) -> usize {
        let rows: Vec<&Record> = self.complete().collect();
        // No more values are looked at than decide it.
        let classes = |column: usize| {
            let mut values = HashSet::new();
            for row in &rows {
                values.insert(row.fields.get(column));
                if values.len() > *CLASSES.end() {
                    break;
                }
            }
            values.len()
        };
        let used = (0..self.names.len()).rev().filter(|column| self.used[*column]);
        let fit = used.clone().find(|column| CLASSES.contains(&classes(*column)));
        fit.or(used.clone().next()).unwrap_or(self.names.len().saturating_sub(1))
    }

    /// Rows in which no value that is used is missing: others are left out.
    fn complete(&self) -> impl Iterator<Item = &Record<'a>> {
        let whole =
            |row: &&Record| row.fields.iter().zip(&self.used).all(|(f, used)| f.is_some() || !used);
        self.rows.iter().filter(whole)
    }

    /// The label's column.
    pub fn label(&self) -> &str {
        self.names.get(self.target).map_or("", String::as_str)
    }

    /// The columns that are left out, in their order; `None` where none is or would be.
    pub fn without(&self) -> Option<Vec<String>> {
        let named = self.names.iter().zip(&self.used);
        let out: Vec<String> =
            named.filter(|(_, used)| !**used).map(|(name, _)| name.clone()).collect();
        let likely = |column| column == self.target || self.is_likely(column);
        let none = out.is_empty() && (0..self.names.len()).all(likely);
        (!none).then_some(out)
    }

    /// How many rows lack a value that is used.
    pub fn gaps(&self) -> usize {
        self.rows.len() - self.complete().count()
    }

    /// The columns' names, and the first rows as they are written.
    pub fn head(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let text = |row: &Record| {
            row.fields.iter().map(|field| field.as_deref().unwrap_or_default().to_owned()).collect()
        };
        (self.names.clone(), self.rows.iter().take(FIRST_ROWS).map(text).collect())
    }

    /// What is learned from it.
    ///
    /// # Errors
    /// [`DataError::Inconsistent`], [`DataError::Parse`].
    pub fn dataset(&self, train: f64, seed: Seed) -> Result<Dataset, DataError> {
        let Table { file, names, target, .. } = self;
        let (file, target) = (*file, *target);
        let (all, rows) = (self.rows.len(), self.complete().collect::<Vec<_>>());
        if rows.is_empty() && all > 0 {
            return Err(DataError::Inconsistent {
                set: file.to_owned(),
                place: "rows".into(),
                expected: "at least one without a missing value".into(),
                found: format!("a gap in each of {all}"),
            });
        }
        let splits = Splits::random(rows.len(), train, seed, "data/own/split");

        let features = |column: usize| column != target && self.used[column];
        let classes = categories(&rows, target)?;
        if !CLASSES.contains(&classes.len()) {
            return Err(wrong_classes(&quoted(self.label()), classes.len()));
        }
        let mut labels = Vec::with_capacity(rows.len());
        for row in &rows {
            let text = row.text(target)?;
            let class = classes.binary_search_by(|class| class.as_str().cmp(text));
            labels.push(class.unwrap_or_default() as u8);
        }

        let learn_from: Vec<&Record> = splits.train.iter().map(|row| rows[*row as usize]).collect();
        let mut vectors = Vectors::default();
        let mut encodings = Vec::new();
        let mut n_names = 0usize;
        for (column, name) in names.iter().enumerate().filter(|(column, _)| features(*column)) {
            let encoding = encoding(&rows, &learn_from, column, file)?;
            n_names = n_names.saturating_add(name.len().saturating_mul(encoding.width()));
            if n_names > MAX_NAMES {
                let place = Place::Cell { line: 1, column: column + 1 };
                let expected = format!("at most {MAX_NAMES} bytes for the names of all features");
                let kind = ParseErrorKind::TooLarge;
                return Err(
                    ParseError::new(file, place, kind, expected, n_names.to_string()).into()
                );
            }
            encoding.push_names(name, &mut vectors);
            encodings.push((column, encoding));
        }
        if vectors.width == 0 {
            return Err(DataError::Inconsistent {
                set: file.to_owned(),
                place: "columns".into(),
                expected: "at least one to learn from, beside the label".into(),
                found: format!("{}, and the others left out", quoted(self.label())),
            });
        }
        let n_values = vectors.width.saturating_mul(rows.len());
        if n_values > MAX_VALUES {
            let (place, kind) = (Place::Line(1), ParseErrorKind::TooLarge);
            let expected = format!("at most {MAX_VALUES} features of all rows together");
            return Err(ParseError::new(file, place, kind, expected, n_values.to_string()).into());
        }
        vectors.values.reserve_exact(n_values);
        for row in &rows {
            for (column, encoding) in &encodings {
                encoding.push_values(row, *column, &mut vectors)?;
            }
        }
        Ok(Dataset {
            name: OWN.into(),
            classes,
            samples: Samples::Vectors(vectors),
            labels,
            splits,
        })
    }
}

/// A name for each column, and each another: one that has none goes by its number, as does a repeated one.
fn column_names<T: AsRef<str>>(header: &[T]) -> Vec<String> {
    let mut known = HashSet::new();
    let name = |(column, name): (usize, &T)| {
        let number = format!("column {}", column + 1);
        let mut name = match name.as_ref() {
            "" | "?" => number.clone(),
            name => name.to_owned(),
        };
        while !known.insert(name.clone()) {
            name = format!("{name} ({number})");
        }
        name
    };
    header.iter().enumerate().map(name).collect()
}

/// The separator that the first record has most of, outside of quotes.
fn delimiter(bytes: &[u8]) -> u8 {
    const DELIMITERS: [u8; 3] = [b'\t', b';', b','];

    let (mut quoted, mut counts) = (false, [0usize; 3]);
    // A quote is one at the start of a field, and where one was closed by it just now: that was half of two.
    let mut opens = true;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // As the reader does, empty lines and the space before a quote are passed over.
    let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    for byte in &bytes[start.unwrap_or(0)..] {
        let delimiter = DELIMITERS.iter().position(|delimiter| delimiter == byte);
        match (byte, delimiter) {
            (b'"', _) if quoted => (quoted, opens) = (false, true),
            (b'"', _) if opens => quoted = true,
            _ if quoted => {}
            (b'\n', _) => break,
            (_, Some(which)) => {
                counts[which] += 1;
                opens = true;
            }
            (b' ', _) => {}
            _ => opens = false,
        }
    }
    // The last of several equals wins: a comma where there is none of them.
    let most = DELIMITERS.into_iter().zip(counts).max_by_key(|(_, count)| *count);
    most.map_or(b',', |(delimiter, _)| delimiter)
}

/// A header, unless somebody says, where no field of the first record is a number.
///
/// # Errors
/// [`DataError::Parse`].
pub fn suggest(files: &Files, file: &str, header: Option<bool>) -> Result<OwnData, DataError> {
    let bytes = files.get(file)?;
    let format = Format { delimiter: delimiter(bytes), header: false, ..Format::default() };
    let mut reader = Reader::new(file, bytes, format, &Limits::default())?;
    let Some(first) = reader.next().transpose()? else {
        let (place, kind) = (Place::Line(1), ParseErrorKind::Truncated);
        return Err(ParseError::new(file, place, kind, "a row", "the end of the file").into());
    };
    let number = |text: &std::borrow::Cow<str>| text.parse::<f64>().is_ok();
    let header = header.unwrap_or_else(|| !first.fields.iter().flatten().any(number));
    Ok(OwnData::Csv { label: String::new(), header, test: TEST_SHARE, without: None })
}

/// Numbers where every field is one, otherwise categories: those of all rows, since a name alone
/// tells nothing of the test rows.
fn encoding(
    rows: &[&Record],
    learn_from: &[&Record],
    column: usize,
    file: &str,
) -> Result<Encoding, DataError> {
    if rows.iter().all(|row| row.number(column).is_ok()) {
        return Ok(Encoding::standard(learn_from, column)?);
    }
    let encoding = Encoding::one_hot(rows, column)?;
    if encoding.width() <= MAX_CATEGORIES {
        return Ok(encoding);
    }
    let odd = rows.iter().find(|row| row.number(column).is_err());
    let (line, text) = odd.map_or((1, ""), |row| (row.line, row.text(column).unwrap_or_default()));
    let place = Place::Cell { line, column: column + 1 };
    let expected = format!("a number, or at most {MAX_CATEGORIES} categories in the column");
    let found =
        format!("{} categories, the first that is no number {}", encoding.width(), quoted(text));
    Err(ParseError::new(file, place, ParseErrorKind::TooLarge, expected, found).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: String, label: &str) -> DataError {
        let mut files = Files::default();
        files.insert("t.csv", text.into_bytes());
        let table = Table::read(&files, label, true, None);
        table.and_then(|table| table.dataset(0.5, Seed(0))).unwrap_err()
    }

    #[test]
    fn long_names_are_not_repeated_for_every_category() {
        let name = "x".repeat(60_000);
        let names: String = (0..20).map(|i| format!("{name}{i},")).collect();
        let row = |i: usize| format!("{}{}\n", format!("word {i},").repeat(20), i % 2);
        let rows: String = (0..200).map(row).collect();
        let error = refusal(format!("{names}y\n{rows}"), "y");
        assert_eq!(error.code(), "parse/too-large");
        assert!(error.to_string().contains("names of all features"), "{error}");
    }

    #[test]
    fn names_from_the_file_do_not_swell_or_change_a_message() {
        let names = "a\u{202e},".repeat(20_000);
        let error = refusal(format!("{names}y\n{}1\n", "1,".repeat(20_000)), "z\n\u{202e}");
        let message = error.to_string();
        assert!(message.len() < 300 && !message.contains(['\n', '\u{202e}']), "{message}");
        let error = refusal("a,\"y\n\u{202e}\"\n1,1\n".into(), "y\n\u{202e}");
        assert!(!error.to_string().contains(['\n', '\u{202e}']), "{error}");
    }
}
