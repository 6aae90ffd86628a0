//! UCI Adult: census records, whether a person earns more than 50,000 dollars a year.

use super::columns::Encoding;
use super::{
    DataError, Dataset, Files, Kind, Origin, Samples, Source, SourceFile, Splits, Vectors,
};
use crate::bytes::csv::{Format, Reader, Record};
use crate::bytes::text::quoted;
use crate::bytes::{Limits, ParseError, ParseErrorKind, Place};
use crate::rng::Seed;

const TRAIN: &str = "adult.data";
const TEST: &str = "adult.test";

pub(super) static ADULT: Source = Source {
    name: "adult",
    title: "UCI Adult",
    description: "Census records of 45,222 people: who earns more than 50,000 dollars a year?",
    kind: Kind::Vectors,
    files: &[
        SourceFile {
            name: TRAIN,
            size: 3_974_305,
            sha256: "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
        },
        SourceFile {
            name: TEST,
            size: 2_003_153,
            sha256: "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
        },
    ],
    origin: Origin::Files {
        bases: &["https://archive.ics.uci.edu/ml/machine-learning-databases/adult/"],
    },
    terms: "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    citation: "B. Becker and R. Kohavi, Adult, UCI Machine Learning Repository, 1996, \
               doi:10.24432/C5XW20",
    read,
};

/// The 14 attributes in the files' order, as `adult.names` lists them; the label comes after.
const ATTRIBUTES: [Attribute; 14] = [
    Attribute::Number("age"),
    Attribute::Category("workclass"),
    Attribute::Number("fnlwgt"),
    Attribute::Category("education"),
    Attribute::Number("education-num"),
    Attribute::Category("marital-status"),
    Attribute::Category("occupation"),
    Attribute::Category("relationship"),
    Attribute::Category("race"),
    Attribute::Category("sex"),
    Attribute::Number("capital-gain"),
    Attribute::Number("capital-loss"),
    Attribute::Number("hours-per-week"),
    Attribute::Category("native-country"),
];

const CLASSES: [&str; 2] = ["<=50K", ">50K"];

/// `adult.test` begins with a comment line, and `?` stands for a value that is not known.
const FORMAT: Format = Format {
    delimiter: b',',
    comment: Some(b'|'),
    header: false,
    columns: Some(ATTRIBUTES.len() + 1),
    missing: &["?"],
};

/// Five times the rows of the files; every row is held until the categories are known.
const MAX_ROWS: usize = 1 << 18;

/// Features of all rows together, seven times the files': each new category widens every row.
const MAX_VALUES: usize = 1 << 25;

