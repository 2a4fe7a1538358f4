//! What pages load: how much of it there is, whether everybody can read what it colours, and that nothing of it is changed.

use super::{CONSOLE, Compression, SHEET, gzip};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The most bytes of the style sheet, packed (console §10).
const MOST_BYTES: usize = 12 * 1024;

/// The colours of the light theme, those of the dark one where the system is and where it was chosen, and those of the night.
fn themes() -> [BTreeMap<&'static str, [f64; 3]>; 4] {
    let (light, rest) = SHEET.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let (system, rest) = rest.split_once(":root[data-theme=\"dark\"]").unwrap();
    let (dark, rest) = rest.split_once(":root[data-theme=\"night\"]").unwrap();
    let night = rest.split("@media").next().unwrap();
    [light, system, dark, night].map(|theme| {
        let colours = theme.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
        colours.map(|(name, digits)| (name, channels(digits.trim_end_matches(';')))).collect()
    })
}

fn channels(digits: &str) -> [f64; 3] {
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0)
}

/// The contrast of two colours, as WCAG 2.2 has it.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let light = |colour: [f64; 3]| {
        let linear = colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_is_read_on_every_ground_and_shapes_are_seen_in_all_themes() {
    let everywhere = ["ground", "raised"];
    let mut pairs = Vec::new();
    for text in ["ink", "quiet", "accent", "problem", "warn", "good", "cool"] {
        pairs.extend(everywhere.map(|ground| (text, ground, 4.5)));
    }
    pairs.extend(everywhere.map(|ground| ("line", ground, 3.0)));
    for ground in ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "bad-ground", "warn-ground", "good-ground"] {
        pairs.push(("ink", ground, 4.5));
    }
    pairs.extend([
        ("on-accent", "accent", 4.5),
        ("on-problem", "problem", 4.5),
        ("problem", "bad-ground", 4.5),
        ("warn", "warn-ground", 4.5),
        ("accent", "warn-ground", 4.5),
        ("accent", "good-ground", 4.5),
        ("good", "good-ground", 4.5),
    ]);
    for (theme, name) in themes().iter().zip(["light", "dark", "chosen dark", "night"]) {
        for (text, ground, least) in &pairs {
            let found = contrast(theme[text], theme[ground]);
            assert!(found >= *least, "{name}: {text} on {ground}: {found:.2}");
        }
    }
}

#[test]
fn all_themes_have_all_colours_and_every_colour_that_is_used_is_there() {
    let [light, system, dark, night] = themes();
    assert_eq!(system, dark);
    for theme in [&dark, &night] {
        assert_eq!(light.keys().collect::<Vec<_>>(), theme.keys().collect::<Vec<_>>());
    }
    for used in SHEET.split("var(--").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(light.contains_key(used) || SHEET.contains(&format!("--{used}:")), "{used}");
    }
}

#[test]
fn what_is_shipped_is_as_its_package_has_it() {
    let vendor = Path::new(env!("CARGO_MANIFEST_DIR")).join("vendor");
    let listed = include_str!("../../../vendor/VERSIONS").lines().filter(|line| !line.starts_with('#'));
    let listed: BTreeMap<&str, &str> =
        listed.map(|line| (line.split(' ').next().unwrap(), line.rsplit(' ').next().unwrap())).collect();
    for entry in std::fs::read_dir(&vendor).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name != "VERSIONS" {
            let digest = Sha256::digest(std::fs::read(&path).unwrap());
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(listed.get(name), Some(&digest.as_str()), "{name}");
        }
    }
    assert_eq!(listed.len(), 3);
}

#[test]
fn pages_ask_nothing_of_htmx_that_needs_eval() {
    let mut looked_at = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/console")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let page = std::fs::read_to_string(&path).unwrap();
                looked_at += 1;
                for none in ["hx-on", "js:", "javascript:", "hx-vals", "hx-vars", "hx-ext"] {
                    assert!(!page.contains(none), "{none}: {}", path.display());
                }
                for trigger in page.split("hx-trigger=\"").skip(1) {
                    assert!(!trigger.split('"').next().unwrap().contains('['), "{}", path.display());
                }
            }
        }
    }
    assert!(looked_at > 30, "{looked_at}");
}

#[test]
fn the_script_of_every_page_stays_small() {
    let bytes = gzip(CONSOLE.as_bytes(), Compression::best()).unwrap().len();
    assert!(bytes <= 24 * 1024, "{bytes}");
}

#[test]
fn the_style_sheet_stays_small() {
    let bytes = gzip(SHEET.as_bytes(), Compression::best()).unwrap().len();
    assert!(bytes <= MOST_BYTES, "{bytes}");
}
