//! Cross-entropy and accuracy of class scores.

use burn::tensor::{Int, Tensor};

/// What class scores come to; none of it takes part in differentiation.
pub struct Classified {
    /// Mean cross-entropy, `-mean_i log softmax(s_i)_{y_i}`.
    pub nats: Tensor<1>,
    /// How many rows are greatest at their label.
    pub correct: Tensor<1>,
    /// Of the mean with respect to the scores, `(softmax(s_i) - e_{y_i}) / N`, as they are.
    pub gradient: Tensor<2>,
}

/// Of scores `N x C` and each row's class, which `one_hot` has as `N x C`.
pub fn classify(scores: Tensor<2>, classes: Tensor<1, Int>, one_hot: Tensor<2>) -> Classified {
    let scores = scores.detach();
    #[cfg(feature = "webgpu")]
    if let Some(classified) = super::gpu::classify::classify(&scores, &classes) {
        return classified;
    }
    plain(scores, classes, one_hot)
}

/// The same by burn's operations.
fn plain(scores: Tensor<2>, classes: Tensor<1, Int>, one_hot: Tensor<2>) -> Classified {
    let n = scores.dims()[0] as f64;
    let correct = count_correct(scores.clone(), classes);
    let shifted = scores.clone() - scores.max_dim(1);
    let exponentials = shifted.clone().exp();
    let sums = exponentials.clone().sum_dim(1);
    let chosen = (shifted * one_hot.clone()).sum_dim(1);
    let nats = (sums.clone().log() - chosen).sum().div_scalar(n);
    let gradient = (exponentials / sums - one_hot).div_scalar(n);
    Classified { nats, correct, gradient }
}

/// How many rows of class scores are greatest at their label.
pub fn count_correct(scores: Tensor<2>, classes: Tensor<1, Int>) -> Tensor<1> {
    let chosen = scores.argmax(1).squeeze_dim::<1>(1);
    chosen.equal(classes).float().sum()
}
