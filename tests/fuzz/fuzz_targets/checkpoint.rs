#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| mole_fuzz::run("checkpoint", input));
