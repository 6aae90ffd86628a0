//! Why rows cannot be embedded.

/// Every message says what was expected and what was found.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum EmbedError {
    /// t-SNE places points by their distances to others; two have one distance, and no perplexity
    /// suits them.
    #[error("t-SNE needs 3 points, found {found}")]
    TooFewPoints { found: usize },
    /// The numbers do not make whole rows.
    #[error("expected rows of {width} numbers, found {found} numbers in all")]
    Ragged { width: usize, found: usize },
    /// A distance to NaN or infinity means nothing.
    #[error("row {row}, column {column}: expected a finite number, found {value}")]
    NotFinite { row: usize, column: usize, value: f32 },
    /// A row's entropy lies between 0 and `ln(n - 1)`.
    #[error(
        "expected a perplexity from 1 to below {limit} (one less than the points), found {found}"
    )]
    Perplexity { found: f64, limit: usize },
    /// A setting outside its range.
    #[error("{name}: expected {expected}, found {found}")]
    Setting { name: &'static str, expected: &'static str, found: f64 },
}

impl EmbedError {
    /// The stable name of what went wrong: `embed/perplexity`.
    pub fn code(&self) -> &'static str {
        match self {
            EmbedError::TooFewPoints { .. } => "embed/too-few-points",
            EmbedError::Ragged { .. } => "embed/ragged",
            EmbedError::NotFinite { .. } => "embed/not-finite",
            EmbedError::Perplexity { .. } => "embed/perplexity",
            EmbedError::Setting { .. } => "embed/setting",
        }
    }
}

/// How many rows there are.
///
/// # Errors
/// [`EmbedError::Ragged`] and [`EmbedError::NotFinite`].
pub(super) fn count_rows(rows: &[f32], width: usize) -> Result<usize, EmbedError> {
    let n = rows.len() / width.max(1);
    if n * width != rows.len() {
        return Err(EmbedError::Ragged { width, found: rows.len() });
    }
    match rows.iter().position(|value| !value.is_finite()) {
        None => Ok(n),
        Some(at) => {
            Err(EmbedError::NotFinite { row: at / width, column: at % width, value: rows[at] })
        }
    }
}
