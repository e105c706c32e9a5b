//! Credentials: contract section 4, security rules 3, 4 and 8.

use super::*;

const BASIC: &str = "Basic realm=\"x\"";
const DIGEST: &str = "Digest realm=\"x\", nonce=\"n\", qop=\"auth\", algorithm=MD5";

fn prompt(machine: &Machine) -> &Prompt {
    match machine.state.phase() {
        Some(Phase::SigningIn(prompt)) => prompt,
        other => panic!("no prompt: {other:?}"),
    }
}

/// Jane's password is remembered for the origin of [`FORM`].
fn remembering() -> Setup {
    let mut setup = Setup {
        username: Some("jane".into()),
        ..setup()
    };
    setup
        .servers
        .entry(&origin("https://prov.example"))
        .username = Some("jane".into());
    setup
}

#[test]
fn they_are_asked_for_before_the_request_if_a_parameter_wants_them() {
    for uri in [
        FORM,
        "https://prov.example/p?u=x-${username}",
        "https://prov.example/${password}",
    ] {
        let machine = Machine::gathered(given(uri), setup());
        assert_eq!(prompt(&machine).reason, Reason::Needed, "{uri}");
    }
    assert_eq!(Machine::gathered(given(PLAIN), setup()).phase(), "Asking");
}

#[test]
fn wrong_three_times_then_right() {
    let mut machine = Machine::gathered(given(FORM), setup());
    for _ in 0..3 {
        machine = machine.on(typed("wrong", true)).on(status(401));
        assert_eq!(prompt(&machine).reason, Reason::Refused);
        assert_eq!(prompt(&machine).username, "jane");
    }
    let machine = machine.on(typed("right", true));
    assert_eq!(machine.sent().body.as_str(), "u=jane&p=right");
    let machine = machine.on(ok("a=1\n"));
    assert_eq!(
        machine.job().login,
        Some((origin("https://prov.example"), credentials("right")))
    );
    assert!(
        machine
            .job()
            .own
            .iter()
            .any(|(key, value)| key.ends_with("USERNAME") && value == "jane")
    );
}

#[test]
fn they_are_not_kept_without_remember() {
    let machine = Machine::gathered(given(FORM), setup())
        .on(typed("pw", false))
        .on(ok("a=1\n"));
    assert_eq!(machine.job().login, None);
    assert_eq!(machine.job().own.len(), 1);
}

#[test]
fn an_empty_user_name_is_not_accepted() {
    let empty = Credentials {
        username: String::new(),
        password: "x".into(),
    };
    let machine = Machine::gathered(given(FORM), setup()).on(What::Credentials {
        credentials: empty,
        remember: false,
    });
    assert_eq!(machine.phase(), "SigningIn");
    assert!(machine.effects.is_empty());
}

#[test]
fn a_basic_challenge_is_answered_and_then_refused() {
    let machine = Machine::gathered(asking(), setup()).on(challenge(BASIC));
    assert_eq!(prompt(&machine).reason, Reason::Needed);
    let machine = machine.on(typed("pw", false));
    assert_eq!(
        machine.sent().authorization,
        Some(Authorization::Basic(credentials("pw")))
    );
    let machine = machine.on(challenge(BASIC));
    assert_eq!(prompt(&machine).reason, Reason::Refused);
    assert_eq!(
        machine.on(typed("ok", false)).on(ok("a=1")).phase(),
        "Applying"
    );
}

#[test]
fn a_bare_401_goes_into_the_parameters_or_else_out_as_basic() {
    let machine = Machine::gathered(given(FORM), setup())
        .on(typed("pw", false))
        .on(status(401));
    assert_eq!(
        machine.on(typed("pw2", false)).sent().body.as_str(),
        "u=jane&p=pw2"
    );
    let machine = Machine::gathered(given(PLAIN), setup())
        .on(status(401))
        .on(typed("pw", false));
    assert_eq!(
        machine.sent().authorization,
        Some(Authorization::Basic(credentials("pw")))
    );
    assert_eq!(prompt(&machine.on(status(401))).reason, Reason::Refused);
}

#[test]
fn a_form_login_that_also_wants_a_challenge_answered_is_no_refusal() {
    let machine = Machine::gathered(given(FORM), setup())
        .on(typed("pw", false))
        .on(challenge(BASIC));
    assert_eq!(
        machine.sent().authorization,
        Some(Authorization::Basic(credentials("pw")))
    );
    assert_eq!(machine.sent().body.as_str(), "u=jane&p=pw");
}

