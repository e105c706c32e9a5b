//! Who may call whom: `cli → engine → system → provisioning`, and the rules
//! touch nothing of the world.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

/// Every Rust file below `folder`, with its text without test modules.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut todo = vec![root.join(folder), root.join(format!("{folder}.rs"))];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            if !path.iter().any(|part| part == "tests") {
                found.push((path.display().to_string(), code.to_owned()));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

fn none_of(folder: &str, forbidden: &[&str]) {
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for word in forbidden {
                assert!(!code.contains(word), "{path}:{}: {word}", number + 1);
            }
        }
    }
}

#[test]
fn the_rules_touch_nothing_of_the_world() {
    none_of(
        "provisioning",
        &[
            "std::fs",
            "std::env",
            "std::process",
            "std::thread",
            "net::Tcp",
            "net::Udp",
            "SystemTime",
            "Instant",
            "tokio",
            "reqwest",
            "keyring_core",
            "iced",
            "crate::system",
            "crate::engine",
            "crate::cli",
        ],
    );
}

#[test]
fn the_world_knows_neither_the_engine_nor_the_command_line() {
    none_of(
        "system",
        &["crate::engine", "crate::cli", "crate::sample_server"],
    );
    none_of("engine", &["crate::cli", "crate::sample_server"]);
    none_of(
        "sample_server",
        &["crate::engine", "crate::cli", "crate::system"],
    );
    for folder in ["system", "engine", "cli", "sample_server"] {
        none_of(folder, &["crate::app", "app::", "iced::"]);
    }
}

#[test]
fn the_window_reaches_the_world_through_the_engine() {
    none_of(
        "app",
        &["crate::cli", "cli::", "std::fs", "std::net", "reqwest"],
    );
    for (path, text) in sources("app") {
        for line in text.lines().filter(|line| line.contains("system::")) {
            // The one place where the real world is put together.
            let known = line.trim() == "system::Services," || line.contains("iced");
            let theme = line.contains("system::theme");
            assert!(known || theme, "{path}: {line}");
        }
    }
}

#[test]
fn the_command_line_takes_from_the_world_only_what_the_engine_hands_out() {
    for (path, text) in sources("cli") {
        for word in [
            "system::http",
            "system::secrets",
            "system::site",
            "system::host",
            "store::Store",
        ] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

#[test]
fn no_file_is_longer_than_500_lines() {
    for folder in [
        "provisioning",
        "system",
        "engine",
        "cli",
        "app",
        "sample_server",
    ] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            assert!(lines <= 500, "{path} has {lines} lines");
        }
    }
}
