//! What the fields of a plan mean and may be, for forms and tooltips.

use serde::Serialize;

use crate::bytes::text::shown;
use crate::estimators::Bound;
use crate::representation::Misfit;

/// A field of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Where it stands: `stages.rate`, `estimator.order`, `layers.width`.
    pub path: &'static str,
    /// Two or three words.
    pub label: &'static str,
    /// A sentence.
    pub description: &'static str,
    /// The smallest value, where there is one.
    pub min: Option<f64>,
    /// Whether `min` itself is too small.
    pub above: bool,
    /// The greatest value, where there is one.
    pub max: Option<f64>,
    /// Whether it counts something.
    pub whole: bool,
    /// Where it is one of some words: those.
    pub choices: &'static [Choice],
    /// Where each word stands in an object, with what belongs to it: the word's name there.
    pub tag: Option<&'static str>,
}

/// One of the words that a field may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// As it stands in a plan.
    pub value: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// The numbers that belong to it, as they start.
    pub numbers: &'static [(&'static str, f64)],
}

const fn field(path: &'static str, label: &'static str, description: &'static str) -> Field {
    let (min, max, tag) = (None, None, None);
    Field { path, label, description, min, above: false, max, whole: false, choices: &[], tag }
}

impl Field {
    /// A number, `min` or more.
    const fn from(self, min: f64) -> Field {
        Field { min: Some(min), ..self }
    }

    /// A number above `min`.
    const fn above(self, min: f64) -> Field {
        Field { min: Some(min), above: true, ..self }
    }

    const fn to(self, max: f64) -> Field {
        Field { max: Some(max), ..self }
    }

    /// A whole number, `min` or more.
    const fn count_from(self, min: f64) -> Field {
        Field { min: Some(min), whole: true, ..self }
    }

    const fn one_of(self, choices: &'static [Choice]) -> Field {
        Field { choices, ..self }
    }

    const fn tagged(self, tag: &'static str) -> Field {
        Field { tag: Some(tag), ..self }
    }
}

impl Field {
    /// What is expected in place of a number that cannot be this field's; `None` where it can.
    pub fn refusal(&self, number: f64) -> Option<Misfit> {
        let Field { min, above, max, .. } = *self;
        let high_enough = min.is_none_or(|min| if above { number > min } else { number >= min });
        let low_enough = max.is_none_or(|max| number <= max);
        if number.is_finite() && high_enough && low_enough {
            return None;
        }
        let bounds = match (min, max) {
            (Some(min), None) if above => format!("above {min}"),
            (Some(min), None) => format!("at least {min}"),
            (Some(min), Some(max)) if above => format!("above {min} and at most {max}"),
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => "a finite number".into(),
        };
        Some(Misfit::new(bounds, shown(number)))
    }
}

const fn choice(value: &'static str, label: &'static str) -> Choice {
    Choice { value, label, numbers: &[] }
}

/// The greatest width of anything: far above what these networks need, and low enough for products of
/// two to be counted.
const WIDEST: f64 = 4096.0;

