//! The innermost loops of a convolution, in the widest instructions that the machine has.

use std::array;

/// Entries that are computed side by side.
pub(super) const LANES: usize = if cfg!(target_arch = "wasm32") { 4 } else { 8 };
/// Vectors and planes that are computed together: as many as fit the 16 registers of AVX2, and of the
/// machine below WebAssembly.
pub(super) const VECTORS: usize = 3;
pub(super) const BLOCK: usize = 4;

pub(super) type Vector = [f32; LANES];

/// A vector of an image, and that of the gradients it belongs to.
pub(super) struct Pair {
    pub start: usize,
    pub tile: usize,
}

/// `sum over k of image[start + offsets[k] ..] weights[k][o]`, a vector for each of `count` starts and
/// each plane `o`. Sums of offsets wrap.
pub(super) fn sums(
    image: &[f32],
    offsets: &[usize],
    weights: &[[f32; BLOCK]],
    starts: [usize; VECTORS],
    count: usize,
) -> [[Vector; BLOCK]; VECTORS] {
    #[cfg(target_arch = "x86_64")]
    if has_fma() {
        // SAFETY: the machine was just found to have these instructions.
        #[allow(unsafe_code)]
        return unsafe { sums_fma(image, offsets, weights, starts, count) };
    }
    sums_any::<false>(image, offsets, weights, starts, count)
}

/// `sum over pairs of planes[o][tile] image[start + j ..]`, lane by lane, for each plane `o` and each
/// of `count` shifts `j`. The lanes are left to the caller to add up: with their sum in the same
/// function LLVM puts the vectors across the lanes, at four times the time.
#[inline(never)]
pub(super) fn products(
    image: &[f32],
    pairs: &[Pair],
    planes: [&[Vector]; BLOCK],
    count: usize,
) -> [[Vector; VECTORS]; BLOCK] {
    #[cfg(target_arch = "x86_64")]
    if has_fma() {
        // SAFETY: as above.
        #[allow(unsafe_code)]
        return unsafe { products_fma(image, pairs, planes, count) };
    }
    products_any::<false>(image, pairs, planes, count)
}

#[cfg(target_arch = "x86_64")]
fn has_fma() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn sums_fma(
    image: &[f32],
    offsets: &[usize],
    weights: &[[f32; BLOCK]],
    starts: [usize; VECTORS],
    count: usize,
) -> [[Vector; BLOCK]; VECTORS] {
    sums_any::<true>(image, offsets, weights, starts, count)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn products_fma(
    image: &[f32],
    pairs: &[Pair],
    planes: [&[Vector]; BLOCK],
    count: usize,
) -> [[Vector; VECTORS]; BLOCK] {
    products_any::<true>(image, pairs, planes, count)
}

#[inline(always)]
fn sums_any<const FMA: bool>(
    image: &[f32],
    offsets: &[usize],
    weights: &[[f32; BLOCK]],
    starts: [usize; VECTORS],
    count: usize,
) -> [[Vector; BLOCK]; VECTORS] {
    match count {
        1 => sums_of::<FMA, 1>(image, offsets, weights, starts),
        2 => sums_of::<FMA, 2>(image, offsets, weights, starts),
        _ => sums_of::<FMA, 3>(image, offsets, weights, starts),
    }
}

#[inline(always)]
fn sums_of<const FMA: bool, const V: usize>(
    image: &[f32],
    offsets: &[usize],
    weights: &[[f32; BLOCK]],
    starts: [usize; VECTORS],
) -> [[Vector; BLOCK]; VECTORS] {
    let mut sums = [[[0.0; LANES]; BLOCK]; V];
    for (offset, weights) in offsets.iter().zip(weights) {
        for v in 0..V {
            let entries = vector(image, starts[v].wrapping_add(*offset));
            for o in 0..BLOCK {
                for l in 0..LANES {
                    sums[v][o][l] = multiply_add::<FMA>(entries[l], weights[o], sums[v][o][l]);
                }
            }
        }
    }
    array::from_fn(|v| if v < V { sums[v] } else { [[0.0; LANES]; BLOCK] })
}

#[inline(always)]
fn products_any<const FMA: bool>(
    image: &[f32],
    pairs: &[Pair],
    planes: [&[Vector]; BLOCK],
    count: usize,
) -> [[Vector; VECTORS]; BLOCK] {
    match count {
        1 => products_of::<FMA, 1>(image, pairs, planes),
        2 => products_of::<FMA, 2>(image, pairs, planes),
        _ => products_of::<FMA, 3>(image, pairs, planes),
    }
}

#[inline(always)]
fn products_of<const FMA: bool, const V: usize>(
    image: &[f32],
    pairs: &[Pair],
    planes: [&[Vector]; BLOCK],
) -> [[Vector; VECTORS]; BLOCK] {
    let mut sums = [[[0.0; LANES]; V]; BLOCK];
    for Pair { start, tile } in pairs {
        let entries: [Vector; V] = array::from_fn(|j| vector(image, start + j));
        for o in 0..BLOCK {
            let gradients = planes[o][*tile];
            for j in 0..V {
                for l in 0..LANES {
                    sums[o][j][l] = multiply_add::<FMA>(entries[j][l], gradients[l], sums[o][j][l]);
                }
            }
        }
    }
    let mut found = [[[0.0; LANES]; VECTORS]; BLOCK];
    for o in 0..BLOCK {
        found[o][..V].copy_from_slice(&sums[o]);
    }
    found
}

#[inline(always)]
fn vector(image: &[f32], at: usize) -> Vector {
    // A slice of that length is a vector.
    image[at..at + LANES].try_into().unwrap_or([0.0; LANES])
}

#[inline(always)]
fn multiply_add<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}
