//! Answers of every kind (contract section 5, security rule 6): what can be
//! read is applied, all else ends the run in time and changes nothing.

use std::{fs, time::Instant};

use crate::{
    APACHE, NGINX, RAW,
    lab::{Lab, program::Program},
};

/// Runs it for each of `(path, exit status, code)`; nothing may change.
fn all_fail(server: &str, cases: &[(&str, i32, &str)]) {
    for (path, status, code) in cases {
        let program = Program::new();
        let began = Instant::now();
        let run = program.provision(&format!("{server}/{path}?a=b"));
        println!("{path}: {} after {:?}", run.status, began.elapsed());
        run.failed(*status, code);
        assert!(!program.settings().to_string().contains("lab."), "{path}");
    }
}

fn seconds(from: f64, to: f64, what: impl FnOnce()) {
    let began = Instant::now();
    what();
    let took = began.elapsed().as_secs_f64();
    assert!((from..to).contains(&took), "took {took} s");
}

#[test]
fn compressed_and_chunked_answers_are_read() {
    Lab::of(&["nginx", "apache", "raw"]).run(|_| {
        for uri in [
            format!("{NGINX}/gzip/provisioning.php"),
            format!("{APACHE}/deflate/provisioning.php"),
            format!("{NGINX}/case/deflate"),
            format!("{NGINX}/case/drip"),
            format!("{RAW}/chunked"),
            format!("{RAW}/no-length"),
            format!("{RAW}/http10"),
            format!("{RAW}/continue"),
            // The length counts, not what comes behind it.
            format!("{RAW}/too-short"),
        ] {
            let program = Program::new();
            let run = program.provision(&format!("{uri}?a=b"));
            assert_eq!(run.status, 0, "{uri}: {run:#?}");
            assert!(program.settings().to_string().contains("lab."), "{uri}");
        }
    });
}

#[test]
fn deflate_without_its_frame_is_read_or_refused() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        let run = program.provision(&format!("{NGINX}/case/raw-deflate"));
        if run.status == 0 {
            assert_eq!(program.settings()["lab.deflate"], "raw");
        } else {
            run.failed(6, "PS-DAMAGED");
        }
    });
}

#[test]
fn an_encoding_that_nobody_asked_for_is_not_taken_for_settings() {
    Lab::of(&["nginx"]).run(|_| all_fail(NGINX, &[("case/brotli", 6, "PS-DAMAGED")]));
}

#[test]
fn a_slow_answer_is_waited_for_and_one_that_never_ends_is_not() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        seconds(2.0, 9.0, || {
            program.provision(&format!("{NGINX}/case/drip")).applied();
        });
        assert_eq!(program.settings()["lab.line19"], "here");
        // Each piece is in time; the whole is not.
        seconds(29.0, 35.0, || {
            all_fail(NGINX, &[("case/endless-drip", 4, "PS-NET-TIMEOUT")]);
        });
    });
}

#[test]
fn ten_seconds_without_an_answer_are_enough() {
    Lab::of(&["raw"]).run(|_| {
        seconds(9.5, 14.0, || {
            all_fail(RAW, &[("never", 4, "PS-NET-TIMEOUT")]);
        });
        seconds(9.5, 14.0, || {
            all_fail(RAW, &[("stops", 4, "PS-NET-TIMEOUT")]);
        });
    });
}

#[test]
fn a_header_that_drips_is_given_up() {
    Lab::of(&["raw"]).run(|_| {
        seconds(9.5, 35.0, || {
            all_fail(RAW, &[("slow-header", 4, "PS-NET-TIMEOUT")]);
        });
    });
}

#[test]
fn interim_answers_without_end_are_given_up() {
    Lab::of(&["raw"]).run(|_| {
        let program = Program::new();
        let began = Instant::now();
        let run = program.provision(&format!("{RAW}/flood"));
        assert!([4, 6].contains(&run.status), "{run:#?}");
        assert!(began.elapsed().as_secs() < 35);
    });
}

#[test]
fn answers_without_end_cost_little_memory() {
    Lab::of(&["nginx"]).run(|_| {
        for path in ["case/endless", "case/bomb"] {
            let program = Program::new();
            let uri = format!("{NGINX}/{path}?a=b");
            let arguments = ["provision", "--uri", &uri, "--no-input", "--format", "json"];
            let (run, kibibytes) = program.measured(&arguments);
            run.failed(6, "PS-TOO-LARGE");
            println!("{path}: {kibibytes} KiB");
            // 16 MiB of answer, twice while the buffer grows, and the program.
            assert!(kibibytes < 80 * 1024, "{path}: {kibibytes} KiB");
        }
    });
}

