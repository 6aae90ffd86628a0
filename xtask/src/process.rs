//! Other programs: run in the repository, shown as they are called.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitStatus, Stdio};

use crate::{Outcome, root};

/// A program to be run at the top of the repository.
pub fn command<I, S>(program: &str, arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs it to its end; anything but success is an error.
pub fn run(command: &mut Command) -> Outcome {
    announce(command);
    let status = command.status().map_err(|error| not_started(command, &error))?;
    ended(command, status)
}

/// As [`run`], handing each line of its output to `line` as it comes; the output is shown too.
pub fn run_reading(command: &mut Command, mut line: impl FnMut(&str)) -> Outcome {
    announce(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(command, &error))?;
    let mut shown = Vec::new();
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).split(b'\n') {
            let text = String::from_utf8_lossy(&text?).into_owned();
            println!("{text}");
            line(&text);
            shown.push(text);
        }
    }
    let status = child.wait()?;
    told_again(ended(command, status), &shown)
}

/// As [`run_reading`], its output shown in one piece when it has ended: for what runs beside others.
pub fn run_showing_last(command: &mut Command, line: impl FnMut(&str)) -> Outcome {
    announce(command);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| not_started(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    text.lines().for_each(line);
    told_again(ended(command, output.status), &text.lines().collect::<Vec<_>>())
}

/// What it prints, without showing it; `None` where it cannot be run or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

fn announce(command: &Command) {
    println!("$ {}", describe(command));
    // The program writes to the same place; what is ours must come first.
    let _ = std::io::stdout().flush();
}

fn ended(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed: {status}", describe(command)).into())
}

/// A failure with the end of what was shown, which may stand hours of other output above by now.
fn told_again(outcome: Outcome, shown: &[impl AsRef<str>]) -> Outcome {
    const LINES: usize = 60;
    outcome.map_err(|error| {
        let last = &shown[shown.len().saturating_sub(LINES)..];
        let lines: Vec<_> = last.iter().map(|line| format!("  {}", line.as_ref())).collect();
        format!("{error}, after\n{}", lines.join("\n")).into()
    })
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", describe(command))
}

fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program()];
    words.extend(command.get_args());
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
