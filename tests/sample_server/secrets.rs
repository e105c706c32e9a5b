//! No secret is ever shown (security rule 7).

use super::*;

/// Everything that could be printed of what the server said.
fn shown(server: &Running) -> String {
    let log = server.log();
    assert!(!log.is_empty());
    log.iter().fold(String::new(), |text, exchange| {
        format!("{text}{exchange}\n{exchange:?}\n{exchange:#?}\n")
    })
}

#[tokio::test]
async fn the_configured_password_is_never_shown() {
    for auth in [Auth::None, Auth::Basic, Auth::Form] {
        let server = Running::start(Content::BuiltIn, auth).await;
        for name in ["password", "pass", "pw", "PIN", "note", "user", CANARY] {
            server
                .post("/", &format!("user=jane&{name}={CANARY}"))
                .await;
            server
                .post("/", &format!("user=jane&{name}=x{CANARY}y"))
                .await;
            server
                .post("/", &format!("user=jane&{name}=%63anary-8831"))
                .await;
        }
        server.post("/", CANARY).await;
        server.post("/", &format!("%zz&{CANARY}")).await;
        server.post(&format!("/{CANARY}"), "").await;
        server
            .post("/%63anary-8831/x?password=canary-8831", "")
            .await;
        server
            .send("GET", &format!("/?password={CANARY}&x={CANARY}"), "", "")
            .await;
        server.send("POST", "/", BASIC, "").await;
        server.send(CANARY, "/", BASIC, "").await;
        server
            .send("POST", "/", &format!("User-Agent: {CANARY}\r\n"), "")
            .await;
        server
            .send("POST", "/", &format!("Cookie: {CANARY}\r\n"), "")
            .await;
        let text = shown(&server);
        assert!(!text.contains(CANARY), "{auth:?}");
        assert!(!text.contains("amFuZTpjYW5hcnktODgzMQ"), "{auth:?}");
        assert!(text.contains("\u{2022}\u{2022}"));
    }
}

#[tokio::test]
async fn a_password_that_is_wrong_is_a_secret_too() {
    for auth in [Auth::None, Auth::Basic, Auth::Form] {
        let server = Running::start(Content::BuiltIn, auth).await;
        server.post("/", "user=jane&password=other-7712").await;
        server
            .post("/other-7712", "sipPassword=other-7712&x=other-7712")
            .await;
        server
            .send(
                "GET",
                "/?token=other-7712",
                "User-Agent: other-7712\r\n",
                "",
            )
            .await;
        let basic = "Authorization: Basic amFuZTpvdGhlci03NzEy\r\n";
        server.send("POST", "/", basic, "").await;
        let bearer = "Authorization: Bearer other-7712\r\n";
        server.send("POST", "/", bearer, "").await;
        let text = shown(&server);
        assert!(!text.contains("other-7712"), "{text}");
        assert!(!text.contains("amFuZTpvdGhlci03NzEy"));
        assert!(text.contains("user = jane"));
    }
}

#[tokio::test]
async fn what_a_template_holds_is_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("a.PASSWORD={CANARY}\nb={{{{none}}}}\nc={{{{pw|{CANARY}}}}}\nd={{{{\n");
    let server = Running::files(dir.path(), &[("provisioning.properties", &text)]).await;
    assert!(server.post("/", "").await.body.contains(CANARY));
    assert_eq!(server.last().notes.len(), 2);
    assert!(!shown(&server).contains(CANARY));
}

#[tokio::test]
async fn an_answer_repeats_nothing_that_was_sent_wrong() {
    let server = Running::start(Content::BuiltIn, Auth::Form).await;
    for form in [
        format!("{CANARY}=%"),
        format!("password={CANARY}%"),
        format!("x={CANARY}"),
    ] {
        let got = server.post("/", &form).await;
        assert!(!got.body.contains(CANARY), "{}", got.body);
    }
    let got = server.send("POST", &format!("/{CANARY}"), BASIC, "").await;
    assert_eq!(got.status, 404);
    assert!(!got.body.contains(CANARY), "{}", got.body);
}
