//! Lists of edges in the one order that the rest of the crate relies on.

/// Both directions of every edge, sorted by target and then source, without self-loops or repeats.
pub(super) fn both_ways(edges: impl IntoIterator<Item = [u32; 2]>) -> Vec<[u32; 2]> {
    let mut both: Vec<_> =
        edges.into_iter().filter(|[a, b]| a != b).flat_map(|[a, b]| [[a, b], [b, a]]).collect();
    both.sort_unstable_by_key(by_target);
    both.dedup();
    both
}

/// What edges are sorted by.
pub(super) fn by_target(&[source, target]: &[u32; 2]) -> (u32, u32) {
    (target, source)
}

/// Where each graph's edges start among those of a union, and the end of the last. The edges are
/// sorted by target, and graph `g` owns the nodes `node_offsets[g]..node_offsets[g + 1]`.
pub(super) fn offsets(edges: &[[u32; 2]], node_offsets: &[u32]) -> Vec<u32> {
    let before = |&node: &u32| edges.partition_point(|&[_, target]| target < node) as u32;
    node_offsets.iter().map(before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_go_both_ways_once() {
        let edges = both_ways([[2, 1], [0, 1], [1, 0], [1, 1], [3, 4]]);
        assert_eq!(edges, [[1, 0], [0, 1], [2, 1], [1, 2], [4, 3], [3, 4]]);
        assert_eq!(offsets(&edges, &[0, 3, 5]), [0, 4, 6]);
    }
}
