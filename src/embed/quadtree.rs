//! A quadtree over points in the plane: the repulsion of far away points, cell by cell (Barnes and
//! Hut 1986).

/// Cells in preorder: a cell's first child follows it, and `next` leads past its last.
pub struct QuadTree {
    cells: Vec<Cell>,
    /// The points, those of one cell together.
    order: Vec<u32>,
}

struct Cell {
    /// The mean of its points.
    centre: [f64; 2],
    /// How many they are.
    count: f64,
    /// The square of its side; 0 for a leaf, which is always far enough away.
    squared_side: f64,
    next: u32,
}

/// Halvings after which points share a leaf: they are equal, but for the last bits.
const DEEPEST: usize = 50;

impl QuadTree {
    /// A tree over at least one point.
    pub fn new(points: &[[f64; 2]]) -> Self {
        let [mut low, mut high] = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for point in points {
            for k in 0..2 {
                low[k] = low[k].min(point[k]);
                high[k] = high[k].max(point[k]);
            }
        }
        let middle = [0, 1].map(|k| 0.5 * (low[k] + high[k]));
        let side = (high[0] - low[0]).max(high[1] - low[1]);
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut cells = Vec::with_capacity(2 * points.len());
        build(&mut cells, points, &mut order, middle, side, 0);
        QuadTree { cells, order }
    }

    /// The points in an order in which neighbours follow each other.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// `sum_j w^2 (y - y_j)` and `sum_j w` over all points of the tree, where a cell stands for its
    /// points if `side <= theta |y - centre|`. A point of the tree meets itself: 1 in the second sum.
    pub fn repulsion(&self, point: [f64; 2], theta: f64) -> ([f64; 2], f64) {
        let squared_theta = theta * theta;
        let [mut x, mut y, mut z] = [0.0; 3];
        let mut at = 0;
        while let Some(cell) = self.cells.get(at) {
            let [dx, dy] = [point[0] - cell.centre[0], point[1] - cell.centre[1]];
            let squared = dx * dx + dy * dy;
            if cell.squared_side <= squared_theta * squared {
                let w = 1.0 / (1.0 + squared);
                let force = cell.count * w * w;
                z += cell.count * w;
                x += force * dx;
                y += force * dy;
                at = cell.next as usize;
            } else {
                at += 1;
            }
        }
        ([x, y], z)
    }
}

/// Appends the cell of some points and everything below it.
fn build(
    cells: &mut Vec<Cell>,
    points: &[[f64; 2]],
    order: &mut [u32],
    middle: [f64; 2],
    side: f64,
    depth: usize,
) {
    let index = cells.len();
    let leaf = order.len() == 1 || depth == DEEPEST;
    let count = order.len() as f64;
    let sum = |k: usize| order.iter().map(|point| points[*point as usize][k]).sum::<f64>();
    let centre = [sum(0) / count, sum(1) / count];
    let squared_side = if leaf { 0.0 } else { side * side };
    cells.push(Cell { centre, count, squared_side, next: 0 });
    if !leaf {
        let at = split(order, |point| points[point as usize][1] < middle[1]);
        let (lower, upper) = order.split_at_mut(at);
        for (row, y) in [(lower, -0.25), (upper, 0.25)] {
            let at = split(row, |point| points[point as usize][0] < middle[0]);
            let (left, right) = row.split_at_mut(at);
            for (quarter, x) in [(left, -0.25), (right, 0.25)] {
                if !quarter.is_empty() {
                    let middle = [middle[0] + x * side, middle[1] + y * side];
                    build(cells, points, quarter, middle, 0.5 * side, depth + 1);
                }
            }
        }
    }
    cells[index].next = cells.len() as u32;
}

/// Puts those that are `first` first, and says how many they are.
fn split(order: &mut [u32], first: impl Fn(u32) -> bool) -> usize {
    let mut count = 0;
    for at in 0..order.len() {
        if first(order[at]) {
            order.swap(at, count);
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::exact::normaliser;
    use crate::rng::Seed;

    #[test]
    fn at_theta_0_it_is_exact() {
        let mut stream = Seed(6).stream("points");
        let points: Vec<[f64; 2]> = (0..100).map(|_| [stream.normal(), stream.normal()]).collect();
        let tree = QuadTree::new(&points);
        let z: f64 = points.iter().map(|point| tree.repulsion(*point, 0.0).1 - 1.0).sum();
        assert!((z - normaliser(&points)).abs() < 1e-9);
        let mut order = tree.order().to_vec();
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<u32>>());
    }

    #[test]
    fn equal_points_share_a_leaf() {
        let tree = QuadTree::new(&[[1.5, -2.0]; 40]);
        let (force, z) = tree.repulsion([1.5, -2.0], 0.5);
        assert_eq!((force, z), ([0.0; 2], 40.0));
        let mut points = vec![[0.0, 0.0]; 5];
        points.push([1.0, 0.0]);
        let (force, z) = QuadTree::new(&points).repulsion([1.0, 0.0], 0.5);
        assert_eq!((force, z), ([1.25, 0.0], 3.5));
    }
}
