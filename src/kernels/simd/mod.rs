//! The innermost loops, in the widest instructions that the machine has.
//!
//! A tile of sums stays in registers: two or three vectors of entries times four factors. Written
//! for the machine's own vectors, since left to itself the compiler lays some of the loops across
//! the lanes, at four times the time. Bounds are checked once for a run of entries.

#![allow(unsafe_code)]

mod lanes;

use std::array;

pub(super) use lanes::{LANES, Vector};
use lanes::{Lanes, Native};

/// Vectors and factors that are computed together: as many as fit the 16 registers of AVX2. Below
/// WebAssembly, without FMA, products take registers too: 3 took 1.1 times as long as 2.
pub(super) const VECTORS: usize = if cfg!(target_arch = "wasm32") { 2 } else { 3 };
pub(super) const BLOCK: usize = 4;

/// A tile of sums: a vector for each of `VECTORS` places and each of `BLOCK` factors.
pub(super) type Tile = [[Vector; VECTORS]; BLOCK];

/// A loop over vectors of any kind.
pub(super) trait Kernel: Sized {
    /// How many vectors of the tile are wanted.
    fn count(&self) -> usize;

    /// The sums with `V` vectors of them.
    ///
    /// # Safety
    ///
    /// The machine has the instructions of `L`.
    unsafe fn of<L: Lanes, const V: usize>(self) -> Tile;

    /// The sums, in the widest vectors that there are.
    fn sums(self) -> Tile {
        run(self)
    }
}

/// # Safety
///
/// The machine has the instructions of `L`.
#[inline(always)]
unsafe fn counted<L: Lanes>(kernel: impl Kernel) -> Tile {
    // SAFETY: the caller's promise.
    unsafe {
        match kernel.count() {
            1 => kernel.of::<L, 1>(),
            2 => kernel.of::<L, 2>(),
            _ => {
                debug_assert_eq!(kernel.count(), VECTORS);
                kernel.of::<L, VECTORS>()
            }
        }
    }
}

fn run(kernel: impl Kernel) -> Tile {
    #[cfg(target_arch = "x86_64")]
    if lanes::avx::is_there() {
        #[target_feature(enable = "avx2,fma")]
        fn run(kernel: impl Kernel) -> Tile {
            // SAFETY: this function is for machines with these instructions.
            unsafe { counted::<std::arch::x86_64::__m256>(kernel) }
        }
        // SAFETY: the machine was just found to be one.
        return unsafe { run(kernel) };
    }
    // SAFETY: the whole program is built for machines with these instructions.
    unsafe { counted::<Native>(kernel) }
}

#[inline(always)]
unsafe fn zeros<L: Lanes, const V: usize>() -> [[L; V]; BLOCK] {
    // SAFETY: the caller's promise.
    [[unsafe { L::splat(0.0) }; V]; BLOCK]
}

/// The tile of sums in registers.
#[inline(always)]
unsafe fn stored<L: Lanes, const V: usize>(sums: [[L; V]; BLOCK]) -> Tile {
    let mut tile = [[[0.0; LANES]; VECTORS]; BLOCK];
    for (tile, sums) in tile.iter_mut().zip(sums) {
        for (vector, sum) in tile.iter_mut().zip(sums) {
            // SAFETY: the caller's promise.
            *vector = unsafe { sum.store() };
        }
    }
    tile
}

/// The sums of a convolution's patches: `sum over rows r and j < width of
/// image[start + rows[r] + j ..] weights[r width + j][o]`, a vector for each of `count` starts and
/// each factor `o`. `start + rows[r]` wraps: rows may bring a start back into the image.
pub(super) struct Patches<'a> {
    pub image: &'a [f32],
    pub rows: &'a [usize],
    pub width: usize,
    pub weights: &'a [[f32; BLOCK]],
    pub starts: [usize; VECTORS],
    pub count: usize,
}

