//! The command, as a user calls it.

#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

fn mole(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mole"));
    command.args(arguments).current_dir(std::env::temp_dir());
    command
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn training_prints_one_event_a_line_and_ends_with_the_result() {
    let output = mole(&["train", "vectors/matrix", "--epochs", "2", "--seed", "3", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let events = lines(&output);
    assert_eq!(events[0]["type"], "started");
    assert_eq!(events[0]["seed"], 3);
    let last = events.last().unwrap();
    assert_eq!((&last["type"], &last["plan"]), (&"finished".into(), &"vectors/matrix".into()));
    assert_eq!(last["complete"], true);
    for field in ["train_accuracy", "test_accuracy", "seconds"] {
        assert!(last[field].as_f64().is_some_and(|value| value > 0.0), "{field} in {last}");
    }
    let steps = events.iter().filter(|event| event["type"] == "step").count();
    // 4,000 samples in batches of 256, three stages of two epochs.
    assert_eq!(steps, 3 * 2 * 15);
}

/// Prints a plan, changes it, and trains it from a file of that name: the file's path, and what was said.
fn train_changed(name: &str, change: impl FnOnce(&mut Value)) -> (String, Vec<Value>) {
    let printed = mole(&["plans", "vectors/bp"]).output().unwrap();
    let mut plan: Value = serde_json::from_slice(&printed.stdout).unwrap();
    change(&mut plan);
    let path = temporary(name);
    std::fs::write(&path, plan.to_string()).unwrap();
    let output = mole(&["train", &path, "--json"]).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    (path, lines(&output))
}

#[test]
fn a_plan_is_printed_changed_and_trained() {
    let (_, events) = train_changed("mine.json", |plan| {
        plan["name"] = "mine".into();
        plan["stages"][0]["epochs"] = 1.into();
    });
    assert_eq!(events.last().unwrap()["plan"], "mine");
}

#[test]
fn what_happened_before_numbers_went_wrong_is_printed() {
    let (_, events) =
        train_changed("diverging.json", |plan| plan["stages"][0]["rate"] = 1e30.into());
    assert_eq!(events.last().unwrap()["problem"]["code"], "train/not-finite");
    assert!(events.iter().any(|event| event["type"] == "step"), "{events:?}");
}

#[test]
fn a_plan_in_a_file_that_cannot_be_is_refused_with_its_place() {
    let (path, events) =
        train_changed("misspelt.json", |plan| plan["stages"][0]["epoch"] = 1.into());
    let problem = &events[0]["problem"];
    assert_eq!(problem["code"], "plan/invalid");
    assert!(problem["message"].as_str().unwrap().starts_with(&path), "{problem}");
    assert!(problem["found"].as_str().unwrap().contains("epoch"), "{problem}");
}

#[test]
fn what_cannot_be_is_said_in_words_and_in_json() {
    let cases = [
        (vec!["train", "vectors/magic", "--json"], "plan/unknown", "mole plans"),
        (vec!["train", "nowhere.json", "--json"], "plan/invalid", "nowhere.json"),
        (vec!["table1", "--rows", "nothing*", "--json"], "plan/unknown", "nothing*"),
        (
            vec!["train", "vectors/bp", "--epochs", "0", "--json"],
            "plan/invalid",
            "from 1 to 1000000",
        ),
    ];
    for (arguments, code, part) in cases {
        let output = mole(&arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let event = lines(&output).pop().unwrap();
        assert_eq!((&event["type"], &event["problem"]["code"]), (&"error".into(), &code.into()));
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(words.contains(part), "{arguments:?}: {words}");
    }
    let output = mole(&["table1", "--seeds", "0"]).output().unwrap();
    assert!(!output.status.success(), "a table of no runs");
    assert!(String::from_utf8(output.stderr).unwrap().contains("0 is not in 1.."));
    let output = mole(&["train", "vectors/bp", "--device", "abacus"]).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("this build has cpu"));
}

fn temporary(name: &str) -> String {
    let name = format!("mole-{}-{name}", std::process::id());
    std::env::temp_dir().join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_row_of_pictures_shows_the_input_and_every_module() {
    let file = temporary("embed.svg");
    let output = mole(&[
        "embed",
        "vectors/mine",
        "--epochs",
        "1",
        "--samples",
        "40",
        "--method",
        "pca",
        "--out",
        &file,
    ])
    .output()
    .unwrap();
    assert!(output.status.success(), "{output:?}");
    let svg = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    for text in
        ["input", "module 0: linear 64", "module 2: linear 4", "40 test samples", "other, other"]
    {
        assert!(svg.contains(text), "{text}");
    }
    let output =
        mole(&["embed", "vectors/mine", "--module", "3", "--out", &file]).output().unwrap();
    assert!(!output.status.success());
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("has the modules 0 to 2, not 3"), "{words}");
    let output =
        mole(&["embed", "vectors/mine", "--module", "x", "--out", &file]).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("expected a module's number"), "{words}");
    assert!(!std::path::Path::new(&file).exists());
}

#[test]
fn estimators_are_measured_on_gaussians() {
    let [figure, table] = ["gaussians.svg", "gaussians.md"].map(temporary);
    std::fs::write(&table, "before\n<!-- gaussians -->\n<!-- /gaussians -->\n").unwrap();
    let arguments =
        ["--rho", "0,0.9", "--dimensions", "1", "--seeds", "2", "--steps", "5", "--json"];
    let output = mole(&["gaussians", "--figure", &figure, "--write", &table])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let rows = lines(&output);
    let text = [&figure, &table].map(|file| std::fs::read_to_string(file).unwrap());
    [&figure, &table].into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
    assert!(text[0].contains("dimension 1") && text[0].contains("InfoNCE"));
    // A head, and a line for each row between the marks.
    assert_eq!(text[1].lines().count(), rows.len() + 5);
    assert!(rows.len() >= 2 * 4);
    for row in rows {
        let truth = if row["rho"] == 0.0 { 0.0 } else { -0.5 * (1.0f64 - 0.81).log2() };
        assert!((row["truth"].as_f64().unwrap() - truth).abs() < 1e-9, "{row}");
        assert!(row["estimate"]["mean"].as_f64().is_some_and(f64::is_finite), "{row}");
    }
    let output = mole(&["gaussians", "--rho", "1", "--seeds", "1"]).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("between -1 and 1, found 1"));
}

#[test]
fn files_of_ones_own_are_trained_on() {
    let file = std::env::temp_dir().join(format!("mole-own-{}.csv", std::process::id()));
    let row =
        |i: usize| format!("{},{},{}\n", i % 17, i * 7 % 13, if i % 17 > 8 { "y" } else { "n" });
    let rows: String = (0..200).map(row).collect();
    std::fs::write(&file, format!("a,b,c\n{rows}")).unwrap();
    let own = |rest: &[&str]| {
        let output = mole(&["train"]).args(rest).arg("--own").arg(&file).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    // Names are said not to be there: the label is the last column still, by its number.
    let (success, events) = own(&["own/bp", "--json", "--epochs", "1", "--header", "false"]);
    assert!(success, "{events}");
    let (success, events) = own(&["own/bp", "--json"]);
    let last: Value = serde_json::from_str(events.lines().last().unwrap()).unwrap();
    assert!(success && last["test_accuracy"].as_f64() > Some(90.0), "{last}");
    let (success, error) = own(&["own/bp", "--label", "d", "--json"]);
    assert!(!success && error.contains("data/setting") && error.contains("a, b, c"), "{error}");
    let (success, error) = own(&["own/bp", "--without", "c", "--label", "c", "--json"]);
    assert!(!success && error.contains("columns other than the label"), "{error}");
    let (success, events) =
        own(&["own/bp", "--without=b", "--without", "a", "--json", "--label=c", "--epochs=1"]);
    assert!(!success && events.contains("at least one to learn from"), "{events}");
    let (success, error) = own(&["own/gmi", "--json"]);
    assert!(!success && error.contains("own/bp, own/matrix"), "{error}");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn the_weights_of_a_run_are_written() {
    let file = temporary("weights.safetensors");
    let weights = || {
        let run = ["train", "vectors/bp", "--epochs", "1", "--json", "--weights", &file];
        let output = mole(&run).output().unwrap();
        let events = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{events}");
        std::fs::read(&file).unwrap()
    };
    let first = weights();
    let length = u64::from_le_bytes(first[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&first[8..8 + length]).unwrap();
    let plan: Value =
        serde_json::from_str(header["__metadata__"]["plan"].as_str().unwrap()).unwrap();
    assert_eq!(plan["name"], "vectors/bp");
    let weight = &header["modules.0.layers.0.weight"];
    assert_eq!((&weight["dtype"], weight["shape"].as_array().unwrap().len()), (&"F32".into(), 2));
    // One that is there is replaced, by the same to the byte.
    assert!(weights() == first);
    std::fs::remove_file(&file).unwrap();
    assert!(!std::path::Path::new(&format!("{file}.part")).exists());

    // Said before anything is trained.
    let (nowhere, folder) = (temporary("no-such-folder/weights"), temporary("no-such-folder/"));
    let one = temporary("one-for-both");
    for (place, more) in [(&nowhere, None), (&folder, None), (&one, Some(&one))] {
        let mut run = mole(&["train", "vectors/bp", "--json", "--weights", place]);
        run.args(more.into_iter().flat_map(|file: &String| ["--checkpoint", file]));
        let said = String::from_utf8(run.output().unwrap().stdout).unwrap();
        assert!(said.contains("disk/refused") && !said.contains("stage"), "{said}");
    }
}

#[test]
fn files_of_ones_own_with_one_name_are_refused() {
    let folder = temporary("twice");
    let paths = ["train", "test"].map(|part| {
        std::fs::create_dir_all(format!("{folder}/{part}")).unwrap();
        let path = format!("{folder}/{part}/people.csv");
        std::fs::write(&path, "a,b\n1,x\n2,y\n").unwrap();
        path
    });
    let mut command = mole(&["train", "own/bp", "--json", "--own"]);
    let output = command.args(paths).output().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    let problem = &lines(&output)[0]["problem"];
    assert_eq!((&problem["code"], &problem["place"]), (&"data/setting".into(), &"own".into()));
    assert!(problem["found"].as_str().unwrap().contains("people.csv"), "{problem}");
}

/// What is there may be hours of training, or something else altogether.
#[test]
fn a_new_checkpoint_takes_no_other_files_place() {
    let file = temporary("taken");
    let train = |rest: &[&str]| {
        let plan = ["train", "vectors/bp", "--epochs", "1", "--json"];
        mole(&plan).args(rest).output().unwrap()
    };
    assert!(train(&["--checkpoint", &file]).status.success());
    let before = std::fs::read(&file).unwrap();
    let output = train(&["--checkpoint", &file]);
    assert!(!output.status.success());
    let problem = &lines(&output)[0]["problem"];
    assert_eq!(problem["code"], "disk/refused");
    assert!(problem["message"].as_str().unwrap().contains("--resume"), "{problem}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(mole(&["train", "--resume", &file]).output().unwrap().status.success());
    for suffix in ["", ".previous"] {
        std::fs::remove_file(format!("{file}{suffix}")).unwrap();
    }
}

#[test]
#[cfg(unix)]
fn a_file_whose_name_is_no_text_is_trained_on() {
    use std::os::unix::ffi::OsStrExt;

    let folder = std::path::PathBuf::from(temporary("latin"));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(std::ffi::OsStr::from_bytes(b"caf\xe9.csv"));
    let rows: String = (0..60).map(|i| format!("{i},{}\n", i % 2)).collect();
    std::fs::write(&path, format!("a,b\n{rows}")).unwrap();
    let train = |rest: &[&str]| {
        let mut command = mole(&["train", "own/bp", "--epochs", "1", "--json"]);
        command.args(rest).arg("--own").arg(&path).output().unwrap()
    };
    assert!(train(&[]).status.success());
    let refused = train(&["--checkpoint", &temporary("latin-run")]);
    assert_eq!(lines(&refused)[0]["problem"]["code"], "disk/refused");
    std::fs::remove_dir_all(folder).unwrap();
}

/// As `| head -3` does.
#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_ends_the_run() {
    let mut command = mole(&["train", "vectors/mine", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        reader.read_line(&mut String::new()).unwrap();
    }
    drop(reader);
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !words.contains("panicked"), "{words}");
    assert!(words.trim_end().ends_with(", ended early"), "{words}");
}

#[test]
fn a_run_that_was_over_tells_how_it_ended_when_it_is_resumed() {
    let file = temporary("over.mole");
    let begin = ["train", "vectors/bp", "--epochs", "1", "--json", "--checkpoint", &file];
    let [first, again] = [&begin[..], &["train", "--resume", &file, "--json"]].map(|arguments| {
        let output = mole(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        lines(&output).pop().unwrap()
    });
    assert_eq!((&again["type"], &again["complete"]), (&"finished".into(), &true.into()));
    assert_eq!(again["test_accuracy"], first["test_accuracy"]);
    for name in [file.clone(), format!("{file}.previous")] {
        std::fs::remove_file(name).unwrap();
    }
}

#[test]
fn files_of_ones_own_may_have_moved_when_a_run_is_resumed() {
    let [before, after, file] = ["before.csv", "after.csv", "moved.mole"].map(temporary);
    let rows: String =
        (0..100).map(|i| format!("{},{}\n", i % 10, ["n", "y"][i % 10 / 5])).collect();
    std::fs::write(&before, format!("a,b\n{rows}")).unwrap();
    let begin = ["train", "own/bp", "--epochs", "1", "--checkpoint", &file, "--own", &before];
    assert!(mole(&begin).output().unwrap().status.success());
    std::fs::rename(&before, &after).unwrap();
    assert!(!mole(&["train", "--resume", &file]).output().unwrap().status.success());
    let output = mole(&["train", "--resume", &file, "--own", &after]).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{words}");
    assert!(words.contains("read 100 of 100 rows: 1 features, label \"b\", 2 classes"), "{words}");
    for name in [after, file.clone(), format!("{file}.previous")] {
        std::fs::remove_file(name).unwrap();
    }
}

#[test]
fn limits_that_cannot_be_are_refused_and_small_ones_take_smaller_batches() {
    for wrong in ["--hold-out=nan", "--hold-out=-0.5", "--hold-out=1", "--checkpoint-every=-3"] {
        let output = mole(&["train", "vectors/bp", "--epochs", "1", wrong]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
    let few = ["train", "vectors/bp", "--epochs", "1", "--samples", "100", "--hold-out", "0.2"];
    let output = mole(&few).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && words.contains("100 train, 800 validation, "), "{words}");
    assert!(words.contains(" valid "), "{words}");
}

#[test]
fn places_that_cannot_be_written_are_named_before_the_work() {
    let nowhere = temporary("nowhere/e.svg");
    let file = temporary("unmarked.md");
    std::fs::write(&file, "no marks").unwrap();
    for (arguments, code) in [
        (["embed", "vectors/mine", "--epochs=1000000", "--out", &nowhere], "nowhere/e.svg: "),
        (
            ["gaussians", "--steps=1000000000", "--rho=-0.5", "--figure", &nowhere],
            "nowhere/e.svg: ",
        ),
        (
            ["gaussians", "--steps=1000000000", "--rho=0.5", "--write", &file],
            "unmarked.md: expected",
        ),
        (["gaussians", "--steps=1", "--rho=0.5", "--dimensions", "18446744073709551615"], "4096"),
    ] {
        let output = mole(&arguments).output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && words.contains(code), "{arguments:?}: {words}");
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_an_error() {
    for arguments in [&["plans"][..], &["plans", "mnist/mine"], &["train", "vectors/bp", "--json"]]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = mole(arguments).stdout(full).output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {words}");
        assert!(words.contains("error: standard output: "), "{arguments:?}: {words}");
    }
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_the_run_with_the_result_so_far() {
    let mut child = mole(&["train", "glyphs/bp", "--epochs", "500", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    // It has begun to train.
    assert!(output.by_ref().any(|line| line.unwrap().contains(r#""type":"step""#)));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let last: Value = serde_json::from_str(&output.last().unwrap().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["complete"]), (&"finished".into(), &false.into()));
    assert!(last["test_accuracy"].as_f64().is_some());
    assert!(child.wait().unwrap().success());
}
