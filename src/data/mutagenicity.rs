//! TUDataset Mutagenicity: molecules, whether they change the genes of a bacterium.

use super::{
    DataError, Dataset, Files, Graphs, Kind, Origin, Samples, Source, SourceFile, Splits, edges,
};
use crate::bytes::{Limits, ParseError, ParseErrorKind, text::place_of, tu};
use crate::rng::Seed;

const EDGES: &str = "Mutagenicity_A.txt";
const GRAPH_INDICATOR: &str = "Mutagenicity_graph_indicator.txt";
const GRAPH_LABELS: &str = "Mutagenicity_graph_labels.txt";
const NODE_LABELS: &str = "Mutagenicity_node_labels.txt";

pub(super) static MUTAGENICITY: Source = Source {
    name: "mutagenicity",
    title: "Mutagenicity",
    description: "4,337 molecules of 4 to 417 atoms: does the molecule change genes?",
    kind: Kind::Graphs,
    files: &[
        SourceFile {
            name: EDGES,
            size: 3_554_144,
            sha256: "ae85e22b4b898ebd819d2ed3adc8f06a7bf1cda746b333086472d19b36711145",
        },
        SourceFile {
            name: GRAPH_INDICATOR,
            size: 622_816,
            sha256: "88b2d83ff10fad75b3280654061e965976f74e75620058c371ed23567236b4bc",
        },
        SourceFile {
            name: GRAPH_LABELS,
            size: 8_674,
            sha256: "b604c7dcbfdf89193901e32abdcbf9b5b92137414ce22231f00ed65d48ec48f9",
        },
        SourceFile {
            name: NODE_LABELS,
            size: 263_105,
            sha256: "b429ec418c831d02dc3088b2fe08d11214627850d2bbdacfa9797c0510e70ae7",
        },
    ],
    origin: Origin::Zip {
        url: "https://www.chrsmrrs.com/graphkerneldatasets/Mutagenicity.zip",
        folder: "Mutagenicity/",
        max_size: 8 << 20,
    },
    terms: "no licence is named by the collection",
    citation: "J. Kazius, R. McGuire, R. Bursi, Derivation and Validation of Toxicophores for \
               Mutagenicity Prediction, J. Med. Chem. 48(1), 2005; K. Riesen and H. Bunke, IAM \
               Graph Database Repository, SSPR&SPR 2008; C. Morris et al., TUDataset, 2020",
    read,
};

/// The kinds of atom by their labels, as `Mutagenicity_label_readme.txt` lists them.
const ATOMS: [&str; 14] =
    ["C", "O", "Cl", "H", "N", "F", "Br", "S", "P", "I", "Na", "K", "Li", "Ca"];

/// By the graphs' labels.
const CLASSES: [&str; 2] = ["mutagen", "nonmutagen"];

/// The share of the graphs that train: with 4,337 graphs the split is 3,470 and 867, of which the
/// published accuracies are exact multiples.
const TRAIN_SHARE: f64 = 0.8;

fn read(files: &Files, seed: Seed) -> Result<Dataset, DataError> {
    let file = |name| Ok::<_, DataError>(tu::File { name, bytes: files.get(name)? });
    let names = tu::Files {
        edges: file(EDGES)?,
        graph_indicator: file(GRAPH_INDICATOR)?,
        graph_labels: file(GRAPH_LABELS)?,
        node_labels: file(NODE_LABELS)?,
        edge_labels: None,
    };
    let collection = tu::read(&names, &Limits::default())?;
    let labels = small(names.graph_labels, &collection.graph_labels, CLASSES.len())?;
    let node_labels = small(names.node_labels, &collection.node_labels, ATOMS.len())?;
    let edges = edges::both_ways(collection.edges);
    Ok(Dataset {
        name: MUTAGENICITY.name.to_owned(),
        classes: CLASSES.map(str::to_owned).to_vec(),
        splits: Splits::random(labels.len(), TRAIN_SHARE, seed, "data/mutagenicity/split"),
        labels,
        samples: Samples::Graphs(Graphs {
            node_kinds: ATOMS.map(str::to_owned).to_vec(),
            edge_offsets: edges::offsets(&edges, &collection.node_offsets),
            node_offsets: collection.node_offsets,
            node_labels,
            edges,
        }),
    })
}

/// Labels as bytes, all of them below `n`.
fn small(file: tu::File, labels: &[i32], n: usize) -> Result<Vec<u8>, ParseError> {
    let checked = labels.iter().enumerate().map(|(i, &label)| match u8::try_from(label) {
        Ok(label) if usize::from(label) < n => Ok(label),
        _ => {
            let (kind, expected) = (ParseErrorKind::OutOfRange, format!("a label below {n}"));
            let place = place_of(file.bytes, i);
            Err(ParseError::new(file.name, place, kind, expected, label.to_string()))
        }
    });
    checked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(graph_labels: &str) -> Files {
        let mut files = Files::default();
        files.insert(EDGES, b"1, 2\n2, 1\n4, 3\n3, 4\n".to_vec());
        files.insert(GRAPH_INDICATOR, b"1\n1\n2\n2\n3\n".to_vec());
        files.insert(GRAPH_LABELS, graph_labels.into());
        files.insert(NODE_LABELS, b"0\n13\n1\n1\n4\n".to_vec());
        files
    }

    #[test]
    fn three_molecules() {
        let set = MUTAGENICITY.parse(&files("1\n0\n0\n"), Seed(1)).unwrap();
        let Samples::Graphs(graphs) = &set.samples else { panic!("not graphs") };
        assert_eq!(
            (&graphs.node_offsets[..], &graphs.edge_offsets[..]),
            (&[0, 2, 4, 5][..], &[0, 2, 4, 4][..])
        );
        assert_eq!(graphs.edges, [[1, 0], [0, 1], [3, 2], [2, 3]]);
        assert_eq!((set.splits.train.len(), set.splits.test.len()), (2, 1));
        let error = MUTAGENICITY.parse(&files("1\n\n2\n0\n"), Seed(1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Mutagenicity_graph_labels.txt, line 3: expected a label below 2, found 2"
        );
    }

    #[test]
    fn the_split_is_that_of_the_paper_and_follows_the_seed() {
        let split = |n, seed| Splits::random(n, TRAIN_SHARE, seed, "data/mutagenicity/split");
        let splits = split(4337, Seed(1));
        assert_eq!((splits.train.len(), splits.test.len()), (3470, 867));
        assert_eq!(splits, split(4337, Seed(1)));
        assert_ne!(splits, split(4337, Seed(2)));
    }
}
