//! The store as Java reads it: the judge of what a properties file says.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
};

use super::{in_lab, is_required};

/// Whether there is a Java that can run a source file.
fn is_there() -> bool {
    let javac = Command::new("javac")
        .arg("-version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    javac.is_ok_and(|status| status.success())
}

/// What `java.util.Properties.load` reads from `file`, `None` without Java.
pub(crate) fn reads(file: &Path) -> Option<BTreeMap<String, String>> {
    if !is_there() {
        assert!(!is_required(), "there is no Java");
        println!("not read by Java: there is none");
        return None;
    }
    let output = Command::new("java")
        .args(["-XX:TieredStopAtLevel=1", "-Dstdout.encoding=UTF-8"])
        .arg(in_lab("Load.java"))
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut parts = text.split('\0');
    let mut properties = BTreeMap::new();
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        properties.insert(key.to_owned(), value.to_owned());
    }
    Some(properties)
}
