//! Addresses that a search told with the name (contract section 7).

use std::net::SocketAddr;

use super::*;

const URI: &str = "http://prov.local:8080/p?uuid=${uuid}&ip=${ipaddr}";

fn addresses() -> Vec<SocketAddr> {
    vec![
        "10.77.1.1:8080".parse().unwrap(),
        "[fe80::1%2]:8080".parse().unwrap(),
    ]
}

fn found() -> Machine {
    let bonjour = Setup {
        method: Method::Bonjour,
        ..setup()
    };
    let trusting = Options {
        trust_discovered: true,
        ..asking()
    };
    let found = Found {
        uri: Template::new(URI),
        by: "prov.local".into(),
        addresses: addresses(),
    };
    let trace = Box::new(Trace::new(Method::Bonjour));
    Machine::loaded(trusting, bonjour)
        .on(What::Searched(Ok(found), trace))
        // What this computer knows without the network.
        .on(What::Gathered(Box::default()))
}

#[test]
fn facts_are_gathered_and_the_request_is_sent_where_the_search_said() {
    let machine = found();
    let template = Template::new(URI);
    let reach = Reach::Network(addresses());
    assert_eq!(machine.effects[0].act, Act::Gather(template, reach));
    let machine = machine.on(What::Gathered(Box::default()));
    assert_eq!(machine.sent().addresses, addresses());
    assert_eq!(machine.sent().url.as_str(), "http://prov.local:8080/p");
}

#[test]
fn they_hold_after_a_redirect_to_the_same_host_and_after_signing_in() {
    let machine = found().on(What::Gathered(Box::default()));
    let machine = machine.on(redirect(307, "https://prov.local:8443/q"));
    assert_eq!(machine.sent().addresses, addresses());
    let machine = machine
        .on(challenge("Basic realm=x"))
        .on(typed("pw", false));
    assert!(machine.sent().authorization.is_some());
    assert_eq!(machine.sent().addresses, addresses());
}

#[test]
fn an_address_from_elsewhere_has_none() {
    let machine = Machine::gathered(given(PLAIN), setup());
    assert_eq!(machine.sent().addresses, []);
    let bonjour = Setup {
        method: Method::Bonjour,
        ..setup()
    };
    let failure = AddressProblem::NotFound { tried: vec![] }.into();
    let trace = Box::new(Trace::new(Method::Bonjour));
    let nothing = What::Searched(Err(failure), trace);
    let machine = Machine::loaded(asking(), bonjour).on(nothing);
    let machine = machine.on(What::Gathered(Box::default()));
    assert_eq!(machine.sent().addresses, []);
}
