//! Data that a user brings: a table, IDX images, Planetoid's or TUDataset's files.
//!
//! The files are recognised by their names and first bytes; what they leave open (which column is
//! the label, how much of them tests) stands in [`OwnData`], for which [`suggest`] has a first answer.

mod graphs;
mod images;
mod table;

use serde::{Deserialize, Serialize};

use super::{DataError, Dataset, Files, Kind, Samples};
use crate::bytes::text::shown;
use crate::rng::Seed;
use table::Table;

/// The name of a data set of one's own, in plans and links.
pub const OWN: &str = "own";

/// What files are, and what they leave open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OwnData {
    /// One file of comma-, semicolon- or tab-separated text: numbers are standardised, anything else
    /// is one-hot. Rows with a missing value (nothing, or `?`) are left out.
    Csv {
        /// The column that holds the label; empty for the last one with 2 to 255 values.
        label: String,
        /// Whether the first record names the columns; otherwise they are `column 1` and so on.
        header: bool,
        /// The share of the rows that tests, above 0 and below 1.
        test: f64,
        /// Columns that are not looked at, so that their gaps do not count. `None` for empty ones and those of
        /// more than 256 values that are no numbers, such as names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        without: Option<Vec<String>>,
    },
    /// Images and their labels, one pair of files or one for training and one for testing.
    Idx {
        /// The share that tests, where there is one pair.
        test: f64,
    },
    /// `ind.NAME.x` and its companions.
    Planetoid,
    /// `NAME_A.txt` and its companions, with node labels.
    Tu {
        /// The share of the graphs that tests.
        test: f64,
    },
}

/// Files before they are used, for people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// The files' own name.
    pub title: String,
    /// Of the samples.
    pub kind: Kind,
    /// A table's.
    pub columns: Vec<String>,
    /// A table's first rows.
    pub rows: Vec<Vec<String>>,
    /// How many there are.
    pub samples: usize,
    /// How many of them train.
    pub train: usize,
    /// Rows of a table that are left out for a missing value.
    pub gaps: usize,
    /// In the order of their labels.
    pub classes: Vec<String>,
    /// `images of 28 × 28`.
    pub summary: String,
    /// How they were read, with what was found in them.
    pub data: OwnData,
}

/// What there is to choose from in a table that cannot be used as it was to be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outline {
    /// By name.
    pub columns: Vec<String>,
    /// The first ones.
    pub rows: Vec<Vec<String>>,
    /// How it was to be read, with what was found in it.
    pub data: OwnData,
}

/// The share that tests, unless somebody says otherwise.
const TEST_SHARE: f64 = 0.2;

/// What the files seem to be.
///
/// # Errors
/// [`DataError::Unrecognised`], and those of reading a table.
pub fn suggest(files: &Files) -> Result<OwnData, DataError> {
    suggest_with(files, None)
}

/// The same where somebody says whether the first record of a table names its columns.
///
/// # Errors
/// As [`suggest`].
pub fn suggest_with(files: &Files, header: Option<bool>) -> Result<OwnData, DataError> {
    let names: Vec<&str> = files.names().collect();
    if graphs::planetoid_name(files).is_some() {
        return Ok(OwnData::Planetoid);
    }
    if graphs::tu_name(files).is_some() {
        return Ok(OwnData::Tu { test: TEST_SHARE });
    }
    if names.len() >= 2 && names.iter().all(|name| images::is_idx(name, files)) {
        return Ok(OwnData::Idx { test: TEST_SHARE });
    }
    match names[..] {
        [name] if !images::is_idx(name, files) => table::suggest(files, name, header),
        _ => Err(DataError::Unrecognised { files: names.join(", ") }),
    }
}

/// A look at files and the data set that they make, read as they are said to be, or as [`suggest`]
/// says. The seed decides a split that they leave open.
///
/// # Errors
/// Those of [`suggest`] and of [`read`].
pub fn preview(
    files: &Files,
    data: Option<OwnData>,
    seed: Seed,
) -> Result<(Preview, Dataset), DataError> {
    let (table, data) = open(files, data)?;
    let dataset = match (&table, &data) {
        (Some(table), OwnData::Csv { test, .. }) => checked(table.dataset(share(*test)?, seed)?)?,
        _ => read(files, &data, seed)?,
    };
    let gaps = table.as_ref().map_or(0, Table::gaps);
    let (columns, rows) = table.as_ref().map(Table::head).unwrap_or_default();
    let title = match &data {
        OwnData::Planetoid => graphs::planetoid_name(files),
        OwnData::Tu { .. } => graphs::tu_name(files),
        _ => files.names().next(),
    };
    let preview = Preview {
        title: title.unwrap_or(OWN).to_owned(),
        kind: dataset.samples.kind(),
        columns,
        rows,
        samples: dataset.samples.len(),
        train: dataset.splits.train.len(),
        gaps,
        summary: summary(&dataset.samples),
        classes: dataset.classes.clone(),
        data,
    };
    Ok((preview, dataset))
}

