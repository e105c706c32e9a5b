//! The platform's own store, as a user of Linux would change it.
#![cfg(target_os = "linux")]

use std::{env, process::Command};

use provisioning_settings::provisioning::failure::Failure;
use url::Url;

use super::{Authority, OK, config, for_name, https, serve};
use crate::{answer, direct, failure, post};

const CHILD: &str = "PROVISIONING_TEST_CHILD";

#[test]
fn the_platform_store_decides_whom_to_trust() {
    if env::var_os(CHILD).is_some() {
        return ask_with_the_platform_store();
    }
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    std::fs::write(&ours, authority.certificate.pem()).unwrap();
    std::fs::write(&theirs, Authority::new().certificate.pem()).unwrap();
    let runtime = tokio::runtime::Runtime::new();
    let runtime = runtime.unwrap();
    let identity = authority.issue(&for_name("localhost"));
    let address = runtime.block_on(serve(config(identity), OK, true));
    for (store, expected) in [(&ours, "trusted"), (&theirs, "refused")] {
        let output = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("http::tls::platform_store::the_platform_store_decides_whom_to_trust")
            .env(CHILD, expected)
            .env("TARGET", https("localhost", address).as_str())
            .env("SSL_CERT_FILE", store)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{expected}: {text}"
        );
    }
}

#[tokio::main(flavor = "current_thread")]
async fn ask_with_the_platform_store() {
    let url = Url::parse(&env::var("TARGET").unwrap()).unwrap();
    if env::var(CHILD).unwrap() == "trusted" {
        assert_eq!(answer(&direct(), &post(url)).await.body.as_slice(), b"ok");
    } else {
        let failure = failure(&direct(), &url).await;
        assert!(matches!(failure, Failure::Decision(_)), "{failure:?}");
    }
}
