//! Every story of `crates/checks/stories`, each a test of its own. The form of the files is told in `checks::story`.

use std::collections::BTreeSet;

/// One test for each story, named as its file.
macro_rules! stories {
    ($($name:ident)*) => {
        const PLAYED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                checks::play(stringify!($name));
            }
        )*
    };
}

stories! {
    second_level_hears_when_first_is_silent
}

#[test]
fn every_story_in_the_folder_is_played() {
    let folder = std::fs::read_dir(checks::STORIES).expect("the folder of the stories");
    let files = folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let names: BTreeSet<String> = files.map(|file| file.strip_suffix(".story").unwrap_or(&file).to_owned()).collect();
    let played: BTreeSet<String> = PLAYED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, played, "the folder, and the list in this file");
}
