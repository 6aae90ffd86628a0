//! Exact nearest neighbours by a vantage-point tree (Yianilos 1993), as in van der Maaten 2014, 4.1.
//!
//! Where distances are all alike (many independent columns) nothing can be left out and the search
//! is one through all pairs; a module's outputs lie in clusters, and most of them are.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::affinity::squared_distance;

/// A point and its squared distance. Of two at the same distance the one with the lower index is
/// nearer: ties never depend on the order of the search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Which point.
    pub index: u32,
    /// `|x_i - x_j|^2`.
    pub squared: f64,
}

impl Eq for Neighbour {}

impl Ord for Neighbour {
    fn cmp(&self, other: &Self) -> Ordering {
        self.squared.total_cmp(&other.squared).then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Neighbour {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The `k` nearest others of each of `n x width` points, nearest first. `k < n`.
pub fn nearest(points: &[f64], width: usize, k: usize) -> Vec<Vec<Neighbour>> {
    let tree = Tree::new(points, width);
    let mut found = vec![Vec::new(); tree.order.len()];
    // In the tree's order neighbouring queries read the same memory.
    for (position, index) in tree.order.iter().enumerate() {
        let mut search =
            Search { tree: &tree, position, k, heap: BinaryHeap::with_capacity(k + 1) };
        search.visit(0, tree.order.len());
        found[*index as usize] = search.heap.into_sorted_vec();
    }
    found
}

/// Ranges of positions: the first of a range is its vantage point, the nearer half of the others
/// comes next, the farther half last.
struct Tree {
    /// The index of the point at each position.
    order: Vec<u32>,
    /// The points by position, `n x width`.
    points: Vec<f64>,
    /// The distance from the vantage point at each position to the first of its farther half.
    radii: Vec<f64>,
    width: usize,
}

/// Ranges of at most so many are searched one by one.
const LEAF: usize = 64;

fn farther_half(start: usize, end: usize) -> usize {
    start + 1 + (end - start - 1) / 2
}

impl Tree {
    fn new(points: &[f64], width: usize) -> Self {
        let n = points.len() / width;
        let mut order: Vec<Neighbour> =
            (0..n as u32).map(|index| Neighbour { index, squared: 0.0 }).collect();
        let mut radii = vec![0.0; n];
        let row = |point: u32| &points[point as usize * width..(point as usize + 1) * width];
        let mut ranges = vec![(0, n)];
        while let Some((start, end)) = ranges.pop() {
            if end - start <= LEAF {
                continue;
            }
            let vantage = row(order[start].index);
            for other in &mut order[start + 1..end] {
                other.squared = squared_distance(vantage, row(other.index), f64::INFINITY);
            }
            let half = farther_half(start, end);
            order[start + 1..end].select_nth_unstable(half - start - 1);
            radii[start] = order[half].squared.sqrt();
            ranges.extend([(start + 1, half), (half, end)]);
        }
        Tree {
            points: order.iter().flat_map(|point| row(point.index)).copied().collect(),
            order: order.into_iter().map(|point| point.index).collect(),
            radii,
            width,
        }
    }

    fn row(&self, position: usize) -> &[f64] {
        &self.points[position * self.width..(position + 1) * self.width]
    }
}

struct Search<'a> {
    tree: &'a Tree,
    /// Of the point whose neighbours are sought.
    position: usize,
    k: usize,
    /// The best so far, the farthest of them on top.
    heap: BinaryHeap<Neighbour>,
}

impl Search<'_> {
    /// The squared distance beyond which a point is of no use.
    fn limit(&self) -> f64 {
        match self.heap.peek() {
            Some(farthest) if self.heap.len() == self.k => farthest.squared,
            _ => f64::INFINITY,
        }
    }

    fn try_point(&mut self, position: usize, limit: f64) -> f64 {
        let Search { tree, k, .. } = *self;
        let squared = squared_distance(tree.row(self.position), tree.row(position), limit);
        if position != self.position && squared <= self.limit() {
            self.heap.push(Neighbour { index: tree.order[position], squared });
            if self.heap.len() > k {
                self.heap.pop();
            }
        }
        squared
    }

    fn visit(&mut self, start: usize, end: usize) {
        if end - start <= LEAF {
            (start..end).for_each(|position| {
                self.try_point(position, self.limit());
            });
            return;
        }
        let half = farther_half(start, end);
        let radius = self.tree.radii[start];
        let distance = self.try_point(start, f64::INFINITY).sqrt();
        // Rounding must not leave out a point that just belongs.
        let slack = 1e-12 * (distance + radius);
        let reach = |search: &Self| search.limit().sqrt() + slack;
        if distance < radius {
            self.visit(start + 1, half);
            if distance + reach(self) >= radius {
                self.visit(half, end);
            }
        } else {
            self.visit(half, end);
            if distance - reach(self) <= radius {
                self.visit(start + 1, half);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn the_tree_finds_what_all_pairs_give() {
        let mut stream = Seed(4).stream("points");
        // Whole numbers, so that there are many ties and duplicates; then real ones.
        for (n, width, whole) in [(300, 2, true), (500, 3, false), (200, 40, false)] {
            let value = |x: f64| if whole { (2.0 * x).round() } else { x };
            let points: Vec<f64> = (0..n * width).map(|_| value(stream.normal())).collect();
            let row = |i: usize| &points[i * width..(i + 1) * width];
            for (i, found) in nearest(&points, width, 20).into_iter().enumerate() {
                let others = (0..n).filter(|j| *j != i).map(|j| Neighbour {
                    index: j as u32,
                    squared: squared_distance(row(i), row(j), f64::INFINITY),
                });
                let mut expected: Vec<Neighbour> = others.collect();
                expected.sort();
                expected.truncate(20);
                assert_eq!(found, expected, "{n} x {width}, point {i}");
            }
        }
    }
}
