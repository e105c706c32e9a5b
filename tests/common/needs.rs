//! Tests that need a part of the operating system which may not be there.

use std::path::Path;
use std::process::{Command, Output};

/// Whether a missing part is a failure and not a reason to skip.
pub(crate) fn is_required() -> bool {
    std::env::var("PROVISIONING_REQUIRE_LAB").is_ok_and(|value| value == "1")
}

/// Says why a test is skipped, or fails it.
pub(crate) fn skip(reason: &str) {
    assert!(!is_required(), "the lab is required, but {reason}");
    println!("skipped: {reason}");
}

/// Whether this is Wine and not Windows.
pub(crate) fn is_wine() -> bool {
    cfg!(windows) && Path::new(r"C:\windows\system32\winecfg.exe").exists()
}

/// Runs the test `name` of this binary again, inside of `wrapper` (a command
/// and its first arguments), with `variables` set. `None` if the wrapper
/// cannot be run here.
pub(crate) fn again(name: &str, wrapper: &[&str], variables: &[(&str, &Path)]) -> Option<Output> {
    let mut command = Command::new(wrapper[0]);
    command.args(&wrapper[1..]);
    command.arg(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture", "--test-threads=1"]);
    for (variable, value) in variables {
        command.env(variable, value);
    }
    command.output().ok()
}

/// Checks that a test which was run again did run, and passed.
pub(crate) fn assert_passed(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    // A name that matches nothing passes as well.
    assert!(text.contains("1 passed"), "{text}\n{errors}");
}