impl Kernel for Patches<'_> {
    fn count(&self) -> usize {
        self.count
    }

    #[inline(always)]
    unsafe fn of<L: Lanes, const V: usize>(self) -> Tile {
        // SAFETY: the caller's promise.
        let mut sums = unsafe { zeros::<L, V>() };
        for (row, weights) in self.rows.iter().zip(self.weights.chunks_exact(self.width)) {
            let runs: [&[f32]; V] = array::from_fn(|v| {
                &self.image[self.starts[v].wrapping_add(*row)..][..self.width - 1 + LANES]
            });
            for (j, weights) in weights.iter().enumerate() {
                // SAFETY: j < width, and the runs are `width - 1 + LANES` long.
                unsafe {
                    let entries: [L; V] = array::from_fn(|v| L::load(runs[v].as_ptr().add(j)));
                    for (sums, weight) in sums.iter_mut().zip(weights) {
                        let weight = L::splat(*weight);
                        for (sum, entries) in sums.iter_mut().zip(entries) {
                            *sum = sum.add_product(entries, weight);
                        }
                    }
                }
            }
        }
        // SAFETY: the caller's promise.
        unsafe { stored(sums) }
    }
}

/// A stretch of an image's row, and the tile of factors it begins with.
pub(super) struct Run {
    pub start: usize,
    pub tile: usize,
}

/// `sum over runs and t < length of factors[tile + t][o] image[start + t LANES + j ..]`, lane by
/// lane, for each of `count` shifts `j` and each `o`.
pub(super) struct Correlations<'a> {
    pub image: &'a [f32],
    pub factors: &'a [[Vector; BLOCK]],
    pub runs: &'a [Run],
    pub length: usize,
    pub count: usize,
}

impl Kernel for Correlations<'_> {
    fn count(&self) -> usize {
        self.count
    }

    #[inline(always)]
    unsafe fn of<L: Lanes, const V: usize>(self) -> Tile {
        // SAFETY: the caller's promise.
        let mut sums = unsafe { zeros::<L, V>() };
        for run in self.runs {
            let factors = &self.factors[run.tile..][..self.length];
            let image = &self.image[run.start..][..self.length * LANES + V - 1];
            for (t, factors) in factors.iter().enumerate() {
                // SAFETY: t < length and j < V, and the run is `length LANES + V - 1` long.
                unsafe {
                    let entries: [L; V] =
                        array::from_fn(|j| L::load(image.as_ptr().add(t * LANES + j)));
                    for (sums, factor) in sums.iter_mut().zip(factors) {
                        let factor = L::load(factor.as_ptr());
                        for (sum, entries) in sums.iter_mut().zip(entries) {
                            *sum = sum.add_product(entries, factor);
                        }
                    }
                }
            }
        }
        // SAFETY: the caller's promise.
        unsafe { stored(sums) }
    }
}

/// A tile of a product of matrices: `sum over k of columns[k] rows[k][o]`, for each row `o`.
pub(super) struct OuterProducts<'a> {
    pub columns: &'a [[Vector; VECTORS]],
    pub rows: &'a [[f32; BLOCK]],
}

impl Kernel for OuterProducts<'_> {
    fn count(&self) -> usize {
        VECTORS
    }

    #[inline(always)]
    unsafe fn of<L: Lanes, const V: usize>(self) -> Tile {
        // SAFETY: the caller's promise, and arrays of `LANES` entries.
        unsafe {
            let mut sums = zeros::<L, V>();
            for (columns, rows) in self.columns.iter().zip(self.rows) {
                let columns: [L; V] = array::from_fn(|v| L::load(columns[v].as_ptr()));
                for (sums, row) in sums.iter_mut().zip(rows) {
                    let row = L::splat(*row);
                    for (sum, column) in sums.iter_mut().zip(columns) {
                        *sum = sum.add_product(column, row);
                    }
                }
            }
            stored(sums)
        }
    }
}
