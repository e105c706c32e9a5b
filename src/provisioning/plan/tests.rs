//! One table row for each numbered rule of contract section 5 and each DIFFERS.

use proptest::prelude::*;

use super::*;
use crate::provisioning::response;

const URL: &str = keys::URL;
const UUID: &str = keys::UUID;

fn settings(pairs: &[(&str, &str)]) -> Settings {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn run_on(store: &[(&str, &str)], answer: &str) -> Plan {
    let response = response::read(answer.as_bytes(), None, response::From::File("t")).unwrap();
    let current = Current {
        settings: settings(store),
        system: Settings::new(),
    };
    plan(current, &[], &response, &|key| {
        key.starts_with("fixed.").then(|| "site".to_owned())
    })
}

/// Each change as `+key=new`, `~key=old>new`, `-key=old`, `!key`, `=key`, `*key`.
fn words(plan: &Plan) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".into());
    plan.changes
        .iter()
        .map(|change| match change.action {
            Action::Added => format!("+{}={}", change.key, text(&change.new)),
            Action::Changed => {
                format!(
                    "~{}={}>{}",
                    change.key,
                    text(&change.old),
                    text(&change.new)
                )
            }
            Action::Removed => format!("-{}={}", change.key, text(&change.old)),
            Action::Refused => format!("!{}", change.key),
            Action::Kept => format!("={}", change.key),
            Action::Secret => format!("*{}", change.key),
        })
        .collect()
}

/// Store before, answer, changes, store afterwards.
type Row<'a> = (
    &'a str,
    &'a [(&'a str, &'a str)],
    &'a str,
    &'a [&'a str],
    &'a [(&'a str, &'a str)],
);

