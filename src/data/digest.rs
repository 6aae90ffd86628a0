//! One number for all of a data set: whether a checkpoint's data are those at hand.

use sha2::{Digest, Sha256};

use super::{Dataset, Graphs, Grids, Nodes, Samples, SparseRows, Splits, Vectors};

/// SHA-256 with a length before every part, so that no two data sets give the same bytes.
struct Hash(Sha256);

impl Hash {
    fn size(&mut self, size: usize) {
        self.0.update((size as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.0.update(bytes);
    }

    fn names(&mut self, names: &[String]) {
        self.size(names.len());
        names.iter().for_each(|name| self.bytes(name.as_bytes()));
    }

    fn indices<'a>(&mut self, indices: impl ExactSizeIterator<Item = &'a u32>) {
        self.size(indices.len());
        indices.for_each(|index| self.0.update(index.to_le_bytes()));
    }

    fn edges(&mut self, edges: &[[u32; 2]]) {
        self.indices(edges.as_flattened().iter());
    }

    fn reals(&mut self, reals: &[f32]) {
        self.size(reals.len());
        reals.iter().for_each(|real| self.0.update(real.to_bits().to_le_bytes()));
    }

    fn samples(&mut self, samples: &Samples) {
        match samples {
            Samples::Vectors(Vectors { width, values, names }) => {
                self.bytes(b"vectors");
                self.size(*width);
                self.reals(values);
                self.names(names);
            }
            Samples::Grids(Grids { channels, height, width, pixels }) => {
                self.bytes(b"grids");
                [channels, height, width].into_iter().for_each(|size| self.size(*size));
                self.bytes(pixels);
            }
            Samples::Nodes(Nodes { features, edges }) => {
                let SparseRows { width, offsets, columns, values } = features;
                self.bytes(b"nodes");
                self.size(*width);
                self.indices(offsets.iter());
                self.indices(columns.iter());
                self.reals(values);
                self.edges(edges);
            }
            Samples::Graphs(graphs) => {
                let Graphs { node_kinds, node_offsets, node_labels, edge_offsets, edges } = graphs;
                self.bytes(b"graphs");
                self.names(node_kinds);
                self.indices(node_offsets.iter());
                self.bytes(node_labels);
                self.indices(edge_offsets.iter());
                self.edges(edges);
            }
        }
    }
}

impl Dataset {
    /// SHA-256 over everything in it, splits included, in hexadecimal: the same wherever and however
    /// it was read.
    pub fn digest(&self) -> String {
        let Dataset { name, classes, samples, labels, splits } = self;
        let Splits { train, valid, test } = splits;
        let mut hash = Hash(Sha256::new());
        hash.bytes(name.as_bytes());
        hash.names(classes);
        hash.samples(samples);
        hash.bytes(labels);
        [train, valid, test].into_iter().for_each(|part| hash.indices(part.iter()));
        format!("{:x}", hash.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use crate::data::{Dataset, Files, Samples, source};
    use crate::rng::Seed;

    #[test]
    fn the_same_data_have_the_same_digest_and_no_others() {
        for name in ["vectors", "glyphs", "community", "molecules"] {
            let read = |seed| source(name).unwrap().load(&Files::default(), Seed(seed)).unwrap();
            let data = read(1);
            let digest = data.digest();
            assert_eq!(digest, read(1).digest(), "{name}");
            assert_ne!(digest, read(2).digest(), "{name}");
            let changed = |change: fn(&mut Dataset)| {
                let mut other = data.clone();
                change(&mut other);
                assert_ne!(digest, other.digest(), "{name}");
            };
            changed(|data| data.labels[0] ^= 1);
            changed(|data| data.splits.test.truncate(1));
            changed(|data| data.classes[0].push('x'));
            changed(|data| match &mut data.samples {
                Samples::Vectors(vectors) => vectors.values[0] += 1.0,
                Samples::Grids(grids) => grids.pixels[0] ^= 1,
                Samples::Nodes(nodes) => nodes.edges[0][0] ^= 1,
                Samples::Graphs(graphs) => graphs.node_labels[0] ^= 1,
            });
        }
    }
}
