//! Columns of a table as features.

use super::Vectors;
use crate::bytes::csv::Record;
use crate::bytes::text::quoted;
use crate::bytes::{ParseError, ParseErrorKind};

/// How a column becomes features.
pub(super) enum Encoding {
    /// `(x - mean) / deviation`, with the deviation of the whole population; 0 for a column that
    /// never varies.
    Standard { mean: f64, deviation: f64 },
    /// One feature per category, in alphabetical order.
    OneHot(Vec<String>),
}

/// What stands in a column, each once, in alphabetical order.
pub(super) fn categories(rows: &[&Record], column: usize) -> Result<Vec<String>, ParseError> {
    let mut categories = rows.iter().map(|row| row.text(column)).collect::<Result<Vec<_>, _>>()?;
    categories.sort_unstable();
    categories.dedup();
    Ok(categories.into_iter().map(str::to_owned).collect())
}

impl Encoding {
    /// Learns from the numbers of a column.
    pub fn standard(rows: &[&Record], column: usize) -> Result<Self, ParseError> {
        let numbers = rows.iter().map(|row| row.number(column)).collect::<Result<Vec<_>, _>>()?;
        // Its mean may be off by a rounding, in which all others would be measured.
        if let Some((&mean, others)) = numbers.split_first()
            && others.iter().all(|other| *other == mean)
        {
            return Ok(Encoding::Standard { mean, deviation: 1.0 });
        }
        let n = numbers.len().max(1) as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
        Ok(Encoding::Standard { mean, deviation })
    }

    /// Learns the categories of a column.
    pub fn one_hot(rows: &[&Record], column: usize) -> Result<Self, ParseError> {
        Ok(Encoding::OneHot(categories(rows, column)?))
    }

    /// How many features it makes.
    pub fn width(&self) -> usize {
        match self {
            Encoding::Standard { .. } => 1,
            Encoding::OneHot(categories) => categories.len(),
        }
    }

    /// Adds the names of a column's features: `age`, or `workclass=Private` for each category, which alone
    /// have that sign.
    pub fn push_names(&self, column: &str, vectors: &mut Vectors) {
        let column = column.replace('=', ":");
        match self {
            Encoding::Standard { .. } => vectors.names.push(column),
            Encoding::OneHot(categories) => vectors
                .names
                .extend(categories.iter().map(|category| format!("{column}={category}"))),
        }
        vectors.width = vectors.names.len();
    }

    /// Adds the features of a row.
    ///
    /// # Errors
    /// [`ParseErrorKind::BadNumber`], [`ParseErrorKind::UnknownCategory`].
    pub fn push_values(
        &self,
        row: &Record,
        column: usize,
        vectors: &mut Vectors,
    ) -> Result<(), ParseError> {
        match self {
            Encoding::Standard { mean, deviation } => {
                vectors.values.push(((row.number(column)? - mean) / deviation) as f32);
            }
            Encoding::OneHot(categories) => {
                let text = row.text(column)?;
                let Ok(hot) = categories.binary_search_by(|known| known.as_str().cmp(text)) else {
                    let (kind, found) = (ParseErrorKind::UnknownCategory, quoted(text));
                    return Err(row.error(column, kind, "a category of the training rows", found));
                };
                let features = (0..categories.len()).map(|i| f32::from(u8::from(i == hot)));
                vectors.values.extend(features);
            }
        }
        Ok(())
    }
}