#[test]
fn what_is_not_settings_is_refused() {
    Lab::of(&["nginx"]).run(|_| {
        all_fail(
            NGINX,
            &[
                ("case/page", 6, "PS-WEB-PAGE"),
                ("case/binary", 6, "PS-BINARY"),
                ("case/malformed", 6, "PS-MALFORMED"),
                ("case/status/204", 6, "PS-204"),
                ("case/status/206", 6, "PS-206"),
                ("case/status/400", 6, "PS-400"),
                ("case/status/404", 6, "PS-404"),
                ("case/status/500", 6, "PS-500"),
                ("case/status/503", 6, "PS-503"),
            ],
        );
        let program = Program::new();
        let run = program.provision(&format!("{NGINX}/case/malformed"));
        assert!(run.message().starts_with("Line 3 of "), "{run:#?}");
        // Plain text of the server is passed on.
        let run = program.provision(&format!("{NGINX}/case/status/404"));
        assert!(run.message().contains("lab.status=404"), "{run:#?}");
    });
}

#[test]
fn damaged_answers_and_broken_connections_change_nothing() {
    Lab::of(&["raw"]).run(|_| {
        all_fail(
            RAW,
            &[
                ("close", 4, "PS-NET-BROKEN"),
                ("reset", 4, "PS-NET-BROKEN"),
                ("reset-in-body", 4, "PS-NET-BROKEN"),
                ("too-long", 4, "PS-NET-BROKEN"),
                ("cut-chunk", 4, "PS-NET-BROKEN"),
                ("garbage", 6, "PS-DAMAGED"),
                ("http09", 6, "PS-DAMAGED"),
                ("bad-chunk", 6, "PS-DAMAGED"),
                ("two-lengths", 6, "PS-DAMAGED"),
                ("bad-gzip", 6, "PS-DAMAGED"),
                ("cut-gzip", 6, "PS-DAMAGED"),
                ("lie", 6, "PS-TOO-LARGE"),
                ("huge-header", 6, "PS-TOO-LARGE"),
                ("many-headers", 6, "PS-TOO-LARGE"),
            ],
        );
    });
}

#[test]
fn a_server_that_is_not_there_is_named() {
    Lab::of(&[]).run(|_| {
        for (uri, code, part) in [
            (
                "http://nowhere.lab.test/x",
                "PS-NET-NAME",
                "nowhere.lab.test",
            ),
            ("http://10.77.1.1:9/x", "PS-NET-CONNECT", "10.77.1.1:9"),
            ("http://10.77.9.9/x", "PS-NET-CONNECT", "10.77.9.9"),
            ("http://10.77.1.77/x", "PS-NET-CONNECT", "10.77.1.77"),
        ] {
            let run = Program::new().provision(uri);
            run.failed(4, code);
            assert!(run.message().contains(part), "{run:#?}");
        }
    });
}

#[test]
fn the_charset_counts_only_if_the_bytes_agree() {
    Lab::of(&["nginx"]).run(|_| {
        for (path, value, code) in [
            ("latin1", "café", "PS-NOT-UTF-8"),
            ("utf8", "café €", "PS-BYTE-ORDER-MARK"),
        ] {
            let program = Program::new();
            let report = program.provision(&format!("{NGINX}/case/{path}")).applied();
            assert_eq!(program.settings()["lab.x"], value);
            let warnings = report["warnings"].as_array().unwrap();
            assert!(
                warnings.iter().any(|warning| warning["code"] == code),
                "{report:#}"
            );
        }
    });
}

#[test]
fn an_empty_answer_is_reported() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        let run = program.provision(&format!("{NGINX}/case/empty"));
        assert_eq!(run.status, 0, "{run:#?}");
        assert!(
            run.json()["warnings"]
                .to_string()
                .contains("PS-EMPTY-ANSWER"),
            "{run:#?}"
        );
    });
}

#[test]
fn a_failed_run_leaves_the_store_as_it_was() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        program
            .provision(&format!("{NGINX}/provisioning.php?a=b"))
            .applied();
        let before = fs::read(program.store()).unwrap();
        for path in [
            "case/page",
            "case/status/500",
            "case/malformed",
            "case/bomb",
        ] {
            let run = program.provision(&format!("{NGINX}/{path}"));
            assert_eq!(run.status, 6, "{run:#?}");
            assert_eq!(fs::read(program.store()).unwrap(), before, "{path}");
        }
    });
}
