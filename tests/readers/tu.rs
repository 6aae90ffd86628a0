//! TUDataset text: graphs that hold together, and come back when written again.

use super::{LIMITS, SEPARATOR, Target, assert_places, parts};
use mole::bytes::{Limits, ParseError, tu};
use std::fmt::Display;

pub const TARGET: Target = Target {
    name: "tu",
    read: |input| drop(read(&files(input), &LIMITS)),
    memory: |len| 64 * len + (32 << 10),
    check,
    seeds,
    tokens: &[b"\n", b", ", b"\r\n", SEPARATOR, b"0", b"1", b"-1", b"4294967296", b"\xff"],
};

/// Edges, graph indicator, graph labels, node labels, edge labels; none of the last where empty.
pub type Texts<'a> = [&'a [u8]; 5];

pub const NAMES: [&str; 5] =
    ["t.edges", "t.graph_indicator", "t.graph_labels", "t.node_labels", "t.edge_labels"];

/// Two graphs, a path of three nodes and a pair.
pub const SOUND: Texts = [
    b"1, 2\n2, 1\n2, 3\n3, 2\n4, 5\n5, 4\n",
    b"1\n1\n1\n2\n2\n",
    b"1\n-1\n",
    b"0\n1\n0\n3\n3\n",
    b"0\n0\n1\n1\n2\n2\n",
];

pub fn read(texts: &Texts, limits: &Limits) -> Result<tu::Collection, ParseError> {
    let file = |i: usize| tu::File { name: NAMES[i], bytes: texts[i] };
    let files = tu::Files {
        edges: file(0),
        graph_indicator: file(1),
        graph_labels: file(2),
        node_labels: file(3),
        edge_labels: (!texts[4].is_empty()).then(|| file(4)),
    };
    tu::read(&files, limits)
}

fn files(input: &[u8]) -> Texts<'_> {
    parts(input)
}

fn check(input: &[u8]) {
    let texts = files(input);
    let read_again =
        |texts: [String; 5]| read(&texts.each_ref().map(|text| text.as_bytes()), &LIMITS).unwrap();
    match read(&texts, &LIMITS) {
        Ok(collection) => {
            assert_sound(&collection);
            assert_eq!(read_again(write(&collection)), collection);
        }
        Err(error) => {
            let file = NAMES.iter().position(|&name| name == error.file).unwrap();
            assert_places(&error, texts[file]);
        }
    }
}

fn assert_sound(collection: &tu::Collection) {
    let tu::Collection { node_offsets, node_labels, graph_labels, edges, edge_labels } = collection;
    assert_eq!(node_offsets.len(), graph_labels.len() + 1);
    assert_eq!((node_offsets[0], *node_offsets.last().unwrap()), (0, node_labels.len() as u32));
    assert!(node_offsets.is_sorted_by(|a, b| a < b));
    assert!(edge_labels.is_empty() || edge_labels.len() == edges.len());
    let graph = |node: u32| node_offsets.partition_point(|&start| start <= node);
    for &[row, column] in edges {
        assert!(row < node_labels.len() as u32 && graph(row) == graph(column));
    }
}

fn write(collection: &tu::Collection) -> [String; 5] {
    fn lines<T: Display>(values: impl IntoIterator<Item = T>) -> String {
        values.into_iter().map(|value| format!("{value}\n")).collect()
    }
    let sizes = collection.node_offsets.windows(2).map(|pair| pair[1] - pair[0]);
    let graphs = sizes.zip(1..).flat_map(|(n, graph)| std::iter::repeat_n(graph, n as usize));
    [
        lines(collection.edges.iter().map(|[row, column]| format!("{}, {}", row + 1, column + 1))),
        lines(graphs.collect::<Vec<u32>>()),
        lines(&collection.graph_labels),
        lines(&collection.node_labels),
        lines(&collection.edge_labels),
    ]
}

fn seeds() -> Vec<Vec<u8>> {
    let [edges, indicator, graphs, nodes, _] = SOUND;
    vec![
        SOUND.join(SEPARATOR),
        [edges, indicator, graphs, nodes].join(SEPARATOR),
        [b"", &b"1\n"[..], b"7\n", b"3\n"].join(SEPARATOR),
        [b"", &b""[..], b"", b""].join(SEPARATOR),
        [b"1,1\r\n", &b"1\r\n"[..], b"0", b"0"].join(SEPARATOR),
    ]
}
