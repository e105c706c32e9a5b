//! All three ways of asking who is there.

use super::*;

#[tokio::test]
async fn an_open_server_asks_nobody() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let got = server.post("/provisioning", "uuid=1&os=Linux").await;
    assert_eq!(got.status, 200);
    assert!(got.body.contains("USER_ID=demo@example.com"));
    let exchange = server.last();
    assert_eq!(exchange.signed_in_as, None);
    assert_eq!(exchange.file.as_deref(), Some("provisioning.properties"));
    assert_eq!(exchange.user_agent.as_deref(), Some("Jitsi/2.10.5550"));
    assert_eq!(exchange.notes, Vec::<String>::new());
    assert_eq!(exchange.form.len(), 2);
}

#[tokio::test]
async fn basic_is_challenged_and_answered() {
    let server = Running::start(Content::BuiltIn, Auth::Basic).await;
    let got = server.post("/provisioning", "uuid=1").await;
    assert_eq!(got.status, 401);
    let challenge = "www-authenticate: basic realm=\"provisioning sample\", charset=\"utf-8\"";
    assert!(got.head.contains(challenge), "{}", got.head);
    assert!(!got.body.contains("SIP"));
    let got = server.send("POST", "/provisioning", BASIC, "").await;
    assert_eq!(got.status, 200);
    assert!(
        got.body.contains("USER_ID=jane@example.com"),
        "{}",
        got.body
    );
    assert_eq!(server.last().signed_in_as.as_deref(), Some("jane"));
    let headers = format!("{BASIC}Content-Type: {FORM}\r\n");
    let got = server.send("POST", "/", &headers, "user=ext-7").await;
    assert!(
        got.body.contains("USER_ID=ext-7@"),
        "what was posted counts"
    );
    for wrong in [
        "Authorization: Basic amFuZTp4\r\n",
        "Authorization: Basic\r\n",
    ] {
        let got = server.send("POST", "/provisioning", wrong, "").await;
        assert_eq!(got.status, 401);
        assert!(got.head.contains("www-authenticate"));
        assert_eq!(server.last().signed_in_as, None);
    }
    let form = format!("user=jane&password={CANARY}");
    assert_eq!(server.post("/provisioning", &form).await.status, 401);
}

#[tokio::test]
async fn a_form_is_refused_bare_as_scripts_do_it() {
    let server = Running::start(Content::BuiltIn, Auth::Form).await;
    for wrong in [
        "",
        "user=jane",
        "user=jane&password=x",
        "user=x&password=canary-8831",
    ] {
        let got = server.post("/provisioning", wrong).await;
        assert_eq!(got.status, 401, "{wrong}");
        assert!(!got.head.contains("www-authenticate"), "{}", got.head);
        assert!(got.head.contains("content-type: text/html"), "{}", got.head);
        assert!(!server.last().notes.is_empty());
    }
    for names in ["username password", "user pass", "login pw"] {
        let (user, password) = names.split_once(' ').unwrap();
        let form = format!("{user}=jane&{password}={CANARY}&uuid=1");
        let got = server.post("/provisioning", &form).await;
        assert_eq!(got.status, 200, "{names}");
        assert!(got.body.contains("USER_ID=jane@example.com"));
    }
    assert_eq!(server.send("POST", "/next", BASIC, "").await.status, 200);
    let query = format!("/provisioning?user=jane&password={CANARY}");
    assert_eq!(server.send("GET", &query, "", "").await.status, 200);
}

#[tokio::test]
async fn who_is_not_signed_in_learns_nothing_about_files() {
    for auth in [Auth::Basic, Auth::Form] {
        let server = Running::start(Content::BuiltIn, auth).await;
        for path in ["/provisioning", "/none", "/../x"] {
            let got = server.post(path, "").await;
            assert_eq!(got.status, 401, "{path}");
            assert!(!got.body.contains("next"));
        }
    }
}