#[test]
#[expect(clippy::too_many_lines, reason = "a table has a row for each rule")]
fn each_rule_of_section_5() {
    let rows: &[Row<'_>] = &[
        (
            "1: a blank key is skipped",
            &[],
            "=v\n\\ =w\n\\t: x\na=1\n",
            &["+a=1"],
            &[("a", "1")],
        ),
        (
            "2: ALLOW holds for the lines behind it, nothing is trimmed",
            &[],
            "x=0\nprovisioning.ALLOW_PREFIX=a|b \na1=1\nb1=2\nb\\ 1=3\nx2=4\n",
            &["+x=0", "+a1=1", "+b 1=3", "!b1", "!x2"],
            &[("a1", "1"), ("b 1", "3"), ("x", "0")],
        ),
        (
            "2: an empty piece at the end is dropped, one in front matches all",
            &[],
            "provisioning.ALLOW_PREFIX=a|\nb=1\n",
            &["!b"],
            &[],
        ),
        (
            "2: |a allows everything",
            &[],
            "provisioning.ALLOW_PREFIX=|a\nb=1\n",
            &["+b=1"],
            &[("b", "1")],
        ),
        (
            "2: the empty value allows everything",
            &[],
            "provisioning.ALLOW_PREFIX=\nb=1\n",
            &["+b=1"],
            &[("b", "1")],
        ),
        (
            "2: a list without a piece allows nothing new, and the empty list everything",
            &[],
            "provisioning.ALLOW_PREFIX=|\nb=1\n",
            &["+b=1"],
            &[("b", "1")],
        ),
        (
            "3: ENFORCE removes at once what starts with none of its prefixes",
            &[("a.1", "x"), ("b.1", "y"), ("c.1", "z")],
            "n=1\nprovisioning.ENFORCE_PREFIX=a.|b\nm=2\n",
            &["-c.1=z", "+m=2"],
            &[("a.1", "x"), ("b.1", "y"), ("m", "2")],
        ),
        (
            "3: ENFORCE is not subject to ALLOW",
            &[("c.1", "z")],
            "provisioning.ALLOW_PREFIX=a\nprovisioning.ENFORCE_PREFIX=a\n",
            &["-c.1=z"],
            &[],
        ),
        (
            "3: an empty prefix keeps everything",
            &[("c", "z")],
            "provisioning.ENFORCE_PREFIX=\na=1\n",
            &["+a=1"],
            &[("a", "1"), ("c", "z")],
        ),
        (
            "3a DIFFERS: a list without a piece is ignored",
            &[("c", "z")],
            "provisioning.ENFORCE_PREFIX=||\na=1\n",
            &["+a=1"],
            &[("a", "1"), ("c", "z")],
        ),
        (
            "3b DIFFERS: the program's own keys survive",
            &[
                (UUID, "u"),
                (keys::METHOD, "Manual"),
                (URL, "x"),
                (keys::USERNAME, "j"),
                ("q", "1"),
            ],
            "provisioning.ENFORCE_PREFIX=a\n",
            &[
                "-q=1",
                "=net.java.sip.communicator.UUID",
                "=net.java.sip.communicator.plugin.provisioning.METHOD",
                "=net.java.sip.communicator.plugin.provisioning.URL",
                "=net.java.sip.communicator.plugin.provisioning.auth.USERNAME",
            ],
            &[
                (UUID, "u"),
                (keys::METHOD, "Manual"),
                (URL, "x"),
                (keys::USERNAME, "j"),
            ],
        ),
        (
            "4: a key outside the list is refused, whatever it asks for",
            &[("b.x", "1")],
            "provisioning.ALLOW_PREFIX=a\nb.x=${null}\nb.PASSWORD=p\n${system}.z=1\n",
            &["!b.x", "!b.PASSWORD", "!${system}.z"],
            &[("b.x", "1")],
        ),
        (
            "5: ${null} is a raw string prefix",
            &[("acc1", "a"), ("acc1.x", "b"), ("acc10", "c"), ("acd", "d")],
            "acc1=${null}\n",
            &["-acc1=a", "-acc1.x=b", "-acc10=c"],
            &[("acd", "d")],
        ),
        (
            "5: with a blank behind it, it is a value",
            &[("acc1", "a")],
            "acc1=${null} \n",
            &["~acc1=a>${null} "],
            &[("acc1", "${null} ")],
        ),
        (
            "5: it may remove the program's own keys",
            &[(keys::METHOD, "Manual")],
            "net.java.sip.communicator.plugin.provisioning.METHOD=${null}\n",
            &["-net.java.sip.communicator.plugin.provisioning.METHOD=Manual"],
            &[],
        ),
        (
            "5: of duplicates the last value counts at the place of the first",
            &[("k", "0"), ("k2", "0")],
            "k=${null}\nz=1\nk=v\n",
            &["~k=0>v", "+z=1"],
            &[("k", "v"), ("k2", "0"), ("z", "1")],
        ),
        (
            "6: .PASSWORD goes to the keyring, case-sensitive",
            &[],
            "a.PASSWORD=s\nb.password=t\n",
            &["*a.PASSWORD", "+b.password=t"],
            &[("a.PASSWORD", "${secret}"), ("b.password", "t")],
        ),
        (
            "6 DIFFERS: ${null} deletes the secret too",
            &[("a.PASSWORD", "${secret}")],
            "a.PASSWORD=${null}\n",
            &["-a.PASSWORD=?"],
            &[],
        ),
        (
            "7: system properties stay out of the store",
            &[],
            "${system}.x.y=1\n",
            &["+${system}.x.y=1"],
            &[],
        ),
        (
            "8: values are stored as they are",
            &[],
            "a=${uuid} \n",
            &["+a=${uuid} "],
            &[("a", "${uuid} ")],
        ),
        (
            "a removal and a later line make one change",
            &[("a.1", "x"), ("a.2", "y")],
            "a=${null}\na.1=x\na.3=z\n",
            &["-a.2=y", "+a.3=z"],
            &[("a.1", "x"), ("a.3", "z")],
        ),
        (
            "the site's fixed keys are neither set nor removed",
            &[("fixed.a", "1"), ("b", "2")],
            "fixed.a=9\nfixed=${null}\nprovisioning.ENFORCE_PREFIX=c\nfixed.PASSWORD=x\n",
            &[
                "-b=2",
                "!fixed.a",
                "=fixed.a",
                "=fixed.a",
                "!fixed.PASSWORD",
            ],
            &[("fixed.a", "1")],
        ),
    ];
    for (name, store, answer, changes, after) in rows {
        let plan = run_on(store, answer);
        assert_eq!(words(&plan), *changes, "{name}");
        assert_eq!(plan.settings, settings(after), "{name}");
    }
}

#[test]
fn a_response_wins_over_what_the_program_writes() {
    let answer = format!("{URL}=http://new/\n");
    let response = response::read(answer.as_bytes(), None, response::From::File("t")).unwrap();
    let own = [(URL.to_owned(), "http://old/".to_owned())];
    let plan = plan(Current::default(), &own, &response, &|_| None);
    assert_eq!(plan.settings[URL], "http://new/");
}

#[test]
fn secrets_are_deleted_with_their_keys_and_only_then() {
    let name = |key: &str| SecretName::Setting(key.to_owned());
    let plan = run_on(
        &[("a.PASSWORD", "${secret}"), ("b.PASSWORD", "plain")],
        "a=${null}\nb=${null}\n",
    );
    assert_eq!(plan.secrets, [(name("a.PASSWORD"), None)].into());
    let plan = run_on(&[], "x.PASSWORD=s\nx=${null}\n");
    assert_eq!(plan.secrets, BTreeMap::new());
    let plan = run_on(&[], "x=${null}\nx.PASSWORD=s\n");
    assert_eq!(
        plan.secrets,
        [(name("x.PASSWORD"), Some("s".into()))].into()
    );
    let plan = run_on(
        &[("x.PASSWORD", "${secret}")],
        "provisioning.ENFORCE_PREFIX=y\nx.PASSWORD=t\n",
    );
    assert_eq!(
        plan.secrets,
        [(name("x.PASSWORD"), Some("t".into()))].into()
    );
    assert!(!format!("{:?}", run_on(&[], "x.PASSWORD=canary\n")).contains("canary"));
}

