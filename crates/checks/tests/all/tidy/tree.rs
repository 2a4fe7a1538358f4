//! The files of the repository: what git ignores and what is not text is left out.

use std::fs;
use std::path::{Path, PathBuf};

/// One text file.
pub(super) struct File {
    /// From the root of the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    /// Whether the name ends with one of these, such as `rs`.
    pub(super) fn is(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Each line with its number, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// Whether this is one of the files that name what they forbid.
    pub(super) fn is_tidy(&self) -> bool {
        self.path.starts_with("crates/checks/tests/all/tidy/")
    }

    /// The crate's name, for a file below `crates/`.
    pub(super) fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

/// The root of the repository.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders up").to_owned()
}

/// Every text file, in the order of the paths.
pub(super) fn files() -> Vec<File> {
    let root = root();
    let ignored = fs::read_to_string(root.join(".gitignore")).expect("there is a .gitignore");
    let mut ignored: Vec<_> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    // In a worktree this is a file, which holds a path of the machine.
    ignored.push(".git");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder can be listed") {
            let entry = entry.expect("a folder can be listed");
            if ignored.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = String::from_utf8(fs::read(&path).expect("a file is readable")) {
                let path = path.strip_prefix(&root).expect("it is below the root");
                files.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

/// Every file of Rust, in the order of the paths.
pub(super) fn rust_files() -> Vec<File> {
    files().into_iter().filter(|file| file.is(&["rs"])).collect()
}

#[test]
fn the_walk_finds_this_file_and_leaves_out_what_is_built() {
    let files = files();
    assert!(files.iter().any(|file| file.path == "crates/checks/tests/all/tidy/tree.rs"));
    assert!(files.iter().all(|file| !file.path.starts_with("target/")));
}
