//! TUDataset's text files: many graphs in one numbering, nodes and graphs counted from 1.
//!
//! Source: <https://chrsmrrs.github.io/datasets/docs/format/>.

use super::text::{for_each_line, number, numbers, place_of, quoted};
use super::{Limits, ParseError, ParseErrorKind};

/// A named file.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Without folders.
    pub name: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
}

/// The files of one collection.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `_A.txt`: one directed edge `row, column` a line.
    pub edges: File<'a>,
    /// `_graph_indicator.txt`: line `i` is the graph of node `i`.
    pub graph_indicator: File<'a>,
    /// `_graph_labels.txt`: one label a graph.
    pub graph_labels: File<'a>,
    /// `_node_labels.txt`: one label a node.
    pub node_labels: File<'a>,
    /// `_edge_labels.txt`: one label a line of `_A.txt`.
    pub edge_labels: Option<File<'a>>,
}

/// Many graphs, everything counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// Graph `g` owns the nodes `node_offsets[g]..node_offsets[g + 1]`, at least one.
    pub node_offsets: Vec<u32>,
    /// One label a node.
    pub node_labels: Vec<i32>,
    /// One label a graph.
    pub graph_labels: Vec<i32>,
    /// Directed edges `[row, column]` in the file's order, each within one graph.
    pub edges: Vec<[u32; 2]>,
    /// One label an edge; empty where there is no such file.
    pub edge_labels: Vec<i32>,
}

/// Reads a collection.
///
/// # Errors
/// [`ParseErrorKind::BadNumber`], [`ParseErrorKind::BadText`], [`ParseErrorKind::TooLarge`];
/// [`ParseErrorKind::WrongColumnCount`] for an edge that is not two numbers,
/// [`ParseErrorKind::OutOfRange`] for a node or a graph that does not exist or graphs out of order,
/// [`ParseErrorKind::Inconsistent`] for an edge across graphs or files of different lengths.
pub fn read(files: &Files, limits: &Limits) -> Result<Collection, ParseError> {
    let File { name, bytes } = files.graph_labels;
    let graph_labels: Vec<i32> = numbers(name, bytes, limits)?;
    let node_graphs = node_graphs(files.graph_indicator, graph_labels.len(), limits)?;
    let node_labels = labels(files.node_labels, node_graphs.len(), "nodes", limits)?;
    let edges = edges(files.edges, &node_graphs, limits)?;
    let edge_labels = match files.edge_labels {
        Some(file) => labels(file, edges.len(), "edges", limits)?,
        None => Vec::new(),
    };
    let node_offsets = offsets(&node_graphs);
    Ok(Collection { node_offsets, node_labels, graph_labels, edges, edge_labels })
}

/// The graph of every node, from 0: ascending, none left out.
fn node_graphs(file: File, n_graphs: usize, limits: &Limits) -> Result<Vec<u32>, ParseError> {
    let mut graphs: Vec<u32> = Vec::new();
    let mut last = 0;
    for_each_line(file.name, file.bytes, limits, |place, line| {
        let graph: u32 = number(file.name, place, line)?;
        let next = u32::saturating_add(last, 1);
        let exists = usize::try_from(graph).is_ok_and(|graph| graph <= n_graphs);
        if !exists || !(graph == next || (graph == last && last > 0)) {
            let expected = format!("graph {last} or {next} of {n_graphs}");
            let kind = ParseErrorKind::OutOfRange;
            return Err(ParseError::new(file.name, place, kind, expected, graph.to_string()));
        }
        last = graph;
        graphs.push(graph.saturating_sub(1));
        Ok(())
    })?;
    if usize::try_from(last) == Ok(n_graphs) {
        return Ok(graphs);
    }
    let (expected, found) = (format!("nodes of {n_graphs} graphs"), format!("of {last}"));
    Err(disagree(file, expected, found))
}

fn labels(file: File, n: usize, of: &str, limits: &Limits) -> Result<Vec<i32>, ParseError> {
    let labels: Vec<i32> = numbers(file.name, file.bytes, limits)?;
    if labels.len() == n {
        return Ok(labels);
    }
    let (expected, found) = (format!("labels of {n} {of}"), labels.len().to_string());
    Err(disagree(file, expected, found))
}

