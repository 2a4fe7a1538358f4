//! The texts that a directory is made of: one file, or the files of a folder, and the lines of their bytes.

use super::mistake::Mistake;
use std::fs;
use std::path::{Path, PathBuf};

/// One file.
pub(super) struct Source {
    /// Its name in messages.
    pub(super) file: String,
    /// What it says.
    pub(super) text: String,
    line_starts: Vec<usize>,
}

impl Source {
    pub(super) fn new(file: String, text: String) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(offset, _)| offset + 1)).collect();
        Self { file, text, line_starts }
    }

    /// The line, from 1, of the byte at `offset`.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// A mistake at the byte at `offset`.
    pub(super) fn mistake(&self, offset: usize, text: String) -> Mistake {
        Mistake { file: self.file.clone(), line: Some(self.line(offset)), text }
    }
}

/// Reads the file at `path`, or in their order every `*.toml` of the folder there; hidden files, such as the lock
/// files of editors, are left out.
pub(super) fn open(path: &Path) -> Result<Vec<Source>, Vec<Mistake>> {
    let paths = if path.is_dir() { files_of(path)? } else { vec![path.to_owned()] };
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for path in paths {
        match open_one(&path) {
            Ok(source) => sources.push(source),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(sources) } else { Err(mistakes) }
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Vec<Mistake>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| vec![about(folder, format!("cannot be read: {error}"))])?;
    let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let is_ours = |path: &PathBuf| path.extension().is_some_and(|end| end == "toml") && !hidden(path);
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).filter(is_ours).collect();
    paths.sort();
    if paths.is_empty() {
        return Err(vec![about(folder, "the folder holds no *.toml file".to_owned())]);
    }
    Ok(paths)
}

fn open_one(path: &Path) -> Result<Source, Mistake> {
    let bytes = fs::read(path).map_err(|error| about(path, format!("cannot be read: {error}")))?;
    let file = path.display().to_string();
    String::from_utf8(bytes).map(|text| Source::new(file, text)).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count();
        Mistake { line: Some(line), ..about(path, "not valid UTF-8".to_owned()) }
    })
}

/// A mistake about a file or folder as a whole.
pub(super) fn about(path: &Path, text: String) -> Mistake {
    Mistake { file: path.display().to_string(), line: None, text }
}
