//! Counts tests over runners that each say it in their own way.

use crate::Outcome;

#[derive(Default)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Runs a step. One that reports no tests of its own counts as one.
    pub fn step(&mut self, run: fn(&mut Self) -> Outcome) -> Outcome {
        let (passed, failed) = (self.passed, self.failed);
        let outcome = run(self);
        if outcome.is_err() && self.failed == failed {
            self.failed += 1;
        } else if outcome.is_ok() && self.passed == passed {
            self.passed += 1;
        }
        outcome
    }

    /// Takes in a line of a runner's output.
    pub fn read(&mut self, line: &str) {
        let words: Vec<_> = line.split_whitespace().collect();
        let number = |word: &str| word.parse::<u64>().unwrap_or(0);
        match words[..] {
            // libtest, and wasm-bindgen's after it: `test result: ok. 3 passed; 0 failed; …`
            ["test", "result:", _, passed, "passed;", failed, "failed;", ..] => {
                self.passed += number(passed);
                self.failed += number(failed);
            }
            // Node's: `ℹ pass 3`
            ["ℹ", "pass", passed] => self.passed += number(passed),
            ["ℹ", "fail", failed] => self.failed += number(failed),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_is_understood() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out");
        tally.read("ℹ pass 3");
        tally.read("ℹ fail 2");
        tally.read("test result of something else");
        assert_eq!((tally.passed, tally.failed), (15, 3));
    }

    #[test]
    fn a_step_without_tests_counts_as_one() {
        let mut tally = Tally::default();
        assert!(tally.step(|_| Ok(())).is_ok());
        assert!(tally.step(|_| Err("no".into())).is_err());
        assert_eq!((tally.passed, tally.failed), (1, 1));
    }
}
