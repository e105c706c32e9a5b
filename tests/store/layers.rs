//! The site files.

use std::fs;
use std::path::Path;

use provisioning_settings::provisioning::failure::{Failure, KeepProblem};
use provisioning_settings::provisioning::layers::Site;

fn load(defaults: Option<&str>, overrides: Option<&str>) -> Result<Site, Failure> {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("defaults.properties", defaults),
        ("overrides.properties", overrides),
    ] {
        if let Some(content) = content {
            fs::write(dir.path().join(name), content).unwrap();
        }
    }
    Site::load(dir.path())
}

#[test]
fn what_was_said_at_installation_is_read_first() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("installed.properties"), "*a=1\n*b=1\nc=1").unwrap();
    fs::write(dir.path().join("defaults.properties"), "a=2\n*c=2").unwrap();
    let site = Site::load(dir.path()).unwrap();
    for (key, value, fixed) in [("a", "2", false), ("b", "1", true), ("c", "2", true)] {
        let found = site.get(key).unwrap();
        assert_eq!((found.value.as_str(), found.fixed), (value, fixed), "{key}");
    }
}

#[test]
fn the_later_line_counts_in_a_file_and_between_files() {
    for (defaults, overrides, expected) in [
        (Some("k=1"), None, Some(("1", false, "defaults"))),
        (Some("*k=1"), None, Some(("1", true, "defaults"))),
        (None, Some("*k=1"), Some(("1", true, "overrides"))),
        (Some("*k=1\nk=2"), None, Some(("2", false, "defaults"))),
        (Some("k=1\n*k=2"), None, Some(("2", true, "defaults"))),
        (Some("*k=1\nk=2\n*k=3"), None, Some(("3", true, "defaults"))),
        (Some("k=1\n*k=2\nk=3"), None, Some(("3", false, "defaults"))),
        (Some("*k=1"), Some("k=2"), Some(("2", false, "overrides"))),
        (Some("k=1"), Some("*k=2"), Some(("2", true, "overrides"))),
        (Some("*k=1"), Some("other=2"), Some(("1", true, "defaults"))),
        (Some("*\n=x\n* = y"), None, None),
        (None, None, None),
    ] {
        let site = load(defaults, overrides).unwrap();
        let found = site.get("k").map(|found| {
            let file = found.file.file_stem().unwrap().to_str().unwrap();
            (found.value.clone(), found.fixed, file.to_owned())
        });
        let expected = expected.map(|(v, fixed, f)| (v.to_owned(), fixed, f.to_owned()));
        assert_eq!(found, expected, "{defaults:?} {overrides:?}");
        assert_eq!(
            site.iter().count(),
            usize::from(expected.is_some()) + usize::from(overrides == Some("other=2"))
        );
    }
}

#[test]
fn a_site_file_that_cannot_be_read_stops_everything() {
    let problem = |site: Result<Site, Failure>| match site {
        Err(Failure::Keep(KeepProblem::Read { path, line, .. })) => (path, line),
        other => panic!("{other:?}"),
    };
    let (path, line) = problem(load(Some("a=1\nb=\\u12\n"), None));
    assert!(path.ends_with("defaults.properties"), "{path}");
    assert_eq!(line, Some(2));

    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("overrides.properties")).unwrap();
    let (path, line) = problem(Site::load(dir.path()));
    assert!(path.ends_with("overrides.properties"), "{path}");
    assert_eq!(line, None);
}

#[test]
fn a_site_folder_that_is_not_there_says_nothing() {
    let site = Site::load(Path::new("/nonexistent/site")).unwrap();
    assert_eq!(site, Site::default());
}

#[test]
fn site_files_are_latin_1() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("defaults.properties"), b"k=\xe4").unwrap();
    let site = Site::load(dir.path()).unwrap();
    assert_eq!(site.get("k").unwrap().value, "ä");
}