/// Every field that a form may offer.
pub const FIELDS: &[Field] = &[
    field("layers.width", "width", "Numbers that the layer gives for each sample or node.")
        .count_from(1.0)
        .to(WIDEST),
    field("layers.channels", "channels", "Feature maps that the convolution gives.")
        .count_from(1.0)
        .to(WIDEST),
    field("layers.kernel", "kernel", "Side of the convolution's window, in pixels.")
        .count_from(1.0)
        .to(WIDEST),
    field("layers.padding", "padding", "Zeros added on every side of the image, in pixels.")
        .count_from(0.0)
        .to(WIDEST),
    field("layers.size", "pool", "Side of the squares whose greatest value is kept.")
        .count_from(1.0)
        .to(WIDEST),
    field(
        "stages.objective",
        "objective",
        "What the module is trained for: information about the \
        input (encoder), information about the label (decoder), or the smallest cross-entropy (output).",
    ),
    field("stages.epochs", "epochs", "Passes over the training samples.").count_from(1.0).to(1e6),
    field(
        "stages.batch",
        "batch",
        "Samples in a step. Estimates of information depend on it: what \
        is estimated from N samples is not to be trusted beyond log2 N bits.",
    )
    .count_from(2.0),
    field("stages.rate", "learning rate", "Adam's step size.").above(0.0),
    field(
        "stages.weight_decay",
        "weight decay",
        "Added to the gradient, as a share of the weight.",
    )
    .from(0.0),
    field(
        "stages.clip",
        "clipping",
        "The greatest norm of all gradients together; above it they \
        are scaled down.",
    )
    .above(0.0),
    field(
        "estimator.order",
        "order α",
        "Of Rényi's entropy. At 2 it is a Frobenius norm and stays \
        on the device; near 1 it comes close to Shannon's, at the cost of eigenvalues.",
    )
    .above(0.0),
    field(
        "estimator.width",
        "kernel width",
        "As a share of the root mean squared distance between \
        samples.",
    )
    .above(0.0),
    field(
        "estimator.normalisation",
        "divided by",
        "What the information is divided by: nothing, or \
        the smaller, the larger or the joint entropy.",
    )
    .one_of(&[
        choice("none", "nothing"),
        choice("min", "the smaller entropy"),
        choice("max", "the larger entropy"),
        choice("joint", "the joint entropy"),
    ]),
    field(
        "estimator.samples",
        "samples",
        "Most samples that are all compared with each other; a \
        larger batch is thinned out at random.",
    )
    .count_from(2.0)
    .to(WIDEST),
    field(
        "estimator.bound",
        "bound",
        "The lower bound on the information, or estimate of it, that the critic raises.",
    )
    .one_of(&[
        Choice {
            numbers: &[("average", Bound::AVERAGE)],
            ..choice("donsker-varadhan", "Donsker-Varadhan")
        },
        choice("nwj", "Nguyen, Wainwright, Jordan"),
        choice("jensen-shannon", "Jensen-Shannon"),
        Choice { numbers: &[("tau", 5.0)], ..choice("smile", "SMILE") },
    ])
    .tagged("form"),
    field("estimator.form", "form", "What the local objective makes of the critic's scores.")
        .one_of(&[
            choice("jensen-shannon", "Jensen-Shannon"),
            choice("donsker-varadhan", "Donsker-Varadhan"),
            choice("info-nce", "InfoNCE"),
        ])
        .tagged("name"),
    field(
        "estimator.hidden",
        "hidden units",
        "Width of the critic's hidden layers. The critic is \
        discarded with its stage.",
    )
    .count_from(1.0)
    .to(WIDEST),
    field("estimator.activation", "nonlinearity", "After each of the critic's hidden layers.")
        .one_of(&[choice("relu", "ReLU"), choice("elu", "ELU")]),
    field("estimator.units", "units", "Width of the projections that are compared.")
        .count_from(1.0)
        .to(WIDEST),
    field("estimator.patch", "patch", "Side of an image patch, in pixels.").count_from(1.0),
    field("estimator.stride", "stride", "From one patch to the next, in pixels.").count_from(1.0),
    field(
        "estimator.prior",
        "prior",
        "Weight of making the outputs look uniformly distributed, which keeps them from \
        collapsing; 0: off.",
    )
    .from(0.0),
    field("estimator.weights", "weights", "Of the estimator's terms.").from(0.0),
    field("estimator.negatives", "negatives", "Other nodes drawn for each node and term.")
        .count_from(1.0)
        .to(100.0),
    field(
        "estimator.average",
        "moving average",
        "Share of the newest batch in the running mean \
        that takes the bias out of the gradient.",
    )
    .above(0.0)
    .to(1.0),
    field("estimator.temperature", "temperature", "What InfoNCE's scores are divided by.")
        .above(0.0),
    field(
        "estimator.symmetric",
        "both ways",
        "Whether InfoNCE also asks which output belongs to a \
        target.",
    ),
    field(
        "estimator.squash",
        "squashed scores",
        "Whether scores go through a sigmoid first, as the release of GMI does.",
    ),
    field("estimator.tau", "clip τ", "Scores are clipped at ± τ inside the logarithm.").above(0.0),
];
