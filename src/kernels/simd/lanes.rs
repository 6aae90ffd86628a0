//! Vectors of the machine's own.

/// Entries of a vector.
pub(in crate::kernels) const LANES: usize = if cfg!(target_arch = "wasm32") { 4 } else { 8 };

/// A vector in memory.
pub(in crate::kernels) type Vector = [f32; LANES];

/// A vector in a register.
pub(in crate::kernels) trait Lanes: Copy {
    /// # Safety
    ///
    /// The machine has the instructions, and `from` is the first of `LANES` entries.
    unsafe fn load(from: *const f32) -> Self;

    /// # Safety
    ///
    /// The machine has the instructions.
    unsafe fn splat(value: f32) -> Self;

    /// `a * b + self`.
    ///
    /// # Safety
    ///
    /// The machine has the instructions.
    unsafe fn add_product(self, a: Self, b: Self) -> Self;

    /// # Safety
    ///
    /// The machine has the instructions.
    unsafe fn store(self) -> Vector;
}

/// For any machine.
impl Lanes for Vector {
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's promise; an array of `f32` needs no more alignment than one.
        unsafe { from.cast::<Vector>().read() }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> Self {
        [value; LANES]
    }

    #[inline(always)]
    unsafe fn add_product(mut self, a: Self, b: Self) -> Self {
        for lane in 0..LANES {
            self[lane] += a[lane] * b[lane];
        }
        self
    }

    #[inline(always)]
    unsafe fn store(self) -> Vector {
        self
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx {
    use std::arch::x86_64::{
        __m256, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_storeu_ps,
    };

    use super::{LANES, Lanes, Vector};

    /// With AVX2 and FMA.
    impl Lanes for __m256 {
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm256_loadu_ps(from) }
        }

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm256_set1_ps(value) }
        }

        #[inline(always)]
        unsafe fn add_product(self, a: Self, b: Self) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm256_fmadd_ps(a, b, self) }
        }

        #[inline(always)]
        unsafe fn store(self) -> Vector {
            let mut entries = [0.0; LANES];
            // SAFETY: the caller's promise, and room for the entries.
            unsafe { _mm256_storeu_ps(entries.as_mut_ptr(), self) };
            entries
        }
    }

    pub(in super::super) fn is_there() -> bool {
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_store};

    use super::{LANES, Lanes, Vector};

    impl Lanes for v128 {
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise; loads need no alignment.
            unsafe { v128_load(from.cast()) }
        }

        #[inline(always)]
        unsafe fn splat(value: f32) -> Self {
            f32x4_splat(value)
        }

        #[inline(always)]
        unsafe fn add_product(self, a: Self, b: Self) -> Self {
            f32x4_add(self, f32x4_mul(a, b))
        }

        #[inline(always)]
        unsafe fn store(self) -> Vector {
            let mut entries = [0.0; LANES];
            // SAFETY: room for the entries.
            unsafe { v128_store(entries.as_mut_ptr().cast(), self) };
            entries
        }
    }
}

/// What this build is sure to have.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) type Native = std::arch::wasm32::v128;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) type Native = Vector;
