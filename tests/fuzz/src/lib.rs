//! Runs the oracles that the plain tests use (`tests/readers/`), and bounds the memory of each
//! reader by the length of its input: a header's claim must not be allocated.

#[path = "../../readers/mod.rs"]
mod readers;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One input for the target of that name.
///
/// # Panics
/// Where the reader breaks a promise.
pub fn run(name: &str, input: &[u8]) {
    let target = readers::TARGETS.iter().find(|target| target.name == name);
    let target = target.expect("a target of that name");
    readers::memory::read_within_bounds(target, input, &MEMORY);
    (target.check)(input);
}
