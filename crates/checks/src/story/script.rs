//! A story file as it is written: its title, its directory, and its steps with what is expected after each.

use std::path::Path;

/// A mistake in a story file, or in how it goes: `file:line: what`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The line, from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) problem: String,
}

impl Mistake {
    /// As a compiler tells it.
    pub(super) fn told(&self, path: &Path) -> String {
        format!("{}:{}: {}", path.display(), self.line, self.problem)
    }
}

/// A story, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// All before the steps, line by line, to be written back as it was.
    head: Vec<String>,
    /// The directory in TOML; lines count from the file's first.
    pub(super) directory: String,
    /// What is done, one after the other.
    pub(super) steps: Vec<Step>,
    /// Comments after the last step.
    tail: Vec<String>,
}

/// One thing that is done, and what is seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Comments and empty lines before it.
    lead: Vec<String>,
    /// Its line in the file.
    pub(super) line: usize,
    /// What is done, without the mark.
    pub(super) text: String,
    /// Lines that belong to what is done, without their mark.
    pub(super) attached: Vec<String>,
    /// What is to be seen afterwards.
    pub(super) expected: Vec<String>,
}

/// The line that divides the directory from the steps.
const BEGINNING: &str = "[story]";

impl Script {
    /// Reads a story.
    ///
    /// # Errors
    /// The first line that is not as the form wants it.
    pub(super) fn read(text: &str) -> Result<Self, Mistake> {
        let lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
        let is_title = |line: &String| line.starts_with("# ") && line.ends_with('.');
        if !lines.first().is_some_and(is_title) {
            return Err(mistake(1, "a story opens with its promise: `# A sentence.`"));
        }
        let Some(divider) = lines.iter().position(|line| line == BEGINNING) else {
            return Err(mistake(lines.len(), "there is no line `[story]`"));
        };
        let (head, rest) = lines.split_at(divider + 1);
        let mut script =
            Self { head: head.to_vec(), directory: head[..divider].join("\n"), steps: Vec::new(), tail: Vec::new() };
        for (line, text) in (divider + 2..).zip(rest) {
            script.take(line, text)?;
        }
        if script.steps.is_empty() {
            return Err(mistake(lines.len(), "nothing happens in this story"));
        }
        Ok(script)
    }

    fn take(&mut self, line: usize, text: &str) -> Result<(), Mistake> {
        if let Some(done) = text.strip_prefix("> ") {
            let lead = std::mem::take(&mut self.tail);
            let step = Step { lead, line, text: done.to_owned(), attached: Vec::new(), expected: Vec::new() };
            self.steps.push(step);
            return Ok(());
        }
        if text.is_empty() || text.starts_with('#') {
            self.tail.push(text.to_owned());
            return Ok(());
        }
        let between = !self.tail.is_empty();
        let step = self.steps.last_mut().filter(|_| !between);
        let step = step.ok_or_else(|| mistake(line, "what is seen stands directly below the step that causes it"))?;
        match text.strip_prefix("| ") {
            Some(_) if !step.expected.is_empty() => {
                return Err(mistake(line, "what belongs to a step stands above what is seen of it"));
            }
            Some(attached) => step.attached.push(attached.to_owned()),
            None => step.expected.push(text.to_owned()),
        }
        Ok(())
    }

    /// The file with what was seen in the place of what was expected; the steps after the last one seen are as before.
    pub(super) fn rewritten(&self, seen: &[Vec<String>]) -> String {
        let mut lines = self.head.clone();
        for (place, step) in self.steps.iter().enumerate() {
            lines.extend_from_slice(&step.lead);
            lines.push(format!("> {}", step.text));
            lines.extend(step.attached.iter().map(|line| format!("| {line}").trim_end().to_owned()));
            lines.extend_from_slice(seen.get(place).unwrap_or(&step.expected));
        }
        lines.extend_from_slice(&self.tail);
        lines.join("\n") + "\n"
    }

    /// What differs, step by step, as `-` expected and `+` seen; empty when nothing does.
    pub(super) fn difference(&self, seen: &[Vec<String>]) -> String {
        let mut told = String::new();
        for (step, seen) in self.steps.iter().zip(seen) {
            if step.expected != *seen {
                told += &format!("line {}: > {}\n{}", step.line, step.text, compared(&step.expected, seen));
            }
        }
        told
    }
}

pub(super) fn mistake(line: usize, problem: &str) -> Mistake {
    Mistake { line, problem: problem.to_owned() }
}

/// Both lists as one: what they have in common plain, the rest marked; by their longest common subsequence.
fn compared(expected: &[String], seen: &[String]) -> String {
    let mut common = vec![vec![0_usize; seen.len() + 1]; expected.len() + 1];
    for left in (0..expected.len()).rev() {
        for right in (0..seen.len()).rev() {
            common[left][right] = if expected[left] == seen[right] {
                common[left + 1][right + 1] + 1
            } else {
                common[left + 1][right].max(common[left][right + 1])
            };
        }
    }
    let (mut left, mut right, mut told) = (0, 0, String::new());
    while left < expected.len() || right < seen.len() {
        if left < expected.len() && right < seen.len() && expected[left] == seen[right] {
            told += &format!("    {}\n", seen[right]);
            (left, right) = (left + 1, right + 1);
        } else if left < expected.len() && (right == seen.len() || common[left + 1][right] >= common[left][right + 1]) {
            told += &format!("  - {}\n", expected[left]);
            left += 1;
        } else {
            told += &format!("  + {}\n", seen[right]);
            right += 1;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "# All is well.\n[[user]]\n\n[story]\n\n# At first.\n> wait\n| more\nseen\n\n> end\n";

    #[test]
    fn a_story_is_read_and_written_back_as_it_was() {
        let script = Script::read(STORY).unwrap();
        assert_eq!(script.directory, "# All is well.\n[[user]]\n");
        assert_eq!(script.steps.iter().map(|step| step.line).collect::<Vec<_>>(), [7, 11]);
        assert_eq!(script.steps[0].attached, ["more"]);
        assert_eq!(script.steps[0].expected, ["seen"]);
        assert_eq!(script.rewritten(&[]), STORY);
        let other = script.rewritten(&[vec!["other".to_owned()], Vec::new()]);
        assert_eq!(other, STORY.replace("seen", "other"));
    }

    #[test]
    fn a_file_of_another_form_is_refused_with_its_line() {
        for (text, line) in [
            ("All is well.\n[story]\n> wait\n", 1),
            ("# All is well\n[story]\n> wait\n", 1),
            ("# All is well.\n> wait\n", 2),
            ("# All is well.\n[story]\n", 2),
            ("# All is well.\n[story]\nseen\n> wait\n", 3),
            ("# All is well.\n[story]\n> wait\n\nseen\n", 5),
            ("# All is well.\n[story]\n> wait\nseen\n| more\n", 5),
        ] {
            assert_eq!(Script::read(text).unwrap_err().line, line, "{text}");
        }
    }

    #[test]
    fn a_difference_shows_what_is_missing_and_what_is_too_much() {
        let script = Script::read("# All is well.\n[story]\n> wait\na\nb\nc\n> end\nd\n").unwrap();
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        assert_eq!(script.difference(&[lines(&["a", "b", "c"]), lines(&["d"])]), "");
        let told = script.difference(&[lines(&["a", "x", "c", "y"]), lines(&["d"])]);
        assert_eq!(told, "line 3: > wait\n    a\n  - b\n  + x\n    c\n  + y\n");
    }
}