fn edges(file: File, node_graphs: &[u32], limits: &Limits) -> Result<Vec<[u32; 2]>, ParseError> {
    let mut edges = Vec::new();
    for_each_line(file.name, file.bytes, limits, |place, line| {
        let error = |kind, expected: &str, found: String| {
            Err(ParseError::new(file.name, place, kind, expected, found))
        };
        let Some((row, column)) = line.split_once(',') else {
            let found = quoted(line);
            return error(
                ParseErrorKind::WrongColumnCount,
                "two numbers with a comma between",
                found,
            );
        };
        let node = |text| {
            let id: u32 = number(file.name, place, text)?;
            let node = id.checked_sub(1);
            let graph = node.and_then(|node| node_graphs.get(usize::try_from(node).ok()?));
            node.zip(graph).ok_or_else(|| {
                let expected = format!("nodes from 1 to {}", node_graphs.len());
                let kind = ParseErrorKind::OutOfRange;
                ParseError::new(file.name, place, kind, expected, id.to_string())
            })
        };
        let ((row, row_graph), (column, column_graph)) = (node(row)?, node(column)?);
        if row_graph != column_graph {
            let found = quoted(line);
            return error(ParseErrorKind::Inconsistent, "an edge within one graph", found);
        }
        edges.push([row, column]);
        Ok(())
    })?;
    Ok(edges)
}

/// Where each graph's nodes start, and the end of the last.
fn offsets(node_graphs: &[u32]) -> Vec<u32> {
    let ends = node_graphs.chunk_by(|a, b| a == b).scan(0usize, |end, nodes| {
        *end = end.saturating_add(nodes.len());
        u32::try_from(*end).ok()
    });
    std::iter::once(0).chain(ends).collect()
}

/// An error at the end of a file that is as long as another is not.
fn disagree(file: File, expected: String, found: String) -> ParseError {
    let place = place_of(file.bytes, usize::MAX);
    ParseError::new(file.name, place, ParseErrorKind::Inconsistent, expected, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two graphs: a path of three nodes and a pair.
    fn files() -> Files<'static> {
        let file = |name, bytes| File { name, bytes };
        Files {
            edges: file("A", b"1, 2\n2, 1\n2, 3\n3, 2\n4, 5\n5, 4\n"),
            graph_indicator: file("graph_indicator", b"1\n1\n1\n2\n2\n"),
            graph_labels: file("graph_labels", b"1\n-1\n"),
            node_labels: file("node_labels", b"0\n1\n0\n3\n3\n"),
            edge_labels: Some(file("edge_labels", b"0\n0\n1\n1\n2\n2\n")),
        }
    }

    #[test]
    fn two_graphs() {
        let read = read(&files(), &Limits::default()).unwrap();
        assert_eq!(read.node_offsets, [0, 3, 5]);
        assert_eq!(read.node_labels, [0, 1, 0, 3, 3]);
        assert_eq!(read.graph_labels, [1, -1]);
        assert_eq!(read.edges[2..5], [[1, 2], [2, 1], [3, 4]]);
        assert_eq!(read.edge_labels, [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn an_empty_file_is_at_fault_in_its_first_line() {
        let message = |bytes| {
            let node_labels = File { name: "node_labels", bytes };
            read(&Files { node_labels, ..files() }, &Limits::default()).unwrap_err().to_string()
        };
        assert_eq!(message(b""), "node_labels, line 1: expected labels of 5 nodes, found 0");
        assert_eq!(
            message(b"7\n\n7\n"),
            "node_labels, line 3: expected labels of 5 nodes, found 2"
        );
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let kind = |change: fn(&mut Files)| {
            let mut files = files();
            change(&mut files);
            read(&files, &Limits::default()).unwrap_err().kind
        };
        assert_eq!(kind(|f| f.edges.bytes = b"1, 6\n"), ParseErrorKind::OutOfRange);
        assert_eq!(kind(|f| f.edges.bytes = b"0, 1\n"), ParseErrorKind::OutOfRange);
        assert_eq!(kind(|f| f.edges.bytes = b"3, 4\n"), ParseErrorKind::Inconsistent);
        assert_eq!(kind(|f| f.edges.bytes = b"3\n"), ParseErrorKind::WrongColumnCount);
        assert_eq!(kind(|f| f.edges.bytes = b"3, 4, 5\n"), ParseErrorKind::BadNumber);
        assert_eq!(kind(|f| f.graph_indicator.bytes = b"1\n3\n"), ParseErrorKind::OutOfRange);
        assert_eq!(kind(|f| f.graph_indicator.bytes = b"2\n"), ParseErrorKind::OutOfRange);
        assert_eq!(kind(|f| f.graph_indicator.bytes = b"0\n"), ParseErrorKind::OutOfRange);
        assert_eq!(kind(|f| f.graph_indicator.bytes = b"1\n1\n"), ParseErrorKind::Inconsistent);
        assert_eq!(kind(|f| f.node_labels.bytes = b"1\n"), ParseErrorKind::Inconsistent);
        assert_eq!(
            kind(|f| f.edge_labels = Some(File { name: "e", bytes: b"" })),
            ParseErrorKind::Inconsistent
        );
    }
}
