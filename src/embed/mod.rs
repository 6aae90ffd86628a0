//! Two-dimensional views of a module's outputs, for people to look at: principal components and
//! t-SNE. Everything is computed on the host in double precision, from rows that were read from the
//! device once.
//!
//! ```text
//! rows -> neighbours -> affinity (P) -> exact | barnes_hut (gradient) -> tsne (descent)
//!      -> pca (its start)
//! ```

pub mod affinity;
mod barnes_hut;
mod config;
mod error;
pub mod exact;
mod neighbours;
mod pca;
mod quadtree;
mod sparse;
mod tsne;

pub use config::TsneConfig;
pub use error::EmbedError;
pub use pca::pca;
pub use tsne::Tsne;