enum Attribute {
    Number(&'static str),
    Category(&'static str),
}

/// The official split. Rows with a missing value are dropped, as the paper's row counts imply.
fn read(files: &Files, _: Seed) -> Result<Dataset, DataError> {
    let train = rows(TRAIN, files.get(TRAIN)?)?;
    let test = rows(TEST, files.get(TEST)?)?;
    let learn_from: Vec<&Record> = train.iter().collect();
    let mut vectors = Vectors::default();
    let mut encodings = Vec::new();
    for (column, attribute) in ATTRIBUTES.iter().enumerate() {
        let encoding = attribute.learn(&learn_from, column)?;
        encoding.push_names(attribute.name(), &mut vectors);
        encodings.push(encoding);
    }
    let n_values = vectors.width.saturating_mul(train.len() + test.len());
    if n_values > MAX_VALUES {
        let (place, kind) = (Place::Byte(0), ParseErrorKind::TooLarge);
        let expected = format!("categories for at most {MAX_VALUES} features");
        return Err(ParseError::new(TRAIN, place, kind, expected, n_values.to_string()).into());
    }
    // Pushed one by one they would pass through a copy of up to their size.
    vectors.values.reserve_exact(n_values);
    let mut labels = Vec::new();
    for row in train.iter().chain(&test) {
        for (column, encoding) in encodings.iter().enumerate() {
            encoding.push_values(row, column, &mut vectors)?;
        }
        labels.push(label(row)?);
    }
    let (n_train, n) = (train.len() as u32, labels.len() as u32);
    Ok(Dataset {
        name: ADULT.name.to_owned(),
        classes: CLASSES.map(str::to_owned).to_vec(),
        samples: Samples::Vectors(vectors),
        labels,
        splits: Splits {
            train: (0..n_train).collect(),
            valid: Vec::new(),
            test: (n_train..n).collect(),
        },
    })
}

/// The rows without a missing value.
fn rows<'a>(file: &'a str, bytes: &'a [u8]) -> Result<Vec<Record<'a>>, ParseError> {
    let complete = |row: &Record| row.fields.iter().all(Option::is_some);
    let limits = Limits { items: MAX_ROWS, ..Limits::default() };
    Reader::new(file, bytes, FORMAT, &limits)?
        .filter(|row| row.as_ref().map_or(true, complete))
        .collect()
}

/// The label's class; in `adult.test` a full stop follows it.
fn label(row: &Record) -> Result<u8, ParseError> {
    let column = ATTRIBUTES.len();
    let text = row.text(column)?;
    let class = text.strip_suffix('.').unwrap_or(text);
    match CLASSES.iter().position(|&known| known == class) {
        Some(label) => Ok(label as u8),
        None => {
            let kind = ParseErrorKind::UnknownCategory;
            Err(row.error(column, kind, "<=50K or >50K", quoted(text)))
        }
    }
}

impl Attribute {
    fn name(&self) -> &'static str {
        match self {
            Attribute::Number(name) | Attribute::Category(name) => name,
        }
    }

    /// From the training rows.
    fn learn(&self, rows: &[&Record], column: usize) -> Result<Encoding, ParseError> {
        match self {
            Attribute::Number(_) => Encoding::standard(rows, column),
            Attribute::Category(_) => Encoding::one_hot(rows, column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "11th, 7, Never-married, Sales, Unmarried, White, Male, 0, 0, 40, Cuba,";

    fn files(train: &str, test: &str) -> Files {
        let mut files = Files::default();
        files.insert(TRAIN, train.replace("...", REST).into_bytes());
        files.insert(TEST, test.replace("...", REST).into_bytes());
        files
    }

    #[test]
    fn numbers_are_standardised_and_categories_one_hot() {
        let train = "20, Private, 5, ... <=50K\n30, Never, 5, ... >50K\n40, ?, 5, ... >50K\n\n";
        let test = "|1x3\n45, Private, 5, ... >50K.\n";
        let set = ADULT.parse(&files(train, test), Seed(0)).unwrap();
        let Samples::Vectors(vectors) = &set.samples else { panic!("not vectors") };
        assert_eq!(vectors.names[..4], ["age", "workclass=Never", "workclass=Private", "fnlwgt"]);
        assert_eq!(vectors.values[..4], [-1.0, 0.0, 1.0, 0.0]);
        assert_eq!(vectors.values[2 * vectors.width..][..4], [4.0, 0.0, 1.0, 0.0]);
        assert_eq!(set.labels, [0, 1, 1]);
        assert_eq!((set.splits.train, set.splits.test), (vec![0, 1], vec![2]));
    }

    #[test]
    fn a_category_that_training_does_not_have_is_refused() {
        let error = |test: &str| {
            ADULT.parse(&files("20, Private, 5, ... <=50K\n", test), Seed(0)).unwrap_err()
        };
        assert_eq!(
            error("\n45, Never, 5, ... >50K.\n").to_string(),
            "adult.test, line 2, column 2: \
             expected a category of the training rows, found \"Never\""
        );
        assert_eq!(error("45, Private, 5, ... 50K.\n").code(), "parse/unknown-category");
        assert_eq!(error("old, Private, 5, ... >50K.\n").code(), "parse/bad-number");
        assert_eq!(error("45, Private, ... >50K.\n").code(), "parse/wrong-column-count");
    }
    #[test]
    fn as_many_categories_as_rows_are_refused() {
        let row = |i| format!("20, job {i}, 5, ... <=50K\n");
        let train: String = (0..6000).map(row).collect();
        let error = ADULT.parse(&files(&train, &row(0)), Seed(0)).unwrap_err();
        assert_eq!(error.code(), "parse/too-large");
    }
}
