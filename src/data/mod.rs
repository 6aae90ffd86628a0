//! Data sets: parsed bytes, split and encoded, as plain values. No tensors here.
//!
//! One file per data set names where its files come from and how they become a [`Dataset`];
//! [`SOURCES`] lists them. Synthetic sets of every kind of sample need no files.

mod adult;
mod check;
mod columns;
mod dataset;
mod digest;
mod edges;
mod error;
#[cfg(all(feature = "fetch", not(target_arch = "wasm32")))]
pub mod fetch;
mod mnist;
mod mutagenicity;
pub mod own;
mod planetoid;
mod source;
mod subset;
mod synthetic;
mod view;

pub use dataset::{
    Dataset, Graphs, Grids, Kind, Nodes, Samples, SparseRows, Splits, UNLABELLED, Vectors,
};
pub use error::DataError;
pub(crate) use error::FILES_THAT_ARE_READ;
pub use source::{Files, Origin, Source, SourceFile};
pub use view::{NamedValue, Neighbour, SampleView, View};

/// Every data set, in the order in which they are offered.
pub const SOURCES: &[&Source] = &[
    &synthetic::vectors::VECTORS,
    &synthetic::glyphs::GLYPHS,
    &synthetic::community::COMMUNITY,
    &synthetic::molecules::MOLECULES,
    &adult::ADULT,
    &mnist::MNIST,
    &mutagenicity::MUTAGENICITY,
    &planetoid::CORA,
    &planetoid::CITESEER,
];

/// The data set of a name.
///
/// # Errors
/// [`DataError::UnknownName`], which lists the names there are.
pub fn source(name: &str) -> Result<&'static Source, DataError> {
    SOURCES.iter().find(|source| source.name == name).copied().ok_or_else(|| {
        let known = SOURCES.iter().map(|source| source.name).collect::<Vec<_>>().join(", ");
        DataError::UnknownName { name: name.to_owned(), known }
    })
}
