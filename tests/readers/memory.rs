//! What a reader holds at once, against what its target allows for the length of the input: a header's
//! claim must not be allocated.

use super::Target;
use peak_alloc::PeakAlloc;

/// Reads one input; `memory` is the program's allocator, and nothing else must be at work.
///
/// # Panics
/// Where more is held than is allowed.
pub fn read_within_bounds(target: &Target, input: &[u8], memory: &PeakAlloc) {
    memory.reset_peak_usage();
    let before = memory.current_usage();
    (target.read)(input);
    let held = memory.peak_usage().saturating_sub(before);
    let (allowed, length) = ((target.memory)(input.len()), input.len());
    let name = target.name;
    assert!(held <= allowed, "{name}: {held} bytes held for {length} of input, {allowed} allowed");
}
