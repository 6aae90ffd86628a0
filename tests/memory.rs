//! No reader holds more memory at once than its target allows, on inputs that are nearly sound. A program of
//! its own, with one test: what others allocate meanwhile would count.

#![cfg(not(target_arch = "wasm32"))]

mod readers;

use mole::rng::Seed;
use peak_alloc::PeakAlloc;
use readers::{TARGETS, memory::read_within_bounds, mutate::mutated};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn no_reader_holds_more_than_its_input_bears_out() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        let mut stream = Seed(13).stream(target.name);
        for seed in &seeds {
            read_within_bounds(target, seed, &MEMORY);
        }
        for _ in 0..2000 {
            read_within_bounds(target, &mutated(target, &seeds, &mut stream), &MEMORY);
        }
    }
}
