use super::*;

fn facts() -> HostFacts {
    HostFacts {
        env: [("SITE".to_owned(), "a&b=c?d#e/f".to_owned())].into(),
        system: [("user.name".to_owned(), "jane".to_owned())].into(),
        uuid: "u-1".into(),
        os_name: "Mac OS X".into(),
        hostname: Some("pc1".into()),
        ..HostFacts::default()
    }
}

fn body(uri: &str) -> Vec<(String, String)> {
    let expanded = Template::new(uri).expand(&facts(), None).unwrap();
    let pairs = expanded.parameters.iter();
    pairs
        .map(|parameter| (parameter.name.clone(), parameter.value.reveal().to_owned()))
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn parameters_keep_order_duplicates_and_everything_after_the_first_equals_sign() {
    assert_eq!(
        body("http://h/p?b=1&a=2&b=3=4?5"),
        pairs(&[("b", "1"), ("a", "2"), ("b", "3=4?5")])
    );
}

#[test]
fn values_are_not_percent_decoded() {
    assert_eq!(body("http://h/p?x=a%20b+c"), pairs(&[("x", "a%20b+c")]));
}

#[test]
fn trailing_empty_pieces_are_dropped_and_others_become_empty_parameters() {
    assert_eq!(
        body("http://h/p?a=1&&b&&"),
        pairs(&[("a", "1"), ("", ""), ("b", "")])
    );
    assert_eq!(body("http://h/p?"), pairs(&[]));
    assert_eq!(body("http://h/p?&&"), pairs(&[]));
    assert_eq!(body("http://h/p"), pairs(&[]));
}

#[test]
fn a_fragment_stays_in_the_last_value_and_leaves_the_path() {
    assert_eq!(body("http://h/p?a=b#c"), pairs(&[("a", "b#c")]));
    let expanded = Template::new("http://h/p#c")
        .expand(&facts(), None)
        .unwrap();
    assert_eq!(expanded.url.as_str(), "http://h/p");
}

#[test]
fn a_value_cannot_change_the_request() {
    assert_eq!(
        body("http://h/p?s=${env.SITE}&t=1"),
        pairs(&[("s", "a&b=c?d#e/f"), ("t", "1")])
    );
    let expanded = Template::new("http://h/${env.SITE}/x")
        .expand(&facts(), None)
        .unwrap();
    assert_eq!(expanded.url.as_str(), "http://h/a%26b%3Dc%3Fd%23e%2Ff/x");
    assert!(
        Template::new("http://${env.SITE}/x")
            .expand(&facts(), None)
            .is_err()
    );
}

#[test]
fn a_value_cannot_climb_in_the_path() {
    let mut facts = facts();
    facts.env.insert("UP".into(), "..".into());
    for uri in ["http://h/a/${env.UP}/x", "http://h/a/${env.UP}"] {
        assert!(Template::new(uri).expand(&facts, None).is_err(), "{uri}");
    }
    assert!(
        Template::new("http://h/a/../x${env.UP}")
            .expand(&facts, None)
            .is_ok()
    );
}

#[test]
fn a_token_may_be_the_host_or_the_whole_beginning() {
    let mut facts = facts();
    facts.env.insert("HOST".into(), "prov.example:8080".into());
    facts
        .env
        .insert("BASE".into(), "https://prov.example/a".into());
    let url = |uri: &str| {
        Template::new(uri)
            .expand(&facts, None)
            .unwrap()
            .url
            .to_string()
    };
    assert_eq!(url("http://${env.HOST}/x"), "http://prov.example:8080/x");
    assert_eq!(url("${env.BASE}/x"), "https://prov.example/a/x");
}

#[test]
fn tokens_without_a_value_stay_and_are_reported() {
    let expanded = Template::new("http://h/p?a=${env.NO}&b=${resx}&c=${foo}&d")
        .expand(&facts(), None)
        .unwrap();
    let kinds: Vec<_> = expanded
        .warnings
        .iter()
        .map(|warning| warning.kind)
        .collect();
    assert_eq!(expanded.parameters[0].value.reveal(), "${env.NO}");
    assert_eq!(
        kinds,
        [
            WarningKind::TokenWithoutValue,
            WarningKind::TokenWithoutValue,
            WarningKind::UnknownToken,
            WarningKind::ParameterWithoutValue
        ]
    );
}

#[test]
fn credentials_are_filled_in_and_shown_masked() {
    let credentials = Credentials {
        username: "jane/doe".into(),
        password: "pä ss".into(),
    };
    let template = Template::new("http://h/u/${username}?u=pre-${username}&p=${password}");
    assert!(template.wants_credentials());
    let expanded = template.expand(&facts(), Some(&credentials)).unwrap();
    assert_eq!(expanded.url.path(), "/u/jane%2Fdoe");
    assert_eq!(expanded.parameters[0].shown, "pre-jane/doe");
    assert_eq!(expanded.parameters[1].value.reveal(), "pä ss");
    assert_eq!(
        expanded.parameters[1].shown,
        crate::provisioning::secret::MASK
    );
    assert!(!format!("{expanded:?}").contains("pä ss"));
}

#[test]
fn a_literal_password_in_the_address_is_shown_masked() {
    let mut facts = facts();
    facts.env.insert("PW".into(), "canary".into());
    let expanded = Template::new("http://h/p?pass=${env.PW}&token=canary${uuid}&pin=${resx}");
    let expanded = expanded.expand(&facts, None).unwrap();
    assert_eq!(
        expanded.parameters[0].shown,
        crate::provisioning::secret::MASK
    );
    assert!(!expanded.parameters[1].shown.contains("canary"));
    assert_eq!(expanded.parameters[2].shown, "${resx}");
    let expanded = Template::new("http://h/p?pass=canary")
        .expand(&facts, None)
        .unwrap();
    assert_eq!(
        expanded.parameters[0].shown,
        crate::provisioning::secret::MASK
    );
}

#[test]
fn user_info_becomes_credentials_and_is_never_stored_or_shown() {
    let template = Template::new("https://jane:p%40w@h.example:8443/p?a=b");
    let expanded = template.expand(&facts(), None).unwrap();
    let credentials = expanded.user_info.unwrap();
    assert_eq!(
        (credentials.username.as_str(), credentials.password.reveal()),
        ("jane", "p@w")
    );
    assert_eq!(expanded.url.as_str(), "https://h.example:8443/p");
    assert_eq!(template.storable(), "https://h.example:8443/p?a=b");
    assert!(!format!("{template:?} {}", template.masked()).contains("p%40w"));
    assert_eq!(expanded.warnings[0].kind, WarningKind::UserInfo);
}

#[test]
fn a_pasted_address_loses_line_breaks_at_the_ends_and_around_the_ampersand() {
    let template = Template::new("  http://h/p?a=x y \n & b=2\r\n&c=3 \n");
    assert_eq!(template.storable(), "http://h/p?a=x y&b=2&c=3");
}

#[test]
fn ipv6_literals_and_international_names_work() {
    let url = |uri: &str| {
        Template::new(uri)
            .expand(&facts(), None)
            .unwrap()
            .url
            .to_string()
    };
    assert_eq!(url("http://[::1]:8080/p?a"), "http://[::1]:8080/p");
    assert_eq!(
        url("https://bücher.example/p"),
        "https://xn--bcher-kva.example/p"
    );
}

#[test]
fn an_address_that_cannot_be_used_says_why() {
    let problem = |uri: &str| {
        Template::new(uri)
            .expand(&facts(), None)
            .unwrap_err()
            .to_string()
    };
    assert!(problem("prov.example/x").contains("http://"));
    assert!(problem("ftp://prov.example/x").contains("ftp is neither http nor https"));
    assert!(problem("").contains("No provisioning address"));
    assert!(problem("http://").contains("cannot be used"));
}

#[test]
fn security_rule_3_no_credential_and_no_unknown_value_stands_in_the_host() {
    let credentials = Credentials {
        username: "jane".into(),
        password: "canary".into(),
    };
    for uri in [
        "https://${password}.example/p",
        "http://10.0.0.${username}:8080/p",
        "https://h.example:${username}/p",
        "https://${ipaddr}.example/p",
        "https://${env.NOT_SET}/p",
        "https://h.${nonsense}.example/p",
    ] {
        for credentials in [None, Some(&credentials)] {
            let refused = Template::new(uri).expand(&HostFacts::default(), credentials);
            let said = refused.map(|_| ()).unwrap_err().to_string();
            assert!(said.contains("host") && !said.contains("canary"), "{said}");
        }
    }
    for uri in [
        "https://h.example/${username}?p=${password}",
        "https://${username}:${password}@h.example/p",
    ] {
        let expanded = Template::new(uri).expand(&HostFacts::default(), Some(&credentials));
        assert_eq!(expanded.unwrap().url.host_str(), Some("h.example"), "{uri}");
    }
}