#[test]
fn a_digest_challenge_is_answered_and_a_stale_nonce_is_no_refusal() {
    let machine = Machine::gathered(asking(), setup())
        .on(challenge(DIGEST))
        .on(typed("pw", false));
    assert!(matches!(
        machine.sent().authorization,
        Some(Authorization::Digest { .. })
    ));
    let machine = machine.on(challenge(&format!("{DIGEST}, stale=true")));
    assert_eq!(machine.phase(), "Asking");
    // A server that calls every nonce stale does not keep us in a circle.
    let machine = machine.on(challenge(&format!("{DIGEST}, stale=true")));
    assert_eq!(prompt(&machine).reason, Reason::Refused);
}

#[test]
fn a_challenge_that_nobody_knows_is_named() {
    let machine = Machine::gathered(asking(), setup()).on(challenge("Negotiate"));
    assert_eq!(machine.failure().code(), "PS-401-SCHEME");
}

#[test]
fn a_403_ends_the_run_with_its_own_message() {
    let machine = Machine::gathered(asking(), setup()).on(status(403));
    let forbidden = SignInProblem::Forbidden(origin("https://prov.example"));
    assert_eq!(machine.failure(), forbidden.into());
    assert_eq!(machine.failure().exit(), 5);
    // "Use other credentials" is a run that does not recall.
    let fresh = Options {
        fresh_credentials: true,
        ..given(FORM)
    };
    assert_eq!(Machine::gathered(fresh, remembering()).phase(), "SigningIn");
}

#[test]
fn what_is_remembered_is_used_and_forgotten_when_it_is_refused() {
    let machine = Machine::gathered(given(FORM), remembering());
    assert!(matches!(&machine.effects[0].act, Act::Recall { username, .. } if username == "jane"));
    let machine = machine.on(What::Recalled(Ok(Some("old".into()))));
    assert_eq!(machine.sent().body.as_str(), "u=jane&p=old");
    let machine = machine.on(status(401));
    assert!(matches!(&machine.effects[0].act, Act::Forget { username, .. } if username == "jane"));
    let machine = machine.on(What::Forgotten);
    assert_eq!(
        (prompt(&machine).reason, prompt(&machine).username.as_str()),
        (Reason::Refused, "jane")
    );
}

#[test]
fn a_dry_run_forgets_nothing() {
    let dry = Options {
        mode: Mode::DryRun,
        ..given(FORM)
    };
    let machine = Machine::gathered(dry, remembering())
        .on(What::Recalled(Ok(Some("old".into()))))
        .on(status(401));
    assert_eq!(machine.phase(), "SigningIn");
}

#[test]
fn what_is_remembered_for_one_origin_is_not_used_for_another() {
    for uri in [
        "http://prov.example/p?p=${password}",
        "https://prov.example:8443/p?p=${password}",
        "https://other.example/p?p=${password}",
    ] {
        let machine = Machine::gathered(given(uri), remembering());
        assert!(
            !matches!(
                machine.effects.first(),
                Some(Effect {
                    act: Act::Recall { .. },
                    ..
                })
            ),
            "{uri}"
        );
    }
}

#[test]
fn a_keyring_that_fails_stops_a_run_that_cannot_ask() {
    let fault = KeyringFault::Locked;
    let locked = || {
        Err(KeepProblem::Keyring {
            fault,
            chain: vec![],
        }
        .into())
    };
    let silent = Options {
        may_ask: false,
        ..given(FORM)
    };
    let machine = Machine::gathered(silent, remembering()).on(What::Recalled(locked()));
    assert_eq!(machine.failure().exit(), 7);
    let machine = Machine::gathered(given(FORM), remembering()).on(What::Recalled(locked()));
    assert_eq!(machine.phase(), "SigningIn");
}

#[test]
fn without_a_person_missing_and_refused_credentials_end_the_run() {
    let silent = Options {
        may_ask: false,
        ..given(FORM)
    };
    assert_eq!(
        Machine::gathered(silent.clone(), setup()).failure().code(),
        "PS-CREDENTIALS"
    );
    let with = Options {
        username: Some("jane".into()),
        password: Some(Secret::from("pw")),
        remember: true,
        ..silent
    };
    let machine = Machine::gathered(with.clone(), setup());
    assert_eq!(machine.sent().body.as_str(), "u=jane&p=pw");
    assert!(
        Machine::gathered(with.clone(), setup())
            .on(ok("a=1"))
            .job()
            .login
            .is_some()
    );
    let machine = machine.on(status(401));
    assert_eq!(
        (machine.failure().code().as_str(), machine.failure().exit()),
        ("PS-401", 5)
    );
    // The options come before what is remembered.
    assert_eq!(Machine::gathered(with, remembering()).phase(), "Asking");
}

