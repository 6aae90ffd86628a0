//! Files of one's own in place of a registered data set.

use clap::{ArgAction, Args};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use mole::bytes::Limits;
use mole::bytes::text::quoted;
use mole::data::own::{self, OwnData, Preview};
use mole::data::{DataError, Dataset, Files, Samples};
use mole::error::Problem;
use mole::plan::{self, Plan};
use mole::rng::Seed;

use super::session::{find_plan, share};
use super::tell;

#[derive(Args, Clone, Serialize, Deserialize)]
pub struct Own {
    /// Train on files of your own: a table, IDX images with their labels, or the files of one
    /// Planetoid or TUDataset collection. The plan is then `own/matrix`, `own/bp` and so on, or one
    /// of yours.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    own: Vec<PathBuf>,
    /// The column of a table that holds the label; the last one that can, unless it is named.
    #[arg(long, requires = "own", value_name = "COLUMN")]
    label: Option<String>,
    /// Columns of a table that are left out; without a name, none is. Unless it is said, empty ones and those of
    /// more than 256 different words.
    #[arg(long, requires = "own", num_args = 0.., value_name = "COLUMN")]
    #[serde(default = "none")]
    without: Option<Vec<String>>,
    /// Whether a table's first line names the columns; as it looks, unless it is said.
    #[arg(long, requires = "own", action = ArgAction::Set, value_name = "true|false")]
    header: Option<bool>,
    /// The share of your samples that tests, where the files have no split.
    #[arg(long, requires = "own", value_name = "SHARE", value_parser = share)]
    test: Option<f64>,
}

impl Own {
    /// The data set of the files; `None` where no file is named.
    pub fn dataset(&self, seed: Seed) -> Option<Result<Dataset, Problem>> {
        (!self.own.is_empty()).then(|| self.read(seed))
    }

    /// The files, as they are named.
    pub fn files(&self) -> &[PathBuf] {
        &self.own
    }

    /// The same data read from other files, where such are named.
    pub fn moved_to(self, new: &Own) -> Self {
        match new.own.is_empty() {
            true => self,
            false => Own { own: new.own.clone(), ..self }.absolute(),
        }
    }

    /// The same files from whatever folder the command is called in.
    pub fn absolute(mut self) -> Self {
        for path in &mut self.own {
            // Without a present folder the path stays as it is.
            if let Ok(absolute) = std::path::absolute(&path) {
                *path = absolute;
            }
        }
        self
    }

    fn read(&self, seed: Seed) -> Result<Dataset, Problem> {
        let mut files = Files::default();
        for path in &self.own {
            let bytes = bytes(path).map_err(|error| {
                let message = format!("{}: {error}", path.display());
                Problem::new("disk/unreadable", message)
            })?;
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            if files.get(&name).is_ok() {
                return Err(Problem::from(DataError::Setting {
                    name: "own",
                    expected: "files of different names".into(),
                    found: format!("two named {}", quoted(&name)),
                }));
            }
            files.insert(name, bytes);
        }
        let mut data = own::suggest_with(&files, self.header)?;
        match &mut data {
            OwnData::Csv { label, test, without, .. } => {
                self.label.iter().for_each(|named| label.clone_from(named));
                *test = self.test.unwrap_or(*test);
                without.clone_from(&self.without);
            }
            OwnData::Idx { test } | OwnData::Tu { test } => *test = self.test.unwrap_or(*test),
            OwnData::Planetoid => {}
        }
        let (preview, dataset) = own::preview(&files, Some(data), seed)?;
        tell(&as_read(&preview, &dataset));
        Ok(dataset)
    }
}

/// What was made of the files, in one line: a column that was taken for the label, columns and rows that were
/// left out and words where numbers were meant show here, and nowhere else.
fn as_read(preview: &Preview, dataset: &Dataset) -> String {
    let (samples, classes) = (preview.samples, preview.classes.len());
    let OwnData::Csv { label, header, without, .. } = &preview.data else {
        return format!("read {samples} samples of {classes} classes");
    };
    let rows = samples + preview.gaps;
    let left_out = match preview.gaps {
        0 => String::new(),
        gaps => format!(" ({gaps} with a missing value left out)"),
    };
    let features = match &dataset.samples {
        Samples::Vectors(vectors) => vectors.width,
        _ => 0,
    };
    let header = if *header { "names the columns" } else { "is a sample" };
    let label = quoted(label);
    let without = without.as_deref().map(listed).unwrap_or_default();
    format!(
        "read {samples} of {rows} rows{left_out}: {features} features{without}, label {label}, {classes} \
        classes; the first line {header}"
    )
}

/// ` without "name", "ticket"`; nothing where there is none.
fn listed(columns: &[String]) -> String {
    const SHOWN: usize = 8;
    let names: Vec<String> = columns.iter().take(SHOWN).map(|name| quoted(name)).collect();
    match columns.len() {
        0 => String::new(),
        count if count > SHOWN => {
            format!(" without {} and {} more", names.join(", "), count - SHOWN)
        }
        _ => format!(" without {}", names.join(", ")),
    }
}

/// What a checkpoint left out that is of before columns could be.
fn none() -> Option<Vec<String>> {
    Some(Vec::new())
}

/// The plan of that name for a data set of one's own.
pub fn find_own_plan(name: &str, dataset: &Dataset) -> Result<Plan, Problem> {
    if name.ends_with(".json") {
        return find_plan(name);
    }
    let plans = plan::own::plans(dataset);
    let names: Vec<&str> = plans.iter().map(|plan| plan.name.as_str()).collect();
    let known = names.join(", ");
    let message = format!("there is no plan {name:?} for these files: {known}");
    let problem = Problem::new("plan/unknown", message).at("plan", format!("one of {known}"), name);
    plans.into_iter().find(|plan| plan.name == name).ok_or(problem)
}

/// A file's bytes, as far as one beyond what the readers take: they refuse it then.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(Limits::default().file as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
