//! Tables that a command keeps up to date in a file, between the lines `<!-- NAME -->` and
//! `<!-- /NAME -->`.

use std::path::Path;

use super::disk;
use mole::error::Problem;

/// What stands between the marks of a file.
pub fn read(file: &Path, name: &str) -> Result<String, Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| disk::refused(file, &error))?;
    let [_, between, _] = parts(&text, name).ok_or_else(|| no_marks(file, name))?;
    Ok(between.to_owned())
}

/// Replaces it.
pub fn write(file: &Path, name: &str, new: &str) -> Result<(), Problem> {
    let text = std::fs::read_to_string(file).map_err(|error| disk::refused(file, &error))?;
    let [before, _, after] = parts(&text, name).ok_or_else(|| no_marks(file, name))?;
    disk::write(file, format!("{before}\n{new}{after}"))
}

/// The text up to and with the first mark, between the two, and from the second.
fn parts<'a>(text: &'a str, name: &str) -> Option<[&'a str; 3]> {
    let first = format!("<!-- {name} -->");
    let begin = text.find(&first)? + first.len();
    let end = begin + text[begin..].find(&format!("<!-- /{name} -->"))?;
    Some([&text[..begin], &text[begin..end], &text[end..]])
}

fn no_marks(file: &Path, name: &str) -> Problem {
    let file = file.display();
    let message = format!("{file}: expected the lines <!-- {name} --> and <!-- /{name} -->");
    Problem::new("disk/no-marks", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_is_found_and_the_rest_kept() {
        let text = "a\n<!-- t -->\nold\n<!-- /t -->\nb\n";
        let found = parts(text, "t");
        assert_eq!(found, Some(["a\n<!-- t -->", "\nold\n", "<!-- /t -->\nb\n"]));
        assert_eq!(parts("no marks", "t"), None);
        assert_eq!(parts("<!-- /t --> <!-- t -->", "t"), None);
    }
}