#[test]
fn a_password_over_plain_http_needs_a_yes() {
    let uri = "http://prov.example/p?u=${username}&p=${password}";
    let machine = Machine::gathered(given(uri), setup());
    assert_eq!(machine.phase(), "DecidingPlainHttp");
    let no = Machine::gathered(given(uri), setup()).on(What::Decided(false));
    assert_eq!(no.failure().exit(), 8);
    let yes = machine.on(What::Decided(true));
    assert_eq!(yes.phase(), "SigningIn");
    assert!(matches!(
        yes.effects[0].act,
        Act::Decide {
            verdict: Verdict::PlainHttp,
            ..
        }
    ));
    // It is not asked again in this run, nor for this machine, nor after an earlier yes.
    assert_eq!(
        yes.on(typed("x", false)).on(status(401)).phase(),
        "SigningIn"
    );
    let local = "http://127.0.0.1:8080/p?p=${password}";
    assert_eq!(
        Machine::gathered(given(local), setup()).phase(),
        "SigningIn"
    );
    let mut known = setup();
    known
        .servers
        .entry(&origin("http://prov.example"))
        .plain_http_password = true;
    assert_eq!(Machine::gathered(given(uri), known).phase(), "SigningIn");
    let silent = Options {
        may_ask: false,
        ..given(uri)
    };
    assert_eq!(
        Machine::gathered(silent, setup()).failure().code(),
        "PS-PLAIN-HTTP"
    );
    // Basic after a bare 401 is a password in the clear, Digest is none.
    let plain = "http://prov.example/p";
    assert_eq!(
        Machine::gathered(given(plain), setup())
            .on(status(401))
            .phase(),
        "DecidingPlainHttp"
    );
    let digest = Machine::gathered(given(plain), setup()).on(challenge(DIGEST));
    assert_eq!(digest.phase(), "SigningIn");
    let both = Machine::gathered(given(uri), setup())
        .on(What::Decided(true))
        .on(typed("x", false))
        .on(challenge(DIGEST));
    assert_eq!(both.phase(), "Asking");
}

#[test]
fn credentials_do_not_follow_to_another_origin() {
    let uri = "http://127.0.0.1:8080/p?p=${password}";
    let machine = Machine::gathered(given(uri), setup()).on(typed("pw", true));
    let machine = machine.on(redirect(307, "https://127.0.0.1:8443/p"));
    assert_eq!(prompt(&machine).origin, origin("https://127.0.0.1:8443"));
    let machine = machine.on(typed("pw2", true)).on(ok("a=1"));
    assert_eq!(
        machine.job().login,
        Some((origin("https://127.0.0.1:8443"), credentials("pw2")))
    );
    // From port 80 to 443 of one host the same POST goes on, without the authorization.
    let plain = Machine::gathered(given("http://127.0.0.1/p"), setup())
        .on(challenge(BASIC))
        .on(typed("pw", false));
    let machine = plain.on(redirect(301, "https://127.0.0.1/p"));
    assert_eq!(machine.sent().authorization, None);
    let machine = machine.on(challenge(BASIC));
    assert_eq!(
        machine.sent().authorization,
        Some(Authorization::Basic(credentials("pw")))
    );
    let elsewhere = Machine::gathered(given(FORM), setup())
        .on(typed("pw", false))
        .on(redirect(307, "https://evil.example/"));
    assert_eq!(elsewhere.failure().code(), "PS-REDIRECT");
}

#[test]
fn a_refused_password_from_the_options_is_not_replaced_by_the_remembered_one() {
    let options = Options {
        username: Some("jane".into()),
        password: Some(Secret::from("new")),
        may_ask: false,
        ..given(FORM)
    };
    let machine = Machine::gathered(options, remembering()).on(status(401));
    assert_eq!(machine.failure().code(), "PS-401");
}

#[test]
fn tokens_in_the_user_info_are_not_taken_for_credentials() {
    let machine = Machine::gathered(
        given("https://${username}:${password}@prov.example/p"),
        setup(),
    );
    assert_eq!(machine.phase(), "SigningIn");
    let machine = machine.on(typed("pw", false)).on(challenge(BASIC));
    assert_eq!(
        machine.sent().authorization,
        Some(Authorization::Basic(credentials("pw")))
    );
}
