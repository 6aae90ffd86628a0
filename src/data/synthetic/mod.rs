//! Sets made from a seed, one of every kind of sample: nothing to fetch, and what decides the
//! class is known.
//!
//! Each is made so that its class cannot be read off its parts one by one, and a network has to
//! learn its hidden layers. Test accuracy in percent with seeds 0 and 1, of a small network trained
//! by backpropagation and of the best logistic regression on the same network's hidden features at
//! their initial weights (measured outside this crate, Adam, four strengths of regularisation):
//!
//! | set | network | trained | random hidden layers |
//! |---|---|---|---|
//! | vectors | 16-64-16-4 perceptron | 99.7, 99.7 | 32.6, 27.1 |
//! | glyphs | 5x5 convolutions of 16 and 32, 128, 10 | 96.6, 95.2 | 80.6, 84.7 |
//! | community | graph convolutions of 64 and 32, 5 | 96.6, 97.2 | 70.6, 73.0 |
//! | molecules | embedding, two message passings of 64, mean, 2 | 100.0, 100.0 | 78.3, 72.0 |

pub(super) mod community;
pub(super) mod glyphs;
pub(super) mod molecules;
pub(super) mod vectors;

use super::Splits;

const TERMS: &str = "made by this program: no terms";
const CITATION: &str = "none: made by this program";

/// Splits that take the samples in order: they are drawn independently, so no order is better.
fn in_order(n_train: u32, n_valid: u32, n_test: u32) -> Splits {
    let valid_end = n_train + n_valid;
    Splits {
        train: (0..n_train).collect(),
        valid: (n_train..valid_end).collect(),
        test: (valid_end..valid_end + n_test).collect(),
    }
}
