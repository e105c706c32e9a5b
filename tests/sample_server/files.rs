//! Files, templates and the built-in samples.

use super::*;

#[tokio::test]
async fn a_file_is_read_anew_for_each_request() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::files(dir.path(), &[("provisioning.properties", "a=1\n")]).await;
    assert_eq!(server.post("/", "").await.body, "a=1\n");
    fs::write(dir.path().join("provisioning.properties"), "a=2\n").unwrap();
    assert_eq!(server.post("/", "").await.body, "a=2\n");
    fs::remove_file(dir.path().join("provisioning.properties")).unwrap();
    assert_eq!(server.post("/", "").await.status, 404);
}

#[tokio::test]
async fn what_was_posted_is_filled_in_and_adds_no_key() {
    let dir = tempfile::tempdir().unwrap();
    let text = "acc.{{user}}.ID={{user}}\nb={{none|x}}\nc={{gone}}\n";
    let server = Running::files(dir.path(), &[("provisioning.properties", text)]).await;
    let got = server.post("/", "user=j%3Dd").await;
    assert_eq!(got.body, "acc.j\\=d.ID=j\\=d\nb=x\nc=\n");
    let note = "{{gone}} was not sent and has no default: left empty";
    assert_eq!(server.last().notes, [note]);
    assert!(server.last().to_string().contains(note));
    for evil in [
        "%0Aevil=1",
        "%0D%0Aevil=1",
        "%5C",
        "%E2%80%A8evil=1",
        "%00",
        "=1%0A#",
        "a:b c",
    ] {
        let got = server.post("/", &format!("user={evil}&gone=1")).await;
        let keys = got.keys();
        assert_eq!(keys.len(), 3, "{evil}: {keys:?}");
        assert_eq!(keys[1..], ["b", "c"], "{evil}");
    }
}

#[tokio::test]
async fn a_parameter_cannot_become_an_instruction() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let dir = tempfile::tempdir().unwrap();
    let own = Running::files(dir.path(), &[("provisioning.properties", "k={{user}}\n")]).await;
    let got = own.post("/", "user=%24%7Bnull%7D").await;
    assert_eq!(got.status, 400);
    assert!(got.body.contains("instruction"), "{}", got.body);
    // The sample never puts a whole value under the client's control, but still.
    let got = server.post("/", "user=%24%7Bnull%7D").await;
    assert_eq!(got.status, 400);
}

#[tokio::test]
async fn what_is_not_there_is_a_404_that_names_what_is() {
    let dir = tempfile::tempdir().unwrap();
    let files = [("one.properties", ""), ("two words.properties", "")];
    let server = Running::files(dir.path(), &files).await;
    for path in ["/", "/three", "/one.txt", "/favicon.ico"] {
        let got = server.post(path, "").await;
        assert_eq!(got.status, 404);
        assert!(
            got.body.contains("/one\n") && got.body.contains("/two%20words\n"),
            "{}",
            got.body
        );
    }
    for path in ["/one", "/one.php", "/one.properties", "/two%20words"] {
        assert_eq!(server.post(path, "").await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn no_address_leads_out_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("secret.properties"), CANARY).unwrap();
    let inner = dir.path().join("in");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join(".hidden.properties"), CANARY).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.properties", inner.join("link.properties")).unwrap();
    let server = Running::files(&inner, &[("a.properties", "")]).await;
    for path in [
        "/../secret",
        "/%2e%2e/secret",
        "/..%2Fsecret",
        "/a/../../secret.properties",
        "/..%5Csecret",
        "//../secret",
        "/.hidden",
        "/link",
        "http://x/../secret",
    ] {
        let got = server.post(path, "").await;
        assert_eq!(got.status, 404, "{path}");
        assert!(
            !got.body.contains(CANARY) && !got.body.contains("secret"),
            "{path}"
        );
    }
    #[cfg(unix)]
    {
        server.post("/link", "").await;
        let note = server.last().notes.pop().unwrap();
        assert!(note.contains("link that leaves the folder"), "{note}");
    }
}

#[tokio::test]
async fn the_charset_is_what_the_file_needs() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("latin.properties"), b"a=\xe4\n").unwrap();
    let files = [
        ("ascii.properties", "a={{user}}\n"),
        ("utf.properties", "a=\u{e4}\n"),
    ];
    let server = Running::files(dir.path(), &files).await;
    for (path, charset) in [
        ("/ascii", "iso-8859-1"),
        ("/latin", "iso-8859-1"),
        ("/utf", "utf-8"),
    ] {
        let got = server.post(path, "user=%C3%A4").await;
        let kind = format!("content-type: text/plain; charset={charset}");
        assert!(got.head.contains(&kind), "{path} {}", got.head);
    }
    assert_eq!(
        server.post("/ascii", "user=%C3%A4").await.body,
        "a=\\u00E4\n"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_the_servers_fault() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::files(dir.path(), &[("a.properties", "")]).await;
    let file = fs::File::create(dir.path().join("a.properties")).unwrap();
    file.set_len(17 << 20).unwrap();
    let got = server.post("/a", "").await;
    assert_eq!(got.status, 500);
    let note = server.last().notes.pop().unwrap();
    assert!(note.starts_with("a.properties could not be read"), "{note}");
}

#[tokio::test]
async fn the_samples_change_one_account_and_take_the_other_away() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let first = server.post("/", "user=jane").await;
    let second = server.post("/next", "user=jane").await;
    for got in [&first, &second] {
        let keys = got.keys();
        let mut unique = keys.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), keys.len(), "a key stands twice");
        let allowed = ["provisioning.", "net.java.sip.communicator.", "${system}."];
        for key in &keys {
            assert!(
                allowed.iter().any(|prefix| key.starts_with(prefix)),
                "{key}"
            );
        }
        let filled = |line: &str| line.starts_with('#') || !line.contains("{{");
        assert!(got.body.lines().all(filled));
        assert!(got.body.lines().all(|line| line == line.trim_end()));
    }
    let jabber = "net.java.sip.communicator.impl.protocol.jabber.accsample";
    assert!(
        first
            .keys()
            .iter()
            .filter(|key| key.starts_with(jabber))
            .count()
            > 5
    );
    assert!(second.body.contains(&format!("\n{jabber}=${{null}}\n")));
    assert!(
        server
            .log()
            .iter()
            .all(|exchange| exchange.notes.is_empty())
    );
    for text in [PROVISIONING, NEXT] {
        assert!(text.is_ascii() && text.ends_with('\n'));
    }
}