#[test]
fn system_properties_hold_what_the_last_run_set() {
    let response = response::read(
        b"${system}.a=1\n${system}.b=2\n",
        None,
        response::From::File("t"),
    )
    .unwrap();
    let system = settings(&[("b", "1"), ("c", "3")]);
    let plan = plan(
        Current {
            settings: Settings::new(),
            system,
        },
        &[],
        &response,
        &|_| None,
    );
    assert_eq!(plan.system, settings(&[("a", "1"), ("b", "2")]));
    assert_eq!(
        words(&plan),
        ["+${system}.a=1", "~${system}.b=1>2", "-${system}.c=3"]
    );
}

#[test]
fn line_numbers_survive_into_every_warning() {
    let plan = run_on(
        &[("q", "1"), (UUID, "u")],
        "# c\nprovisioning.ALLOW_PREFIX=a\n\nb=1\nprovisioning.ENFORCE_PREFIX=a\nfixed.x=1\n",
    );
    let lines: Vec<_> = plan.warnings.iter().map(|w| (w.kind, w.line)).collect();
    assert_eq!(
        lines,
        [
            (WarningKind::RefusedKey, Some(4)),
            (WarningKind::KeptKey, Some(5)),
            (WarningKind::RefusedKey, Some(6)),
        ]
    );
}

fn answers() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "a",
        "a.b",
        "a.b.c",
        "ab",
        "b",
        "b.PASSWORD",
        "a.PASSWORD",
        "${system}.s",
        "provisioning.ALLOW_PREFIX",
        "provisioning.ENFORCE_PREFIX",
    ]);
    let value = prop::sample::select(vec!["${null}", "1", "2", "a", "a|b", "|", "", "${system}"]);
    prop::collection::vec((key, value), 0..12).prop_map(|lines| {
        lines.iter().fold(String::new(), |text, (key, value)| {
            text + key
                + "="
                + value
                + "
"
        })
    })
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing_the_second_time(
        answer in answers(), store in prop::collection::btree_map("[ab]{1,2}", "[12]", 0..5)
    ) {
        let response = response::read(answer.as_bytes(), None, response::From::File("t")).unwrap();
        let current = Current { settings: store, system: Settings::new() };
        let first = plan(current, &[], &response, &|_| None);
        let middle = Current { settings: first.settings.clone(), system: first.system.clone() };
        let second = plan(middle, &[], &response, &|_| None);
        prop_assert_eq!(&first.settings, &second.settings);
        prop_assert_eq!(&first.system, &second.system);
        // Secrets are written again; whether they differ is the keyring's to say.
        let changed = second.changes.iter().filter(|change| {
            change.action.is_change() && change.action != Action::Secret
        });
        prop_assert_eq!(changed.count(), 0);
    }

    #[test]
    fn the_change_list_leads_from_the_store_before_to_the_store_after(
        answer in answers(), store in prop::collection::btree_map("[ab]{1,2}", "[12]", 0..5)
    ) {
        let response = response::read(answer.as_bytes(), None, response::From::File("t")).unwrap();
        let current = Current { settings: store.clone(), system: Settings::new() };
        let plan = plan(current, &[], &response, &|_| None);
        let mut replayed = store;
        for change in plan.changes.iter().filter(|change| !change.key.starts_with("${system}.")) {
            match change.action {
                Action::Added | Action::Changed => {
                    replayed.insert(change.key.clone(), change.new.clone().unwrap());
                }
                Action::Secret => {
                    replayed.insert(change.key.clone(), keys::SECRET_MARKER.to_owned());
                }
                Action::Removed => {
                    replayed.remove(&change.key);
                }
                Action::Refused | Action::Kept => {}
            }
        }
        prop_assert_eq!(replayed, plan.settings);
    }
}

#[test]
fn a_removal_goes_round_a_fixed_key() {
    let response = response::read(b"acc=${null}\n", None, response::From::File("t")).unwrap();
    let settings = settings(&[("acc", "0"), ("acc1", "2"), ("acc.x", "3")]);
    let current = Current {
        settings,
        system: Settings::new(),
    };
    let fixed = |key: &str| (key == "acc").then(|| "site".to_owned());
    let plan = plan(current, &[], &response, &fixed);
    assert_eq!(words(&plan), ["-acc.x=3", "-acc1=2", "=acc"]);
}

#[test]
fn what_the_program_writes_is_its_own_until_the_answer_touches_it() {
    let own = [(URL.to_owned(), "http://u:canary@h/".to_owned())];
    let of = |answer: &str| {
        let response = response::read(answer.as_bytes(), None, response::From::File("t")).unwrap();
        plan(Current::default(), &own, &response, &|_| None)
    };
    assert!(of("a=1\n").own.contains(URL));
    assert!(!of(&format!("{URL}=${{null}}\n")).own.contains(URL));
    assert!(!of("net.java=${null}\n").own.contains(URL));
    // An address is shown without its secrets.
    assert!(!format!("{:?}", of("a=1\n").changes).contains("canary"));
}
