//! Security rule 13: dependencies come from the public registry and have a
//! licence that was looked at.

#[path = "common/needs.rs"]
#[expect(
    dead_code,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "other tests use the rest of it"
)]
mod needs;

use std::process::Command;

use serde_json::Value;

const ALLOWED: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "MPL-2.0",
    "Unicode-3.0",
    "CDLA-Permissive-2.0",
    "Unlicense",
    "0BSD",
    "BSL-1.0",
];

/// Whether an SPDX expression can be fulfilled with the allowed licences.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    if ALLOWED.contains(&expression) {
        return true;
    }
    for (word, all) in [(" OR ", false), (" AND ", true)] {
        if let Some(parts) = split_outside_brackets(expression, word) {
            let mut parts = parts.into_iter();
            return if all {
                parts.all(is_allowed)
            } else {
                parts.any(is_allowed)
            };
        }
    }
    let inner = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(is_allowed)
}

fn split_outside_brackets<'a>(text: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 && text[at..].starts_with(word) => {
                parts.push(&text[from..at]);
                from = at + word.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    (parts.len() > 1).then_some(parts)
}

#[test]
fn every_dependency_has_an_allowed_licence_and_comes_from_the_registry() {
    if needs::is_wine() {
        return needs::skip("Wine cannot run cargo");
    }
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    for package in packages {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_allowed(licence), "{name}: {licence}");
        let source = package["source"].as_str().unwrap_or("here");
        let registry = source.starts_with("registry+") || source.starts_with("sparse+");
        assert!(registry || source == "here", "{name}: {source}");
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_allowed("GPL-3.0 OR MIT"));
    assert!(is_allowed("MIT/Apache-2.0"));
    assert!(!is_allowed("MIT AND GPL-3.0"));
    assert!(!is_allowed("GPL-3.0"));
}
