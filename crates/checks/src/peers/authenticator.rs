//! An app that shows codes, written by others: the Python package pyotp.

use super::peer::python;
use std::process::Command;

/// The code that an app shows at `seconds` since 1970 which was set up with this `otpauth` URL.
pub fn shown_code(url: &str, seconds: i64) -> String {
    const SHOW: &str = "import sys, pyotp; print(pyotp.parse_uri(sys.argv[1]).at(int(sys.argv[2])))";
    let output = Command::new(python()).args(["-c", SHOW, url, &seconds.to_string()]).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
