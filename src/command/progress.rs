//! Events as progress bars on a terminal. Nothing is drawn where standard error is not one.

use indicatif::{ProgressBar, ProgressStyle};

use super::tell;
use mole::run::{Event, StageSummary};

/// Draws a run, one bar a stage.
pub struct Progress {
    stages: Vec<StageSummary>,
    bar: ProgressBar,
    /// The stage whose input the bar counts.
    reading: Option<usize>,
    /// Whether the run was resumed, and has taken no step yet.
    resumed: bool,
}

impl Progress {
    /// Nothing drawn yet.
    pub fn new() -> Self {
        Progress { stages: Vec::new(), bar: ProgressBar::hidden(), reading: None, resumed: false }
    }

    /// Draws what an event changed.
    pub fn show(&mut self, event: &Event) {
        match event {
            Event::Started { plan, device, seed, train, valid, test, stages, .. } => {
                self.stages = stages.clone();
                let valid =
                    if *valid > 0 { format!("{valid} validation, ") } else { String::new() };
                let samples = format!("{train} train, {valid}{test} test samples");
                tell(&format!("{plan}, seed {seed}, on {device}: {samples}"));
            }
            Event::Resumed { plan, device, seed, stage, step, stages, .. } => {
                self.stages = stages.clone();
                self.resumed = true;
                let at = format!("stage {}, step {step}", stage + 1);
                tell(&format!("{plan}, seed {seed}, on {device}: goes on after {at}"));
            }
            Event::RateSet { stage, step, rate } => {
                tell(&format!("stage {}: on after step {step} at a rate of {rate}", stage + 1));
            }
            Event::Rewound { stages, .. } => self.stages = stages.clone(),
            Event::Caching { stage, done, total } => {
                if self.reading != Some(*stage) {
                    self.reading = Some(*stage);
                    self.begin(*total as u64, format!("stage {}: reading its input", stage + 1));
                }
                self.bar.set_position(*done as u64);
            }
            Event::StageStarted { stage } => self.begin_stage(*stage),
            Event::Step { stage, step, objective, .. } => {
                // In the middle of a stage it does not start.
                if self.resumed {
                    self.begin_stage(*stage);
                }
                self.bar.set_position(*step as u64);
                self.bar.set_message(format!("{objective:.3} {}", self.unit(*stage)));
            }
            Event::Accuracy { epoch, train_accuracy, valid_accuracy, test_accuracy, .. } => {
                let known = [("valid", *valid_accuracy), ("test", *test_accuracy)];
                let others: String = known
                    .into_iter()
                    .filter_map(|(name, value)| Some(format!(", {name} {:.2} %", value?)))
                    .collect();
                self.bar.println(format!("  epoch {epoch}: train {train_accuracy:.2} %{others}"));
            }
            Event::StageFinished { stage, seconds, objective, .. } => {
                self.bar.finish_and_clear();
                let name = self.stages.get(*stage).map_or("", |summary| summary.name.as_str());
                let value = format!("{objective:.3} {}", self.unit(*stage));
                tell(&format!("stage {} ({name}): {value} in {seconds:.1} s", stage + 1));
            }
            Event::Finished {
                train_accuracy,
                valid_accuracy,
                test_accuracy,
                seconds,
                complete,
                ..
            } => {
                self.bar.finish_and_clear();
                let percent = |accuracy: &Option<f64>| {
                    accuracy.map_or("not reached".into(), |percent| format!("{percent:.2} %"))
                };
                let [train, test] = [train_accuracy, test_accuracy].map(percent);
                let valid = match valid_accuracy {
                    Some(percent) => format!(" valid {percent:.2} %,"),
                    None => String::new(),
                };
                let early = if *complete { "" } else { ", ended early" };
                tell(&format!("train {train},{valid} test {test}, {seconds:.1} s{early}"));
            }
        }
    }

    fn unit(&self, stage: usize) -> &str {
        self.stages.get(stage).map_or("", |summary| summary.unit.as_str())
    }

    fn begin_stage(&mut self, stage: usize) {
        (self.reading, self.resumed) = (None, false);
        self.bar.finish_and_clear();
        if let Some(summary) = self.stages.get(stage) {
            let StageSummary { role, objective, steps, .. } = summary;
            let of = self.stages.len();
            let label = format!("stage {} of {of}, {role}, {objective}", stage + 1);
            self.begin(*steps as u64, label);
        }
    }

    fn begin(&mut self, total: u64, label: String) {
        const TEMPLATE: &str = "{prefix} [{wide_bar}] {pos}/{len} {msg} ETA {eta}";
        // The template is a constant; the default style is the same without a prefix.
        let style =
            ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar = ProgressBar::new(total).with_style(style).with_prefix(label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resumed() -> Event {
        let summary = StageSummary {
            modules: vec![0],
            name: "linear 64".into(),
            role: "encoder".into(),
            objective: "I(T;X)".into(),
            estimator: "MINE".into(),
            unit: "bits".into(),
            maximise: true,
            epochs: 4,
            steps: 40,
            parameters: 10,
        };
        let [plan, dataset, device] = ["a/b", "a", "cpu"].map(String::from);
        let (train, valid, test, seed, stages) = (10, 0, 5, 0, vec![summary]);
        let (stage, step, events) = (0, 20, 9);
        Event::Resumed {
            plan,
            dataset,
            seed,
            device,
            train,
            valid,
            test,
            stages,
            stage,
            step,
            events,
        }
    }

    #[test]
    fn a_run_that_goes_on_in_the_middle_of_a_stage_has_its_bar() {
        let mut progress = Progress::new();
        progress.show(&resumed());
        for done in [128, 256] {
            progress.show(&Event::Caching { stage: 0, done, total: 300 });
        }
        assert_eq!(progress.bar.position(), 256);
        progress.show(&Event::Step { stage: 0, step: 21, epoch: 3, objective: 1.0, seconds: 1.0 });
        assert_eq!((progress.bar.length(), progress.bar.position()), (Some(40), 21));
        assert!(progress.bar.prefix().contains("encoder"), "{}", progress.bar.prefix());
    }
}
