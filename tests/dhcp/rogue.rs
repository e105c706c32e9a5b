//! A server that sends anything (security rule 11).

use std::{fs, time::Instant};

use crate::{GOOD, discover, found, lab::Lab, milliseconds};

/// What does not count, and why.
const BAD: [(&str, &str); 18] = [
    ("wrong-xid", "it answers another request"),
    ("request", "it is not a reply (op 1)"),
    ("no-cookie", "it has no DHCP options"),
    ("short", "it is too short for DHCP (100 bytes)"),
    ("empty-packet", "it is too short for DHCP (0 bytes)"),
    ("one-byte", "it is too short for DHCP (1 bytes)"),
    ("header-only", "it has no option 224"),
    ("truncated", "it breaks off within option 224"),
    ("no-length", "it breaks off within option 224"),
    ("nul-inside", "its option 224 holds control characters"),
    ("line-break", "its option 224 holds control characters"),
    ("latin-1", "its option 224 is not text in UTF-8"),
    ("empty", "its option 224 is empty"),
    ("no-option", "it has no option 224"),
    ("file", "its option 224 is not an address"),
    ("words", "its option 224 is not an address"),
    ("vendor", "it has no option 224"),
    ("looping", "it has no option 224"),
];

#[test]
fn the_good_answer_behind_bad_ones_wins_and_each_says_why_it_does_not_count() {
    let cases: Vec<_> = BAD.iter().map(|(case, _)| *case).collect();
    let cases = format!("{},after-end,overlong,ephem:ok", cases.join(","));
    let lab = Lab::of(&["rogue"]).with("NETLAB_ROGUE", cases);
    lab.run(|_| {
        let search = found(&discover(&[]), GOOD);
        let answers = search["answers"].as_array().unwrap();
        for ((case, why), answer) in BAD.iter().zip(answers) {
            let ignored = answer["ignored"].as_str().unwrap();
            assert!(ignored.starts_with(why), "{case}: {ignored}");
        }
        let chosen = usize::try_from(search["chosen"].as_u64().unwrap()).unwrap();
        assert_eq!(chosen, answers.len() - 1);
        assert_eq!(chosen, BAD.len() + 2, "{search:#}");
    });
}

#[test]
fn what_is_odd_but_good_counts() {
    for case in ["nuls", "no-end", "overload"] {
        let lab = Lab::of(&["rogue"]).with("NETLAB_ROGUE", case);
        lab.run(|_| {
            found(&discover(&[]), GOOD);
        });
        if Lab::is_inside() {
            return;
        }
    }
}

#[test]
fn a_flood_neither_hides_the_good_answer_nor_holds_the_search() {
    let lab = Lab::of(&["rogue"]).with("NETLAB_ROGUE", "flood20000,pause20,ok");
    lab.by_nobody().run(|_| {
        let began = Instant::now();
        let search = found(&discover(&[]), GOOD);
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
        assert!(search["answers"].as_array().unwrap().len() <= 128);
        println!(
            "{:?}, {} not listed",
            milliseconds(&search),
            search["unlisted"]
        );
        assert!(search["unlisted"].as_u64().unwrap() > 100);
    });
}

#[test]
fn a_server_that_is_deaf_at_first_is_asked_again() {
    let lab = Lab::of(&["rogue"]).with("NETLAB_ROGUE", "late2,ok");
    lab.run(|lab| {
        let search = found(&discover(&[]), GOOD);
        assert_eq!(search["interfaces"][0]["sent"].as_array().unwrap().len(), 3);
        let text = fs::read_to_string(lab.file("rogue.seen")).unwrap();
        let seen: Vec<(f64, &str)> = text
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(time, packet)| (time.parse().unwrap(), packet))
            .collect();
        assert_eq!(seen.len(), 3);
        for pair in seen.windows(2) {
            let pause = pair[1].0 - pair[0].0;
            assert!((0.99..3.1).contains(&pause), "{pause}");
            assert_eq!(pair[0].1, pair[1].1);
        }
        // ciaddr and chaddr are the interface's own; 251 bytes, and no more.
        assert_eq!(&seen[0].1[24..32], "0a4d010a");
        assert_eq!(&seen[0].1[56..68], "020000000110");
        assert_eq!(&seen[0].1[480..], "3501083701e0390205dcff");
    });
}
