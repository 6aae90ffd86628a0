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

/// A failure with what was shown of it, which may stand hours of other output above by now.
fn told_again(outcome: Outcome, shown: &[impl AsRef<str>]) -> Outcome {
    outcome.map_err(|error| {
        let shown: Vec<&str> = shown.iter().map(AsRef::as_ref).collect();
        let lines: Vec<_> = of_failures(&shown).iter().map(|line| format!("  {line}")).collect();
        format!("{error}, after\n{}", lines.join("\n")).into()
    })
}

/// What Rust's tests say of those that failed, program by program, and the end of all.
fn of_failures<'a>(shown: &[&'a str]) -> Vec<&'a str> {
    const LINES: usize = 60;
    let mut told = Vec::new();
    let mut rest = shown;
    while let Some(begin) = rest.iter().position(|line| *line == "failures:") {
        let length = rest[begin..].iter().position(|line| line.starts_with("test result: "));
        let end = length.map_or(rest.len(), |length| begin + length + 1);
        told.extend(&rest[begin.max(end.saturating_sub(LINES))..end]);
        rest = &rest[end..];
    }
    told.extend(&rest[rest.len().saturating_sub(LINES)..]);
    told
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failures_of_every_program_are_told_again() {
        let program = |name: &'static str| {
            let lines = ["test a ... ok", "", "failures:", name, "failures:", "    b"];
            [&lines[..], &["test result: FAILED. 1 passed; 1 failed"]].concat()
        };
        let fine = vec!["test c ... ok"; 100];
        let shown = [program("it was 1"), fine.clone(), program("it was 2"), fine].concat();
        let told = of_failures(&shown);
        assert!(told.contains(&"it was 1") && told.contains(&"it was 2"), "{told:?}");
        assert_eq!(told.len(), 5 + 5 + 60);
    }
}
