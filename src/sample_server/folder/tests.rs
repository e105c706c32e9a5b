use super::*;

fn folder(files: &[&str]) -> (tempfile::TempDir, Content) {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("file={file}\n")).unwrap();
    }
    let content = Content::Dir(dir.path().to_owned());
    (dir, content)
}

fn name(found: &Found) -> Option<&str> {
    match found {
        Found::File(name, _) => Some(name),
        _ => None,
    }
}

#[test]
fn a_file_has_several_addresses() {
    let (_dir, content) = folder(&["provisioning.properties", "sub/a b.c.properties"]);
    for path in [
        "/",
        "",
        "/provisioning",
        "/provisioning.php",
        "/provisioning.properties",
        "//provisioning/",
        "/%70rovisioning",
    ] {
        let found = find(&content, path);
        assert_eq!(name(&found), Some("provisioning.properties"), "{path}");
    }
    for path in [
        "/sub/a%20b.c",
        "/sub/a%20b.c.php",
        "//sub//a b.c.properties",
    ] {
        assert_eq!(
            find(&content, path),
            Found::File(
                "sub/a b.c.properties".into(),
                b"file=sub/a b.c.properties\n".to_vec()
            ),
            "{path}"
        );
    }
    assert_eq!(path_of("sub/a b.c"), "/sub/a%20b.c");
    for path in [
        "/x",
        "/sub",
        "/provisioning/x",
        "/provisioning.properties/x",
        "/Xprovisioning",
        "*",
        "/provisioning.txt",
    ] {
        assert_eq!(find(&content, path), Found::Nothing(None), "{path}");
    }
}

#[test]
fn the_root_is_the_usual_file_or_the_only_one() {
    let (dir, content) = folder(&["one.properties", "sub/two.properties", "x.txt"]);
    assert_eq!(entry(&content).as_deref(), Some("one"));
    fs::write(dir.path().join("three.properties"), "").unwrap();
    assert_eq!(entry(&content), None);
    assert_eq!(find(&content, "/"), Found::Nothing(None));
    fs::write(dir.path().join("provisioning.properties"), "").unwrap();
    assert_eq!(entry(&content).as_deref(), Some("provisioning"));
    assert_eq!(names(&content), ["one", "provisioning", "sub/two", "three"]);
}

#[test]
fn no_path_leaves_the_folder_or_shows_what_is_hidden() {
    let (dir, _) = folder(&["secret.properties", ".hidden.properties", "in/a.properties"]);
    let inner = dir.path().join("in");
    fs::create_dir(inner.join(".git")).unwrap();
    fs::write(inner.join(".git/config.properties"), "x").unwrap();
    fs::write(inner.join(".h.properties"), "x").unwrap();
    let content = Content::Dir(inner);
    for path in [
        "/../secret",
        "/..%2fsecret",
        "/%2e%2e/secret",
        "/%2e%2e%2fsecret.properties",
        "/a/../../secret",
        "/..\\secret",
        "/..%5csecret",
        "/.h",
        "/%2eh",
        "/.git/config",
        "/.properties",
        "/.php",
        "/a%00",
        "/a%0a",
        "/C:/a",
        "/a::$DATA",
        "/%ff",
        "/%",
    ] {
        assert_eq!(find(&content, path), Found::Nothing(None), "{path}");
    }
    assert_eq!(
        find(&content, &format!("/{}", "x".repeat(5000))),
        Found::Nothing(None)
    );
    assert_eq!(names(&content), ["a"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_folder_only() {
    use std::os::unix::fs::symlink;
    let (dir, _) = folder(&["secret.properties", "in/a.properties", "in/.h.properties"]);
    let inner = dir.path().join("in");
    symlink("../secret.properties", inner.join("out.properties")).unwrap();
    symlink("..", inner.join("up")).unwrap();
    symlink(".h.properties", inner.join("hidden.properties")).unwrap();
    symlink("a.properties", inner.join("b.properties")).unwrap();
    symlink("loop.properties", inner.join("loop.properties")).unwrap();
    symlink(&inner, dir.path().join("current")).unwrap();
    let content = Content::Dir(dir.path().join("current"));
    assert_eq!(name(&find(&content, "/b")), Some("b.properties"));
    for (path, why) in [
        ("/out", "leaves the folder"),
        ("/up/secret", "leaves the folder"),
        ("/hidden", "hidden"),
    ] {
        match find(&content, path) {
            Found::Nothing(Some(note)) => assert!(note.contains(why), "{note}"),
            other => panic!("{path}: {other:?}"),
        }
    }
    assert!(matches!(find(&content, "/loop"), Found::Unreadable(..)));
    assert_eq!(names(&content), ["a", "b"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_never_opened() {
    let (dir, content) = folder(&["a.properties"]);
    let pipe = dir.path().join("p.properties");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    assert!(matches!(find(&content, "/p"), Found::Nothing(Some(_))));
    fs::create_dir(dir.path().join("d.properties")).unwrap();
    assert!(matches!(find(&content, "/d"), Found::Nothing(Some(_))));
}

#[test]
fn what_is_too_large_is_not_read() {
    let (dir, content) = folder(&["a.properties"]);
    let file = File::create(dir.path().join("a.properties")).unwrap();
    file.set_len(MAX_BODY as u64).unwrap();
    assert!(matches!(find(&content, "/a"), Found::File(_, bytes) if bytes.len() == MAX_BODY));
    file.set_len(MAX_BODY as u64 + 1).unwrap();
    assert!(matches!(find(&content, "/a"), Found::Unreadable(..)));
}

#[test]
fn a_folder_is_checked_before_it_is_served() {
    let (dir, _) = folder(&["x.txt", "deep/a.properties"]);
    let path = dir.path();
    assert!(check(path).is_ok());
    assert!(matches!(
        check(&path.join("none")),
        Err(ServeError::FolderMissing(_))
    ));
    assert!(matches!(
        check(&path.join("x.txt")),
        Err(ServeError::NotAFolder(_))
    ));
    fs::remove_file(path.join("deep/a.properties")).unwrap();
    assert!(matches!(check(path), Err(ServeError::NothingToServe(_))));
}

#[test]
fn a_listing_is_bounded_and_starts_at_the_top() {
    let (dir, content) = folder(&[
        "z.properties",
        "1/2/3/4/in.properties",
        "1/2/3/4/5/out.properties",
    ]);
    assert_eq!(names(&content), ["1/2/3/4/in", "z"]);
    for n in 0..150 {
        fs::write(dir.path().join(format!("{n}.properties")), "").unwrap();
    }
    assert_eq!(names(&content).len(), MAX_NAMES);
}

#[test]
fn the_built_in_samples_are_there() {
    let content = Content::BuiltIn;
    assert_eq!(name(&find(&content, "/")), Some("provisioning.properties"));
    assert_eq!(name(&find(&content, "/next.php")), Some("next.properties"));
    assert_eq!(find(&content, "/other"), Found::Nothing(None));
    assert_eq!(names(&content), ["next", "provisioning"]);
}
