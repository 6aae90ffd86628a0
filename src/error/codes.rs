//! Every way to fail, once: its code, what it is in words, and what to do next.
//!
//! The page adds codes of its own that begin with `page/` (`www/js/`).

use serde::Serialize;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// The file is not what it should be.
    ChooseAnotherFile,
    /// Files are missing.
    FetchTheData,
    /// The plan does not fit.
    ChooseAnotherPlan,
    /// Another device can do it.
    FallBackToCpu,
    /// Training diverged.
    LowerTheLearningRate,
    /// A defect of ours.
    Report,
}

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable: `parse/truncated`.
    pub name: &'static str,
    /// One sentence, true of every failure of this code.
    pub text: &'static str,
    /// What to do next.
    pub recovery: Recovery,
}

impl Code {
    /// The code of a name.
    pub fn find(name: &str) -> Option<&'static Code> {
        CODES.iter().find(|code| code.name == name)
    }
}

const fn code(name: &'static str, text: &'static str, recovery: Recovery) -> Code {
    Code { name, text, recovery }
}

/// The closed list; `tests/errors.rs` refuses a code that is not here.
pub const CODES: &[Code] = {
    use Recovery::*;
    &[
        code("parse/truncated", "The file ends too early.", ChooseAnotherFile),
        code("parse/wrong-magic", "The file is of another format.", ChooseAnotherFile),
        code("parse/too-large", "The file holds more than is read here.", ChooseAnotherFile),
        code("parse/trailing-bytes", "The file goes on after its end.", ChooseAnotherFile),
        code("parse/bad-compression", "The compressed data are damaged.", ChooseAnotherFile),
        code("parse/bad-text", "The file is not UTF-8 text in lines.", ChooseAnotherFile),
        code("parse/bad-quote", "A quoted field is not closed as it should be.", ChooseAnotherFile),
        code("parse/bad-number", "A field is not a number.", ChooseAnotherFile),
        code("parse/wrong-column-count", "A row has another number of fields.", ChooseAnotherFile),
        code("parse/out-of-range", "A value is outside its range.", ChooseAnotherFile),
        code("parse/inconsistent", "Two parts of the files disagree.", ChooseAnotherFile),
        code("parse/unknown-category", "A category is not among those known.", ChooseAnotherFile),
        code("parse/unsupported", "This form of the format is not read.", ChooseAnotherFile),
        code("parse/forbidden", "The file asks for what no data need.", ChooseAnotherFile),
        code("data/unknown-name", "There is no such data set.", ChooseAnotherPlan),
        code("data/missing-file", "A file of the data set is missing.", FetchTheData),
        code("data/wrong-size", "A file is not as long as the publisher's.", ChooseAnotherFile),
        code("data/wrong-hash", "A file is not the publisher's.", ChooseAnotherFile),
        code("data/unrecognised", "The files are of no kind that is read.", ChooseAnotherFile),
        code("data/setting", "The files cannot be read in that way.", ChooseAnotherFile),
        code("data/inconsistent", "The files make no data set.", ChooseAnotherFile),
        code("data/unreachable", "A file could not be fetched.", FetchTheData),
        code("data/bad-archive", "What was fetched is no archive of the files.", FetchTheData),
        code("data/disk", "The disk refused a file.", FetchTheData),
        code("disk/unreadable", "A file could not be read.", ChooseAnotherFile),
        code("disk/refused", "The disk refused a file.", Report),
        code("disk/no-marks", "The file has no place for the table.", ChooseAnotherFile),
        code("figure/not-drawn", "The figure could not be drawn.", Report),
        code("plan/unknown", "There is no such plan.", ChooseAnotherPlan),
        code("plan/invalid", "The plan cannot be trained.", ChooseAnotherPlan),
        code("plan/no-such-stage", "The run has not come to that stage.", ChooseAnotherPlan),
        code(
            "plan/changed-before-stage",
            "The plan differs before the stage to train again.",
            ChooseAnotherPlan,
        ),
        code("device/unavailable", "This build has no such device.", FallBackToCpu),
        code("device/no-adapter", "There is no graphics adapter to use.", FallBackToCpu),
        code("device/failed", "The device failed.", FallBackToCpu),
        code("checkpoint/damaged", "The checkpoint is damaged.", ChooseAnotherFile),
        code(
            "checkpoint/other-version",
            "The checkpoint is of another version.",
            ChooseAnotherFile,
        ),
        code("checkpoint/too-large", "The checkpoint is too large to keep.", ChooseAnotherPlan),
        code("checkpoint/other-plan", "The checkpoint is of another plan.", ChooseAnotherFile),
        code("checkpoint/other-data", "The checkpoint is of other data.", ChooseAnotherFile),
        code("train/not-finite", "Training left the finite numbers.", LowerTheLearningRate),
        code("train/bad-data", "The data cannot be computed with.", ChooseAnotherFile),
        code("train/bad-setting", "The estimator cannot be used like that.", ChooseAnotherPlan),
        code("train/failed", "A step could not be taken.", Report),
        code("inspect/impossible", "There is nothing to look at yet.", Report),
        code("embed/too-few-points", "There are too few points to embed.", Report),
        code("embed/ragged", "The points differ in length.", Report),
        code("embed/not-finite", "A point is not finite.", Report),
        code("embed/perplexity", "The perplexity does not fit the points.", Report),
        code("embed/setting", "A setting of the embedding is out of range.", Report),
        code("request/invalid", "A call does not have the form it should.", Report),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::ParseErrorKind;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct_and_said_in_a_sentence() {
        let names: BTreeSet<_> = CODES.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), CODES.len());
        for Code { name, text, .. } in CODES {
            let (area, fault) = name.split_once('/').unwrap();
            let plain = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(plain(area) && plain(fault), "{name}");
            assert!(text.ends_with('.') && text.len() < 60, "{name}: {text}");
            assert_eq!(Code::find(name).unwrap().text, *text);
        }
        assert_eq!(Code::find("parse/nothing"), None);
    }

    #[test]
    fn every_kind_of_parse_error_is_listed() {
        for kind in ParseErrorKind::ALL {
            assert!(Code::find(kind.code()).is_some(), "{kind:?}");
        }
        let parse = CODES.iter().filter(|code| code.name.starts_with("parse/")).count();
        assert_eq!(parse, ParseErrorKind::ALL.len());
    }
}