/// The same of a table that [`preview`] refuses, as far as it can be read; `None` where there is none.
///
/// # Errors
/// Those of [`suggest`], and [`DataError::Setting`] for a column that there is not.
pub fn outline(files: &Files, data: Option<OwnData>) -> Result<Option<Outline>, DataError> {
    let (table, data) = open(files, data)?;
    Ok(table.map(|table| {
        let (columns, rows) = table.head();
        Outline { columns, rows, data }
    }))
}

/// The table that there may be, and how all is read, with what was found in it.
fn open(files: &Files, data: Option<OwnData>) -> Result<(Option<Table<'_>>, OwnData), DataError> {
    let mut data = match data {
        Some(data) => data,
        None => suggest(files)?,
    };
    let OwnData::Csv { label, header, without, .. } = &mut data else { return Ok((None, data)) };
    let table = Table::read(files, label, *header, without.as_deref())?;
    table.label().clone_into(label);
    *without = table.without();
    Ok((Some(table), data))
}

/// Reads files as what they are said to be. The seed decides a split that they leave open.
///
/// # Errors
/// [`DataError::Setting`] for a share or column that there cannot be, [`DataError::MissingFile`],
/// [`DataError::Parse`], [`DataError::Inconsistent`].
pub fn read(files: &Files, data: &OwnData, seed: Seed) -> Result<Dataset, DataError> {
    checked(match data {
        OwnData::Csv { label, header, test, without } => {
            let table = Table::read(files, label, *header, without.as_deref())?;
            table.dataset(share(*test)?, seed)
        }
        OwnData::Idx { test } => images::read(files, share(*test)?, seed),
        OwnData::Planetoid => graphs::planetoid(files),
        OwnData::Tu { test } => graphs::tu(files, share(*test)?, seed),
    }?)
}

fn checked(dataset: Dataset) -> Result<Dataset, DataError> {
    dataset.check()?;
    Ok(dataset)
}

fn share(test: f64) -> Result<f64, DataError> {
    match test > 0.0 && test < 1.0 {
        true => Ok(1.0 - test),
        false => Err(DataError::Setting {
            name: "test",
            expected: "a share above 0 and below 1".into(),
            found: shown(test),
        }),
    }
}

fn summary(samples: &Samples) -> String {
    let n = samples.len();
    match samples {
        Samples::Vectors(vectors) => format!("{n} rows, {} features", vectors.width),
        Samples::Grids(grids) => format!("{n} images of {} × {}", grids.height, grids.width),
        Samples::Nodes(nodes) => {
            let (links, width) = (nodes.edges.len() / 2, nodes.features.width);
            format!("{n} nodes, {links} links, {width} features")
        }
        Samples::Graphs(graphs) => {
            let (nodes, links) = (graphs.node_labels.len(), graphs.edges.len() / 2);
            format!("{n} graphs, {nodes} nodes of {} kinds, {links} links", graphs.node_kinds.len())
        }
    }
}

/// Labels by number as classes by name, in the order of the numbers.
fn numbered(labels: &[i32], file: &str) -> Result<(Vec<String>, Vec<u8>), DataError> {
    let mut known: Vec<i32> = labels.to_vec();
    known.sort_unstable();
    known.dedup();
    let class = |label: &i32| known.binary_search(label).ok().and_then(|at| u8::try_from(at).ok());
    let classes = labels.iter().map(class).collect::<Option<Vec<u8>>>();
    match classes {
        Some(classes) if known.len() < 256 => {
            Ok((known.iter().map(i32::to_string).collect(), classes))
        }
        _ => Err(wrong_classes(file, known.len())),
    }
}

fn wrong_classes(place: &str, found: usize) -> DataError {
    DataError::Inconsistent {
        set: OWN.into(),
        place: place.into(),
        expected: "2 to 255 classes".into(),
        found: found.to_string(),
    }
}
