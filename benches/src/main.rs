//! Times training steps, or epochs of every stage, natively: one JSON line each.

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    native::run()
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::error::Error;
    use std::path::PathBuf;
    use std::time::{Duration, Instant};

    use clap::Parser;
    use mole::device::{self, DeviceKind};
    use mole_bench::epochs;
    use mole_bench::tasks::{TASKS, Task, read};
    use pollster::block_on;
    use serde::Serialize;

    /// Times training steps on one fixed batch.
    #[derive(Parser)]
    struct Options {
        /// cpu, ndarray or gpu.
        #[arg(long, default_value = "cpu")]
        device: DeviceKind,
        /// Milliseconds of measuring a task.
        #[arg(long, default_value_t = 2000)]
        budget: u64,
        /// Only the task of this name.
        #[arg(long)]
        only: Option<String>,
        /// Only this batch.
        #[arg(long)]
        batch: Option<usize>,
        #[command(subcommand)]
        what: Option<What>,
    }

    #[derive(clap::Subcommand)]
    enum What {
        /// An epoch of each stage of each plan, next to one of backpropagation.
        Epochs {
            /// The folder with the data sets.
            #[arg(long)]
            data: PathBuf,
            /// Only plans whose name contains this.
            #[arg(long, default_value = "")]
            plans: String,
        },
    }

    #[derive(Serialize)]
    struct Line {
        peer: String,
        task: &'static str,
        batch: usize,
        ok: bool,
        ms: f64,
        ms_p10: f64,
        ms_ahead: f64,
        steps: usize,
        loss_1: f32,
        loss_10: f32,
    }

    pub fn run() -> Result<(), Box<dyn Error>> {
        let options = Options::parse();
        if let Some(What::Epochs { data, plans }) = &options.what {
            let device = block_on(device::open(options.device))?;
            let budget = Duration::from_millis(options.budget);
            return epochs::measure(data, plans, &device, budget, |epoch| {
                println!("{}", serde_json::json!(epoch));
            });
        }
        let only = |task: &str| options.only.as_ref().is_none_or(|only| only == task);
        for (task, batches) in TASKS.iter().filter(|(task, _)| only(task)) {
            let wanted = |batch: &&usize| options.batch.is_none_or(|only| only == **batch);
            for batch in batches.iter().filter(wanted) {
                println!("{}", serde_json::to_string(&measure(task, *batch, &options)?)?);
            }
        }
        Ok(())
    }

    fn measure(
        name: &'static str,
        batch: usize,
        options: &Options,
    ) -> Result<Line, Box<dyn Error>> {
        let device = block_on(device::open(options.device))?;
        let mut task = Task::new(name, batch, &device)?;
        let mut step = || block_on(async { read(task.step().await?).await });
        let mut losses = Vec::new();
        let warm = Instant::now();
        while losses.len() < 10 || warm.elapsed() < Duration::from_millis(500) {
            losses.push(step()?);
        }
        let budget = Duration::from_millis(options.budget);
        let mut times = Vec::new();
        let start = Instant::now();
        while times.len() < 3 || (start.elapsed() < budget && times.len() < 400) {
            let begun = Instant::now();
            step()?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        // One read for several steps: the throughput of a device that works ahead.
        let ahead = ((options.budget as f64 / 4.0 / median) as usize).clamp(2, 20);
        let begun = Instant::now();
        for _ in 1..ahead {
            block_on(task.step())?;
        }
        block_on(async { read(task.step().await?).await })?;
        Ok(Line {
            peer: format!("mole-native-{}", options.device),
            task: name,
            batch,
            ok: true,
            ms: median,
            ms_p10: times[times.len() / 10],
            ms_ahead: begun.elapsed().as_secs_f64() * 1e3 / ahead as f64,
            steps: times.len(),
            loss_1: losses[0],
            loss_10: losses[9],
        })
    }
}
